// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/grouping/string_table.hpp"
#include "model/grouping/ticket.hpp"

#include <utility>
#include <vector>

namespace relais::model::grouping {

// A field of a ticket by number: its name, and its value under that name (no_number: never seen).
struct numbered_field {
    std::uint32_t name = 0, value = 0;
};

// Learns what each field is worth from the tickets themselves: how common a value is, and how often the tickets of one group agree on the
// field (Fellegi and Sunter's m and p, with the agreement estimated by expectation-maximisation as tickets join groups). A field
// where groups agree no more than chance is worth nothing, whatever its name.
class field_values {
public:
    std::vector<numbered_field> find(const std::vector<field>& fields) const;
    std::vector<numbered_field> add(const std::vector<field>& fields);
    // A field back from the number of its value.
    numbered_field of_value(std::uint32_t value) const { return {names_of_values_[value], value}; }

    void count(const std::vector<numbered_field>& held);
    // How many tickets hold the value, as a share of those that hold the field.
    double frequency(numbered_field which) const;
    // The chance that a ticket shares its group's value because it is its group's, between 0 and 1.
    double agreement(std::uint32_t name) const;
    // A ticket joined a group in which `share` of the tickets have its value.
    void learn(numbered_field which, double share);

    // Log-odds of belonging together, from the share of the group's tickets that have the same value: negative when none has.
    double evidence(numbered_field which, double share) const;

    std::string_view name(std::uint32_t name) const { return names_.at(name); }
    std::string_view value(std::uint32_t value) const;
    std::size_t memory_bytes() const;

private:
    struct learned {
        double at_first = 0, agreed = 0, seen = 0; // expected agreements, tickets that joined
        std::uint32_t tickets = 0;
    };
    string_table names_, values_; // a value is kept with its name before it
    std::vector<learned> learned_;
    std::vector<std::uint32_t> names_of_values_, counts_;
};

} // namespace relais::model::grouping
