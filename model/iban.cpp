// SPDX-License-Identifier: EUPL-1.2
#include "model/iban.hpp"

#include "model/digits.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace relais::model::ibans {
namespace {

struct country_length {
    std::string_view country;
    std::size_t length;
};

constexpr auto lengths = std::to_array<country_length>({
    {"AD", 24}, {"AE", 23}, {"AL", 28}, {"AT", 20}, {"AZ", 28}, {"BA", 20}, {"BE", 16}, {"BG", 22}, {"BH", 22}, {"BI", 27}, {"BR", 29},
    {"BY", 28}, {"CH", 21}, {"CR", 22}, {"CY", 28}, {"CZ", 24}, {"DE", 22}, {"DJ", 27}, {"DK", 18}, {"DO", 28}, {"EE", 20}, {"EG", 29},
    {"ES", 24}, {"FI", 18}, {"FO", 18}, {"FR", 27}, {"GB", 22}, {"GE", 22}, {"GI", 23}, {"GL", 18}, {"GR", 27}, {"GT", 28}, {"HR", 21},
    {"HU", 28}, {"IE", 22}, {"IL", 23}, {"IQ", 23}, {"IS", 26}, {"IT", 27}, {"JO", 30}, {"KW", 30}, {"KZ", 20}, {"LB", 28}, {"LC", 32},
    {"LI", 21}, {"LT", 20}, {"LU", 20}, {"LV", 21}, {"LY", 25}, {"MC", 27}, {"MD", 24}, {"ME", 22}, {"MK", 19}, {"MR", 27}, {"MT", 31},
    {"MU", 30}, {"NL", 18}, {"NO", 15}, {"PK", 24}, {"PL", 28}, {"PS", 29}, {"PT", 25}, {"QA", 29}, {"RO", 24}, {"RS", 22}, {"RU", 33},
    {"SA", 24}, {"SC", 31}, {"SD", 18}, {"SE", 24}, {"SI", 19}, {"SK", 24}, {"SM", 27}, {"ST", 25}, {"SV", 28}, {"TL", 23}, {"TN", 24},
    {"TR", 26}, {"UA", 29}, {"VA", 22}, {"VG", 24}, {"XK", 20},
});

constexpr std::size_t letters = 26;
constexpr bool is_letter(char c) { return c >= 'A' && c <= 'Z'; }
constexpr std::size_t place_of(char first, char second) {
    return static_cast<std::size_t>(first - 'A') * letters + static_cast<std::size_t>(second - 'A');
}

// By country: every word of a text that is masked is asked for.
constexpr auto length_of_country = [] {
    std::array<std::uint8_t, letters* letters> out = {};
    for (const auto& each : lengths) out[place_of(each.country[0], each.country[1])] = static_cast<std::uint8_t>(each.length);
    return out;
}();

// The remainder of the text read as one number, letters standing for 10 to 35.
int remainder_97(std::string_view text, int before) {
    for (char c : text) before = digits::is_digit(c) ? (before * 10 + (c - '0')) % 97 : (before * 100 + (c - 'A' + 10)) % 97;
    return before;
}

} // namespace

std::size_t length(std::string_view country) {
    if (country.size() != 2 || !is_letter(country[0]) || !is_letter(country[1])) return 0;
    return length_of_country[place_of(country[0], country[1])];
}

bool is_iban(std::string_view compact) {
    if (compact.size() < 4 || compact.size() != length(compact.substr(0, 2)) || !digits::all(compact.substr(2, 2))) return false;
    if (!std::all_of(compact.begin(), compact.end(), digits::is_alphanumeric)) return false;
    return remainder_97(compact.substr(0, 4), remainder_97(compact.substr(4), 0)) == 1;
}

} // namespace relais::model::ibans
