// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/checked.hpp"

#include <string_view>

// The number of an establishment, 14 digits.
namespace relais::model::sirets {

// Invalid: empty, letter_o and letter_i (with a suggestion), characters, short, long, key (a digit is wrong).
// Source: Luhn over the 14 digits and over the first 9 (SIREN), with La Poste's exception (INSEE).
checked check(std::string_view typed);

// True for 14 digits whose keys are right.
bool is_siret(std::string_view digits);

} // namespace relais::model::sirets
