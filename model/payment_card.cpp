// SPDX-License-Identifier: EUPL-1.2
#include "model/payment_card.hpp"

#include "model/digits.hpp"
#include "model/siret.hpp"

#include <algorithm>
#include <array>

namespace relais::model::payment_cards {
namespace {

struct range {
    int first; // of the first four digits
    int last;
    std::size_t shortest;
    std::size_t longest;
};

constexpr auto ranges = std::to_array<range>({
    {4000, 4999, 13, 13},
    {4000, 4999, 16, 16},
    {4000, 4999, 19, 19}, // Visa, and most French cards
    {5100, 5599, 16, 16},
    {2221, 2720, 16, 16}, // Mastercard
    {3400, 3499, 15, 15},
    {3700, 3799, 15, 15}, // American Express
    {3000, 3099, 14, 14},
    {3600, 3699, 14, 14},
    {3800, 3899, 14, 14}, // Diners
    {3528, 3589, 16, 16}, // JCB
    {5000, 5099, 16, 19},
    {5600, 5899, 16, 19},
    {6000, 6999, 16, 19}, // Maestro, Discover, UnionPay
});

} // namespace

bool is_card_number(std::string_view number) {
    if (number.size() < 13 || !digits::all(number)) return false;
    const int beginning = *digits::value(number.substr(0, 4));
    const bool is_of_network = std::any_of(ranges.begin(), ranges.end(), [&](const range& each) {
        return beginning >= each.first && beginning <= each.last && number.size() >= each.shortest && number.size() <= each.longest;
    });
    return is_of_network && digits::luhn(number) && !sirets::is_siret(number);
}

} // namespace relais::model::payment_cards
