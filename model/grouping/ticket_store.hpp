// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/grouping/ticket.hpp"

#include <cstdint>
#include <limits>
#include <vector>

namespace relais::model::grouping {

// A ticket's place in the order of arrival: its number inside the engine.
using place = std::uint32_t;
constexpr place no_place = 0xffffffff;
constexpr std::uint32_t no_group = 0xffffffff;
constexpr std::int64_t no_time = std::numeric_limits<std::int64_t>::min();

// What is kept of a ticket beside its words.
struct ticket_record {
    ticket_id id = 0;
    std::int64_t at = no_time; // seconds UTC
    std::uint32_t begin = 0;   // of its words in the store
    float length = 0;          // of its terms, weighted
    bool is_fixed = false;     // a person said where it belongs
    bool is_erased = false;
};

// The words and fields of a ticket, by number.
struct ticket_content {
    std::vector<std::uint32_t> title, body, values;
};

// Every ticket, in the order of arrival, its words packed.
class ticket_store {
public:
    place add(const ticket_record& record, const ticket_content& content);
    place find(ticket_id id) const;
    ticket_record& at(place where) { return records_[where]; }
    const ticket_record& at(place where) const { return records_[where]; }
    void read(place where, ticket_content& into) const;
    place size() const { return static_cast<place>(records_.size()); }
    std::size_t memory_bytes() const;

private:
    void append(std::uint32_t number);
    std::uint32_t next(std::size_t& at) const;
    std::size_t slot_of(ticket_id id) const;
    void grow();

    std::vector<ticket_record> records_;
    std::vector<std::uint8_t> bytes_;
    std::vector<place> slots_; // by the id's hash, open addressing: a million ids in 8 MB
};

} // namespace relais::model::grouping
