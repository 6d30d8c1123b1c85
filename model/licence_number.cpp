// SPDX-License-Identifier: EUPL-1.2
#include "model/licence_number.hpp"

#include "model/digits.hpp"
#include "model/text.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace relais::model::licence_numbers {
namespace {

constexpr std::size_t shortest = 4;
constexpr std::size_t longest = 20;
constexpr std::size_t neph_digits = 12;

bool is_legacy(char c) { return digits::is_alphanumeric(c) || c == ' ' || c == '/' || c == '.' || c == '-'; }

std::string upper_case(std::string text) {
    for (char& c : text) {
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    }
    return text;
}

} // namespace

bool is_card_number(std::string_view compact) {
    return compact.size() == 9 && digits::all(compact.substr(0, 2)) && digits::is_upper(compact[2]) && digits::is_upper(compact[3]) &&
           digits::all(compact.substr(4));
}

checked check(std::string_view typed) {
    auto number = text::compact(typed);
    if (number.empty()) return refused("empty");
    if (is_card_number(number)) return valid(std::move(number));
    if (number.size() == neph_digits && digits::all(number)) return suspect(std::move(number), "file_number");
    auto line = text::clean_line(typed, longest * 2);
    if (!line || line->size() > longest) return refused("long");
    auto legacy = upper_case(std::move(*line));
    if (!std::all_of(legacy.begin(), legacy.end(), is_legacy)) return refused("characters");
    if (legacy.size() < shortest) return refused("short");
    return suspect(std::move(legacy), "legacy");
}

} // namespace relais::model::licence_numbers
