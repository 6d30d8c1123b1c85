// SPDX-License-Identifier: EUPL-1.2
#include "model/siret.hpp"

#include "model/digits.hpp"
#include "model/text.hpp"

#include <numeric>
#include <string>
#include <utility>

namespace relais::model::sirets {
namespace {

constexpr std::size_t length = 14;
constexpr std::size_t siren_length = 9;
constexpr std::string_view la_poste = "356000000";

// La Poste has more establishments than Luhn allows: the plain sum of the digits is a multiple of 5 instead.
bool is_of_la_poste(std::string_view number) {
    const int sum = std::accumulate(number.begin(), number.end(), 0, [](int total, char c) { return total + (c - '0'); });
    return number.starts_with(la_poste) && sum % 5 == 0;
}

} // namespace

bool is_siret(std::string_view number) {
    if (number.size() != length || !digits::all(number)) return false;
    return (digits::luhn(number) && digits::luhn(number.substr(0, siren_length))) || is_of_la_poste(number);
}

checked check(std::string_view typed) {
    auto number = text::compact(typed);
    if (number.empty()) return refused("empty");
    if (!digits::all(number)) {
        auto meant = digits::from_lookalikes(number);
        if (!meant) return refused("characters");
        if (auto read = check(*meant); !read.accepted()) return read;
        return refused(number.find('O') == std::string::npos ? "letter_i" : "letter_o", std::move(*meant));
    }
    if (number.size() < length) return refused("short");
    if (number.size() > length) return refused("long");
    if (!is_siret(number)) return refused("key");
    return valid(std::move(number));
}

} // namespace relais::model::sirets
