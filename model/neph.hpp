// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/checked.hpp"

#include <date/date.h>
#include <string_view>

// The licence file number, YY MM DD PP NNNN. There is no check digit: typing mistakes go through.
// Source: docs/decisions/0009-identifiers-are-hints.md
namespace relais::model::nephs {

// Spaces, dots and hyphens of every kind are ignored. today: for numbers of the future.
// Invalid: empty, short (under 10 digits), long (over 19), letter_o and letter_i (with a suggestion), card_number, characters.
// Suspect: length (10, 11 or 13 to 19 digits: old numbers exist), month, department, future.
checked check(std::string_view typed, date::year_month today);

} // namespace relais::model::nephs
