// SPDX-License-Identifier: EUPL-1.2
#include "model/grouping/vocabulary.hpp"

#include "model/grouping/hash.hpp"
#include "model/grouping/letters.hpp"

#include <algorithm>

namespace relais::model::grouping {
namespace {

constexpr std::size_t shortest_corrected = 4; // "pont" may be "port"; below that, every word is one slip from another
constexpr std::size_t longest_corrected = 30;
constexpr std::uint32_t common_from = 3;     // tickets
constexpr std::uint32_t common_ratio = 4;    // a misspelling is at least so many times rarer than its word
constexpr std::size_t neighbours_limit = 64; // looked at, for one rest
constexpr std::uint32_t looked_at_again = 4; // tickets; a word seen more often changes its reading only as its count doubles

// Calls each(hash) for the word itself and for the word without each of its letters in turn.
template <typename Each> void rests(std::string_view folded, Each&& each) {
    each(hash_on(folded));
    for (std::size_t at = 0; at < folded.size(); ++at) each(hash_on(folded.substr(at + 1), hash_on(folded.substr(0, at))));
}

} // namespace

bool is_one_slip_apart(std::string_view one, std::string_view other) {
    if (one.size() > other.size()) std::swap(one, other);
    if (other.size() - one.size() > 1) return false;
    std::size_t begin = 0;
    while (begin < one.size() && one[begin] == other[begin]) ++begin;
    if (begin == other.size()) return false; // the same word
    if (one.size() < other.size()) return one.substr(begin) == other.substr(begin + 1);
    if (one.substr(begin + 1) == other.substr(begin + 1)) return true;
    return begin + 1 < one.size() && one[begin] == other[begin + 1] && one[begin + 1] == other[begin] &&
           one.substr(begin + 2) == other.substr(begin + 2);
}

std::uint32_t vocabulary::add(const word& typed, language in) {
    const auto known = words_.find(typed.folded);
    if (known != no_number) return known;
    const auto stem = folded_stem(stems_, typed, in);
    const auto own = terms_.add(stem);
    if (own == usual_.size()) usual_.push_back(static_cast<float>(stem.front() == '<' ? usual_kind_share : usual_share(stem, in)));
    entries_.push_back({own, own, 0});
    return words_.add(typed.folded);
}

std::uint32_t vocabulary::latest_term_of(std::uint32_t word) const {
    const auto& known = entries_[word];
    if (known.tickets > looked_at_again) return known.term;
    const auto neighbour = common_neighbour(words_.at(word), known.tickets);
    return neighbour == no_number ? known.own : entries_[neighbour].own;
}

std::uint32_t vocabulary::guess(const word& typed, language in) const {
    const auto neighbour = common_neighbour(typed.folded, 0);
    return neighbour == no_number ? terms_.find(folded_stem(stems_, typed, in)) : entries_[neighbour].own;
}

void vocabulary::count(std::uint32_t word) {
    auto& known = entries_[word];
    const bool is_power_of_two = (known.tickets & (known.tickets - 1)) == 0;
    if (known.tickets <= looked_at_again || is_power_of_two) {
        const auto neighbour = common_neighbour(words_.at(word), known.tickets);
        known.term = neighbour == no_number ? known.own : entries_[neighbour].own;
    }
    if (++known.tickets == common_from) make_findable(word);
}

std::size_t vocabulary::memory_bytes() const {
    constexpr std::size_t node_bytes = 40; // of a hash table of the standard library
    return words_.memory_bytes() + terms_.memory_bytes() + entries_.capacity() * sizeof(entry) + usual_.capacity() * sizeof(float) +
           common_.size() * node_bytes + common_.bucket_count() * sizeof(void*);
}

// Kinds ("<date>") and words that hold a digit are facts, not words of the language.
std::string folded_stem(const stemmer& stems, const word& typed, language in) {
    const bool is_fact = std::any_of(typed.folded.begin(), typed.folded.end(), [](char c) { return (c >= '0' && c <= '9') || c == '<'; });
    if (is_fact) return typed.folded;
    std::string folded;
    for (const auto& each : lower_letters(stems.stem(typed.shape, in))) append_folded(folded, each);
    return folded;
}

std::uint32_t vocabulary::common_neighbour(std::string_view folded, std::uint32_t tickets) const {
    const bool has_digit = std::any_of(folded.begin(), folded.end(), [](char c) { return (c >= '0' && c <= '9') || c == '<'; });
    if (folded.size() < shortest_corrected || folded.size() > longest_corrected || has_digit) return no_number;
    const auto wanted = std::max(common_from, common_ratio * tickets + 1);
    auto best = no_number;
    rests(folded, [&](std::uint64_t rest) {
        std::size_t looked_at = 0;
        for (auto [each, end] = common_.equal_range(rest); each != end && looked_at < neighbours_limit; ++each, ++looked_at) {
            const auto candidate = each->second;
            const auto count = entries_[candidate].tickets;
            if (count < wanted || !is_one_slip_apart(folded, words_.at(candidate))) continue;
            const bool is_better =
                best == no_number || count > entries_[best].tickets || (count == entries_[best].tickets && candidate < best);
            if (is_better) best = candidate;
        }
    });
    return best;
}

void vocabulary::make_findable(std::uint32_t word) {
    const auto folded = words_.at(word);
    if (folded.size() + 1 < shortest_corrected || folded.size() > longest_corrected || folded.front() == '<') return;
    rests(folded, [&](std::uint64_t rest) { common_.emplace(rest, word); });
}

} // namespace relais::model::grouping
