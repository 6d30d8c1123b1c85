// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <optional>
#include <string>
#include <string_view>

// The public reference of a ticket, YY-XXXX-XXXC: year, seven random Crockford base-32 characters, and a check character such that
// any one wrong character and any swap of two neighbours is noticed. Easy to read over the telephone.
namespace relais::model::references {

// A new one, from libsodium's randomness (2^35 a year, less the seventh whose check has no character). The caller draws again on a clash.
std::string make(int year);

// The reference of these seven characters; nothing when their check has no character in the alphabet, or one is not of the alphabet.
std::optional<std::string> compose(int year, std::string_view seven);

// The canonical form of what a person typed, or nothing when it is not a reference. Case-blind, O read as 0, I and L as 1;
// spaces and hyphens are optional.
std::optional<std::string> read(std::string_view typed);

} // namespace relais::model::references
