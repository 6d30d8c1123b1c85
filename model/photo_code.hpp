// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/checked.hpp"

#include <string>
#include <string_view>

// The e-photo code, 22 letters and digits: it opens a photo and a signature, so it is shown masked and purged at closure.
// Source: docs/decisions/0009-identifiers-are-hints.md
namespace relais::model::photo_codes {

constexpr std::size_t usual_length = 22;
constexpr std::size_t shortest = 20;
constexpr std::size_t longest = 24;

// Suspect: length (20, 21, 23 or 24). Invalid: empty, short, long, characters.
checked check(std::string_view typed);

// The first and last two characters: "AB..............34".
std::string mask(std::string_view code);

} // namespace relais::model::photo_codes
