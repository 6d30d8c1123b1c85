// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>
#include <string_view>
#include <vector>

// What dossiers are found by: columns number_key, person_key and usual_key, and the words of a name.
namespace relais::model::dossiers {

// Letters and digits alone, in upper case: "ants 2026-00 1" gives "ANTS2026001". At most 40 characters; empty when longer.
std::string number_key(std::string_view typed);

// The folded names joined by "|", at most 240 bytes.
std::string person_key(std::string_view birth_name_folded, std::string_view usual_name_folded, std::string_view first_names_folded);

// The folded usual name and first names joined by "|", at most 240 bytes; empty without a usual name.
std::string usual_key(std::string_view usual_name_folded, std::string_view first_names_folded);

// The words of a folded name without titles ("mme", "epouse", "nee") and punctuation; "st" is "saint".
std::vector<std::string> name_words(std::string_view folded);

// The words run together.
std::string squeezed(const std::vector<std::string>& words);

} // namespace relais::model::dossiers
