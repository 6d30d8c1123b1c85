// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/grouping/stemmer.hpp"
#include "model/grouping/string_table.hpp"
#include "model/grouping/usual_words.hpp"
#include "model/grouping/words.hpp"

#include <unordered_map>
#include <vector>

namespace relais::model::grouping {

// Every word ever typed, folded, and the term it stands for: its stem, or that of the common word it misspells.
// There is no dictionary: what people usually write is the reference.
class vocabulary {
public:
    // The number of a word, or no_number when nobody wrote it before.
    std::uint32_t find(const word& typed) const { return words_.find(typed.folded); }
    // The same, learning the word.
    std::uint32_t add(const word& typed, language in);
    // The term of a word. A word much rarer than one that is a slip away is read as that one.
    std::uint32_t term_of(std::uint32_t word) const { return entries_[word].term; }
    // The same, looking again at a word that was rare when last written: its neighbour may have become common since.
    std::uint32_t latest_term_of(std::uint32_t word) const;
    // The term a word nobody wrote before would have, or no_number.
    std::uint32_t guess(const word& typed, language in) const;

    // One more ticket is about to hold this word: looks again at what it is read as. Call once a ticket and word, before term_of().
    void count(std::uint32_t word);

    std::string_view text(std::uint32_t word) const { return words_.at(word); }
    std::string_view term_text(std::uint32_t term) const { return terms_.at(term); }
    std::uint32_t term_count() const { return terms_.size(); }
    // How common the term is in the language, by usual_words.hpp.
    double usual(std::uint32_t term) const { return term < usual_.size() ? static_cast<double>(usual_[term]) : rare_share; }
    std::size_t memory_bytes() const;

private:
    struct entry {
        std::uint32_t own = 0;  // the term of its stem
        std::uint32_t term = 0; // what it is read as: its own, or that of the word it misspells
        std::uint32_t tickets = 0;
    };
    std::uint32_t common_neighbour(std::string_view folded, std::uint32_t tickets) const;
    void make_findable(std::uint32_t word);

    stemmer stems_;
    string_table words_, terms_;
    std::vector<entry> entries_;
    std::vector<float> usual_; // by term
    // Common words by what is left of them when one letter is dropped: two words one slip apart share such a rest.
    std::unordered_multimap<std::uint64_t, std::uint32_t> common_;
};

// The stem without accents; a kind ("<date>") or a word that holds a digit is a fact and stays whole.
std::string folded_stem(const stemmer& stems, const word& typed, language in);

// Whether one slip of the fingers parts the two: a letter more, less, another, or two neighbours swapped. Letters are bytes: folded
// French and English have no others.
bool is_one_slip_apart(std::string_view one, std::string_view other);

} // namespace relais::model::grouping
