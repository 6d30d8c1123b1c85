// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/grouping/field_values.hpp"
#include "model/grouping/letter_triples.hpp"
#include "model/grouping/options.hpp"
#include "model/grouping/profile.hpp"
#include "model/grouping/ticket.hpp"
#include "model/grouping/ticket_store.hpp"
#include "model/grouping/vocabulary.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

namespace relais::model::grouping {

// A ticket as the engine compares it.
struct read_ticket {
    ticket_id id = 0;
    std::int64_t at = no_time;
    ticket_content content;               // what is stored
    term_vector terms;                    // weighted by title and body, repeats damped
    std::vector<std::uint32_t> own_words; // for each term, a word that stands for it (no_number: nobody wrote it before)
    double length = 0;                    // the weights together
    std::vector<numbered_field> fields;
    std::vector<std::uint32_t> triples; // of letters
};

// Turns tickets into numbers, and back.
class ticket_reader {
public:
    explicit ticket_reader(const weights& wanted);

    // Reads without learning: words nobody wrote before have terms of their own, above every known one.
    read_ticket read(const ticket& asked) const;
    // Learns the ticket's words, letters and fields; content is complete.
    read_ticket learn(const ticket& arrived);
    // A stored ticket's terms.
    void recall(const ticket_content& content, term_vector& terms) const;
    // What occurrences of one term weigh together: a word said again says less.
    float damped(float weight) const {
        const auto times = static_cast<std::size_t>(weight);
        return times < damped_.size() && weight == static_cast<float>(times) ? damped_[times] : damp(weight);
    }
    // Calls each(triple) for the letters of a stored ticket.
    template <typename Each> void triples_of(const ticket_content& content, Each&& each) const {
        std::size_t at = 0;
        const auto next = [&]() -> std::string_view {
            const auto body_at = at - std::min(at, content.title.size());
            if (at < content.title.size()) return words_.text(content.title[at++]);
            return body_at < content.body.size() ? (++at, words_.text(content.body[body_at])) : std::string_view{};
        };
        triples_.of_words(next, each);
    }
    const letter_triples& triples() const { return triples_; }

    const vocabulary& words() const { return words_; }
    const field_values& fields() const { return fields_; }
    field_values& fields() { return fields_; }
    std::size_t memory_bytes() const { return words_.memory_bytes() + fields_.memory_bytes() + triples_.memory_bytes(); }

private:
    void weigh(std::vector<std::pair<std::uint32_t, float>>& occurrences, term_vector& terms) const;
    void fill(read_ticket& out, const std::vector<word>& typed, std::size_t title_words, bool is_learned, language in) const;

    float damp(float weight) const;

    weights weights_;
    std::array<float, 32> damped_{}; // of whole weights, which nearly all are
    vocabulary words_;
    field_values fields_;
    letter_triples triples_;
};

} // namespace relais::model::grouping
