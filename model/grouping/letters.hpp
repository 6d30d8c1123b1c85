// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace relais::model::grouping {

enum class letter_kind : unsigned char { letter, digit, other };

// One code point in lower case. folded: its letters without accents, ligatures opened ("œ" is "oe"); empty for a lone accent.
struct letter {
    char32_t shape = 0;
    char32_t folded = 0, folded_second = 0; // 0: none
    letter_kind kind = letter_kind::other;
    bool was_upper = false;
};

// The text in NFC and lower case, letter by letter; every apostrophe is ' and every hyphen -. What is not UTF-8 is a space.
std::vector<letter> lower_letters(std::string_view text);

void append_shape(std::string& out, const letter& one);
void append_folded(std::string& out, const letter& one);

} // namespace relais::model::grouping
