// SPDX-License-Identifier: EUPL-1.2
#include "model/search_spelling.hpp"

#include "model/name_likeness.hpp"

#include <xapian.h>

#include <algorithm>
#include <cctype>
#include <vector>

namespace relais::model {

namespace {

constexpr std::size_t words_limit = 8, letters_least = 3, letters_most = 30; // what is tried: a query is a few words
constexpr std::size_t short_word = 4;

bool is_letter(char c) { return std::islower(static_cast<unsigned char>(c)) != 0 || std::isdigit(static_cast<unsigned char>(c)) != 0; }

struct candidate {
    std::string word;
    std::size_t distance = 0;
    Xapian::doccount frequency = 0;
};

// Looks among the words that begin with this letter for a better one.
void look(const Xapian::Database& database, const std::string& word, char first, candidate& best) {
    const std::string beginning(1, first);
    for (auto term = database.allterms_begin(beginning); term != database.allterms_end(beginning); ++term) {
        const auto known = *term;
        if (known.size() + best.distance < word.size() || known.size() > word.size() + best.distance) continue;
        auto how_far = typing_errors(word, known, best.distance);
        if (how_far > best.distance || known == word) continue;
        auto frequency = term.get_termfreq();
        if (how_far < best.distance || frequency > best.frequency) best = {known, how_far, frequency};
    }
}

std::string correct(const Xapian::Database& database, const std::string& word) {
    if (word.size() < letters_least || word.size() > letters_most || database.term_exists(word)) return word;
    candidate best{word, word.size() <= short_word ? std::size_t{1} : std::size_t{2}, 0};
    look(database, word, word[0], best);
    if (word[1] != word[0]) look(database, word, word[1], best);
    return best.word;
}

} // namespace

std::string corrected_spelling(const Xapian::Database& database, const std::string& folded) {
    std::string out;
    std::size_t tried = 0;
    for (auto at = folded.begin(); at != folded.end();) {
        auto end = std::find_if_not(at, folded.end(), is_letter);
        std::string word(at, end);
        out += word.empty() || ++tried > words_limit ? word : correct(database, word);
        if (end != folded.end()) out += *end++;
        at = end;
    }
    return out == folded ? "" : out;
}

} // namespace relais::model
