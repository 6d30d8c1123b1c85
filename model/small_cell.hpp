// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstdint>
#include <string>
#include <vector>

// What may be published without telling of somebody: counts of fewer than five persons are held back, and so is whatever would give them by
// subtraction. Source: domain.md 5.8; docs/decisions/0045-small-cells.md.
namespace relais::model::small_cells {

constexpr std::int64_t least = 5; // persons

constexpr bool is_small(std::int64_t persons) { return persons > 0 && persons < least; }

// A part of a whole, both of persons: when either of them, or what is left, is one to four, neither may be told.
constexpr bool hides(std::int64_t part, std::int64_t whole) { return is_small(part) || is_small(whole) || is_small(whole - part); }

// A row of a table whose total is published.
struct cell {
    std::string key;
    std::int64_t persons = 0, value = 0; // value: what is shown, tickets for instance
};

// The same table with its small rows, and as many others as it takes, gone into one rest of five persons at least. Empty rows are left out.
struct table {
    std::vector<cell> shown;     // the greatest first
    std::int64_t rest_rows = 0;  // how many rows the rest holds; zero: none
    std::int64_t rest_value = 0; // their sum
    bool is_hidden = false;      // the whole has fewer than five persons: nothing is shown, not even the total
};
table protect(std::vector<cell> rows);

// A count published again and again: a step of one to four persons would tell of them, so the last count stands until more have come.
// active: persons who made the step, those counted before included.
constexpr bool may_step(std::int64_t active, std::int64_t persons_before, std::int64_t persons_now) {
    auto step = persons_now > persons_before ? persons_now - persons_before : persons_before - persons_now;
    return !is_small(active) && !is_small(step) && !is_small(persons_now);
}

} // namespace relais::model::small_cells
