// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/grouping/profile.hpp"
#include "model/grouping/ticket_store.hpp"

#include <unordered_map>
#include <vector>

namespace relais::model::grouping {

// A group with its tickets, in the order in which they joined.
struct group_record {
    group_id id = 0;
    std::vector<place> members;
    profile shape;
    std::int64_t last_at = no_time; // of its newest ticket
    bool is_reviewed = false;
};

// What a ticket brings to its group's profile.
struct contribution {
    term_vector terms;
    std::vector<std::uint32_t> values, names;
};

// Which ticket is in which group. A value: consolidation tries its changes on a copy.
class group_book {
public:
    // The group's number, made when it is new.
    std::uint32_t number_of(group_id id);
    // Or no_group.
    std::uint32_t find(group_id id) const;
    std::uint32_t group_of(place where) const { return where < groups_of_.size() ? groups_of_[where] : no_group; }
    const group_record& at(std::uint32_t group) const { return groups_[group]; }
    std::uint32_t size() const { return static_cast<std::uint32_t>(groups_.size()); }
    void set_reviewed(std::uint32_t group, bool reviewed) { groups_[group].is_reviewed = reviewed; }

    // Moves a ticket; group may be no_group.
    void assign(place where, std::uint32_t group, const contribution& brought, std::int64_t at);
    std::size_t memory_bytes() const;

private:
    std::vector<group_record> groups_;
    std::vector<std::uint32_t> groups_of_;
    std::unordered_map<group_id, std::uint32_t> numbers_;
};

} // namespace relais::model::grouping
