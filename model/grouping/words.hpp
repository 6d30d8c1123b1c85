// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/grouping/stemmer.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace relais::model::grouping {

// A word as typed, in lower case. shape keeps the accents, which the stemmer reads; folded has none, and is what is compared.
// What identifies one person or one file is replaced by its kind: <mail>, <link>, <number>, <date>, <code>.
struct word {
    std::string shape, folded;
};

// Words read at most: a stack trace of ten pages says no more than its beginning.
constexpr std::size_t words_limit = 600;

// The words that may carry meaning, in order: quoted replies and signatures cut, elisions split, stop words, greetings and formulas of
// politeness left out. Takes time linear in the text; what is not UTF-8 separates words.
std::vector<word> read_words(std::string_view text, language in);

// Whether a folded word is too common in the language to mean anything, or only polite.
bool is_stop_word(std::string_view folded, language in);

} // namespace relais::model::grouping
