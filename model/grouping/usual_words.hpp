// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/grouping/stemmer.hpp"

#include <string_view>

namespace relais::model::grouping {

// How common the words of the language are before any ticket was read: among the first hundred tickets "dossier" would otherwise look as
// telling as "timbre". A few hundred words that people write to any administration or shop, whatever their trouble, in two classes; all
// others are rare. It weighs as much as unwritten_words words of tickets, so it no longer matters after some thousand tickets.
// stem: folded, as stemmer gives it. Returns the share of all words, between 0 and 1.
double usual_share(std::string_view stem, language in);

constexpr double unwritten_words = 5'000;
constexpr double rare_share = 1 / unwritten_words; // of a word that is in no list
constexpr double usual_kind_share = 0.01;          // of "<date>", "<number>": everybody writes some

} // namespace relais::model::grouping
