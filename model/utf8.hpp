// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace relais::model::utf8 {

struct decoded {
    char32_t code_point = 0;
    std::size_t size_bytes = 0; // 0: not UTF-8 here
};

// The code point at the start of the text. Strict: no overlong form, no surrogate, nothing above U+10FFFF (RFC 3629).
decoded first(std::string_view text);

// Where the first byte that is not UTF-8 stands, or npos.
std::size_t find_invalid(std::string_view text);
inline bool is_valid(std::string_view text) { return find_invalid(text) == std::string_view::npos; }

// The start of a text, at most so many bytes, never cut inside a character.
std::string_view cut(std::string_view text, std::size_t limit_bytes);

// Appends one code point (below U+110000, no surrogate).
void append(std::string& out, char32_t code_point);

} // namespace relais::model::utf8
