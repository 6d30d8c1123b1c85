// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

// Reading numbers without locale, sign, overflow or exception.
namespace relais::model::digits {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
constexpr bool is_alphanumeric(char c) { return is_digit(c) || is_upper(c); }

// True when there is at least one character and each is 0 to 9.
constexpr bool all(std::string_view text) { return !text.empty() && std::all_of(text.begin(), text.end(), is_digit); }

// The value of 1 to 9 digits; nothing for anything else.
constexpr std::optional<int> value(std::string_view text) {
    if (text.size() > 9 || !all(text)) return std::nullopt;
    int out = 0;
    for (char c : text) out = out * 10 + (c - '0');
    return out;
}

// Luhn's check over a text of digits. Source: ISO/IEC 7812-1.
constexpr bool luhn(std::string_view text) {
    int sum = 0;
    bool doubled = false;
    for (std::size_t i = text.size(); i-- > 0; doubled = !doubled) {
        const int digit = (text[i] - '0') * (doubled ? 2 : 1);
        sum += digit > 9 ? digit - 9 : digit;
    }
    return sum % 10 == 0;
}

// What a person meant who typed a letter for a digit (O, I, L); nothing when other letters are there.
inline std::optional<std::string> from_lookalikes(std::string_view text) {
    std::string out(text);
    for (char& c : out) {
        if (c == 'O') c = '0';
        if (c == 'I' || c == 'L') c = '1';
    }
    return all(out) && out != text ? std::optional(out) : std::nullopt;
}

} // namespace relais::model::digits
