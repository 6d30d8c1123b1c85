// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/checked.hpp"

#include <string_view>

// The number of the licence card (field 5, recto), e.g. 13AA00001, and what older papers carry there.
// Source: docs/decisions/0009-identifiers-are-hints.md
namespace relais::model::licence_numbers {

// Two digits, two letters, five digits, in upper case without spaces.
bool is_card_number(std::string_view compact);

// Suspect: legacy (4 to 20 letters, digits, spaces, slashes, dots, hyphens), file_number (12 digits: it is the NEPH).
// Invalid: empty, short, long, characters.
checked check(std::string_view typed);

} // namespace relais::model::licence_numbers
