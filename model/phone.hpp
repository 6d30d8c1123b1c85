// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/checked.hpp"

#include <string>
#include <string_view>

// Telephone numbers, kept in E.164. The zone is chosen by the prefix before the library reads the number, and the library's refusal
// makes it suspect, never invalid: its tables are older than the numbering plan.
// Source: ARCEP numbering plan; docs/decisions/0009-identifiers-are-hints.md
namespace relais::model::phones {

// Short and special (08) numbers cannot be called back; as a way to reach somebody they are only suspect.
enum class purpose { contact, callback };

// department: lets the Pacific and Saint-Pierre-et-Miquelon type their 6 or 8 digits; may be empty.
// Suspect (normalised is the number proposed): trunk_zero ("+33 06..."), missing_zero (9 digits), other_zone ("+33 692..."),
// unassigned (the library does not know it), and for contact short_number, special_number, surcharged.
// Invalid: empty, letter_o (with a suggestion), characters, short, long, no_prefix (neither 0 nor +), and for callback short_number,
// special_number, surcharged.
checked check(std::string_view typed, std::string_view department = {}, purpose use = purpose::contact);

// For reading aloud: "06 39 98 12 34" for French numbers, "+32 2 ..." for others. Returns the text unchanged when it is not E.164.
std::string display(std::string_view e164);

// The last four digits, or all of them when there are fewer: what a search by phone_ending compares.
std::string ending(std::string_view e164);

} // namespace relais::model::phones
