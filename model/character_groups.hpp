// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace relais::model {

// Letters and digits as people write long numbers, in groups: "FR76 3000 6000" read from one place of a text, up to 34 characters in 12
// groups. Groups are separated by at most two spaces (no-break ones too), hyphens or dots; a group is taken whole or not at all.
class character_groups {
public:
    static constexpr std::size_t longest = 34;                          // an IBAN
    static constexpr std::size_t most_groups = 12, most_separators = 2; // 11 pairs of a photo code, and one word more
    static constexpr std::size_t longest_bytes = longest + most_groups * most_separators * 3;

    // at: the beginning of a group.
    character_groups(std::string_view text, std::size_t at);

    // The first count characters in upper case.
    std::string_view first(std::size_t count) const { return {characters_.data(), count}; }
    std::size_t size() const { return size_; }
    // Where the text stands after that many characters, when a group ends there; otherwise 0.
    std::size_t end_after(std::size_t count) const { return count <= size_ ? ends_[count] : 0; }
    // Whether every group of the first count characters but the last has one of these sizes.
    template <class Test> bool groups_are(std::size_t count, Test&& test) const {
        std::size_t from = 0;
        for (std::size_t to = 1; to < count; ++to) {
            if (ends_[to] == 0) continue;
            if (!test(to - from)) return false;
            from = to;
        }
        return true;
    }

private:
    std::array<char, longest> characters_ = {};
    std::array<std::size_t, longest + 1> ends_ = {};
    std::size_t size_ = 0;
};

constexpr bool is_group_character(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

} // namespace relais::model
