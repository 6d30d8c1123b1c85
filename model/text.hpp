// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/checked.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

// The one place where bytes from outside become text: valid UTF-8, NFC, no control characters. Storage accepts only its output.
// Source: OWASP ASVS 5.0 V1.1.1; limits of V2.2.1.
namespace relais::model::text {

constexpr std::size_t name_limit = 256;      // FranceConnect: 1 to 256
constexpr std::size_t subject_limit = 200;   // code points
constexpr std::size_t message_limit = 20000; // code points

// A field of one line: trimmed, in NFC, bidirectional controls removed. May come back empty.
// Codes: malformed (not UTF-8), control (a control character, a line break inside), too_long (code points, after cleaning).
// Messages: fault.text.<code>.
checked check_line(std::string_view typed, std::size_t limit_code_points);

// A message: as above, but keeps \n and \t, turns \r\n and \r into \n, and leaves bidirectional controls to the writer's script.
checked check_message(std::string_view typed, std::size_t limit_code_points = message_limit);

// The same, when the reason does not matter: nothing when refused.
std::optional<std::string> clean_line(std::string_view typed, std::size_t limit_code_points);
std::optional<std::string> clean_message(std::string_view typed, std::size_t limit_code_points = message_limit);

// For comparing and searching, never for showing: accents, case, ligatures folded; hyphens, apostrophes and spaces become one space;
// trimmed. "  Jean-François d’Œuvre" gives "jean francois d oeuvre". What is not UTF-8 becomes U+FFFD.
std::string fold(std::string_view text);

// How many code points; a malformed byte counts for one.
std::size_t code_points(std::string_view text);

// What identifiers are read from: spaces of every kind left out, ASCII letters in upper case; compact() leaves out dots and hyphens
// of every kind as well. A malformed byte becomes U+FFFD.
std::string upper_without_spaces(std::string_view typed);
std::string compact(std::string_view typed);

} // namespace relais::model::text
