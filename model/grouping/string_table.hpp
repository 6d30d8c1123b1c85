// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace relais::model::grouping {

constexpr std::uint32_t no_number = 0xffffffff;

// Texts numbered from 0 in order of arrival, each kept once: a million words in a few bytes more than their letters.
class string_table {
public:
    // The number of a text, or no_number.
    std::uint32_t find(std::string_view text) const;
    // The same, giving it the next number when it is new.
    std::uint32_t add(std::string_view text);
    std::string_view at(std::uint32_t number) const;
    std::uint32_t size() const { return static_cast<std::uint32_t>(begins_.size()); }
    std::size_t memory_bytes() const;

private:
    std::size_t slot_of(std::string_view text) const;
    void grow();

    std::vector<char> letters_;
    std::vector<std::uint32_t> begins_;
    std::vector<std::uint32_t> slots_; // numbers, by hash, open addressing
};

} // namespace relais::model::grouping
