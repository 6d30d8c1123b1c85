// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

namespace relais::model::grouping {

// Terms of a text with their weights, sorted by term.
using term_vector = std::vector<std::pair<std::uint32_t, float>>;

// What the tickets of a group have in common: how much each term weighs among them, and how many have each value of a field.
class profile {
public:
    void add(const term_vector& terms, const std::vector<std::uint32_t>& values, const std::vector<std::uint32_t>& names);
    void remove(const term_vector& terms, const std::vector<std::uint32_t>& values, const std::vector<std::uint32_t>& names);
    void clear();

    double weight_of(std::uint32_t term) const;
    double total() const { return total_; }
    // The share of the group's tickets that have the value, among those that have the field at all; negative: none has it.
    double share(std::uint32_t value, std::uint32_t name) const;
    std::uint32_t tickets() const { return tickets_; }
    const term_vector& terms() const { return terms_; }
    std::size_t memory_bytes() const;

private:
    using counts = std::vector<std::pair<std::uint32_t, std::int32_t>>;
    static void change(counts& all, const std::vector<std::uint32_t>& keys, std::int32_t by);
    static std::int32_t count(const counts& all, std::uint32_t key);

    term_vector terms_;
    double total_ = 0;
    counts values_, names_;
    std::uint32_t tickets_ = 0;
};

} // namespace relais::model::grouping
