// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

// How alike two names, dates or numbers are when people type them. Pure; names are folded words (dossiers::name_words).
namespace relais::model {

// From worst to best. unknown: one of the two was not said. pair: what tells Louis from Louise, or twins apart.
// part: one of several names, or another of the first names. typo: one typing error in five letters or more.
enum class likeness { other, unknown, pair, part, typo, same };

using words = std::vector<std::string>;

// Insertions, deletions, substitutions and swapped neighbours between two texts; more than limit is limit + 1.
// Source: Damerau 1964, optimal string alignment
std::size_t typing_errors(std::string_view a, std::string_view b, std::size_t limit);

// A typed name against one of the civil status: accents, hyphens, spaces and noble particles do not count.
likeness compare_name(const words& typed, const words& name);

// A typed name against the birth name, the usual name and both together, as people write them.
likeness compare_names(const words& typed, const words& birth_name, const words& usual_name);

// Typed first names against the list of the civil status: people give one, some or all, or an initial.
likeness compare_first_names(const words& typed, const words& first_names);

} // namespace relais::model
