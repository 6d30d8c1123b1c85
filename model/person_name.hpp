// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/checked.hpp"

#include <string_view>

// Names of people, as the civil status writes them. Everything that a person is called is accepted; what looks unlike a name is flagged.
namespace relais::model::person_names {

// One field: a birth name, a usual name, first names. Spaces are collapsed; accents, apostrophes, hyphens and particles are kept.
// Suspect: digits, signs. Invalid: empty, too_long (over 256 code points), control, malformed, no_letter.
// Source: FranceConnect allows 1 to 256 characters; docs/decisions/0009-identifiers-are-hints.md
checked check(std::string_view typed);

// True when both are the same name once accents, case, ligatures, hyphens, apostrophes and spaces are left out. Two empty names are not
// the same name.
// Source: the national system cannot write diacritics (Minister's answer, 2016)
bool same_name(std::string_view a, std::string_view b);

} // namespace relais::model::person_names
