// SPDX-License-Identifier: EUPL-1.2
#include "model/reference.hpp"

#include "model/digits.hpp"
#include "model/text.hpp"

#include <array>
#include <sodium.h>

namespace relais::model::references {
namespace {

constexpr std::string_view alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::size_t random_characters = 7;
constexpr std::size_t length = 10;
// The first prime above the 32 values: two different characters are never equal modulo 37. With 31, 0 and Z would be.
constexpr int modulus = 37;
// Different weights for neighbours, none a multiple of 37, and none equal to -1, the weight of the check itself: swaps change the sum.
constexpr std::array weights = {3, 4, 5, 6, 7, 8, 9, 10, 11};
constexpr std::size_t longest_typed_bytes = 64;

int value(char c) {
    const auto at = alphabet.find(c);
    return at == std::string_view::npos ? -1 : static_cast<int>(at);
}

// 0 to 36; from 32 on there is no character for it and the seven are drawn again.
int check_value(std::string_view nine) {
    int sum = 0;
    for (std::size_t i = 0; i < weights.size(); ++i) sum += weights[i] * value(nine[i]);
    return sum % modulus;
}

std::string with_hyphens(std::string_view ten) {
    return std::string(ten.substr(0, 2)) + '-' + std::string(ten.substr(2, 4)) + '-' + std::string(ten.substr(6));
}

char as_meant(char c) {
    if (c == 'O') return '0';
    if (c == 'I' || c == 'L') return '1';
    return c;
}

} // namespace

std::string make(int year) {
    for (;;) {
        std::string seven(random_characters, '0');
        randombytes_buf(seven.data(), seven.size());
        for (char& c : seven) c = alphabet[static_cast<unsigned char>(c) % alphabet.size()]; // 32 of them: each is as likely
        if (auto out = compose(year, seven)) return *out;
    }
}

std::optional<std::string> compose(int year, std::string_view seven) {
    if (seven.size() != random_characters) return std::nullopt;
    std::string ten = {alphabet[static_cast<std::size_t>(year / 10 % 10)], alphabet[static_cast<std::size_t>(year % 10)]};
    for (char c : seven) {
        if (value(c) < 0) return std::nullopt;
        ten += c;
    }
    const auto check = static_cast<std::size_t>(check_value(ten));
    if (check >= alphabet.size()) return std::nullopt;
    return with_hyphens(ten + alphabet[check]);
}

std::optional<std::string> read(std::string_view typed) {
    if (typed.size() > longest_typed_bytes) return std::nullopt;
    auto ten = text::compact(typed);
    if (ten.size() != length) return std::nullopt;
    for (char& c : ten) {
        c = as_meant(c);
        if (value(c) < 0) return std::nullopt;
    }
    if (!digits::all(std::string_view(ten).substr(0, 2))) return std::nullopt;
    if (check_value(ten) != value(ten.back())) return std::nullopt;
    return with_hyphens(ten);
}

} // namespace relais::model::references
