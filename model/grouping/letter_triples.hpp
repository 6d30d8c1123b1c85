// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace relais::model::grouping {

// Three letters in a row, by number: misspelt words still look alike where they are peculiar.
// Knows how rare each triple is among the tickets.
class letter_triples {
public:
    static constexpr std::uint32_t size = 1 << 16; // kinds told apart; French and English use some 12,000
    static constexpr std::size_t words_read = 64;  // of a text; more say nothing more

    letter_triples() : tickets_(size, 0), rarities_(size, 1), seen_in_(size, 0) {}

    // Calls each(triple) once for each different triple of the words that next() gives, a string_view each, empty at the end.
    template <typename Next, typename Each> void of_words(Next&& next, Each&& each) const {
        ++text_;
        for (std::size_t count = 0; count < words_read; ++count) {
            const std::string_view word = next();
            if (word.empty()) return;
            // As if a mark stood before and after the word: beginnings and ends are the best-spelt parts.
            auto before = 2u, last = static_cast<std::uint32_t>(static_cast<unsigned char>(word[0]));
            for (std::size_t at = 1; at <= word.size(); ++at) {
                const auto letter = at < word.size() ? static_cast<unsigned char>(word[at]) : 3u;
                const auto triple = ((before * 257 + last) * 263 + letter) * 2654435761u >> 16;
                before = last;
                last = letter;
                if (seen_in_[triple] == text_) continue;
                seen_in_[triple] = text_;
                each(triple);
            }
        }
    }

    float rarity(std::uint32_t triple) const { return rarities_[triple]; }
    void count(const std::vector<std::uint32_t>& triples);
    std::size_t memory_bytes() const { return size * 3 * sizeof(std::uint32_t); }

private:
    float rarity_of(std::uint32_t triple) const;

    std::vector<std::uint32_t> tickets_;
    std::vector<float> rarities_;                // of all, made anew each time the tickets have grown by a tenth
    mutable std::vector<std::uint32_t> seen_in_; // the last text that held the triple
    mutable std::uint32_t text_ = 0;
    std::uint32_t total_ = 0, refresh_at_ = 1;
};

} // namespace relais::model::grouping
