// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string_view>

// Numbers of payment cards: recognised only to be masked.
namespace relais::model::payment_cards {

// True for a length and a beginning that some network gives, with Luhn's key. Digits only. A SIRET is not taken for a card.
// Source: ISO/IEC 7812, the networks' published ranges
bool is_card_number(std::string_view digits);

} // namespace relais::model::payment_cards
