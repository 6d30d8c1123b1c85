// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/grouping/constraints.hpp"
#include "model/grouping/engine.hpp"
#include "model/grouping/group_book.hpp"
#include "model/grouping/neighbour_lists.hpp"
#include "model/grouping/posting_lists.hpp"
#include "model/grouping/reading.hpp"

#include <limits>
#include <unordered_set>

namespace relais::model::grouping {

// An earlier ticket that reads alike. words: 1 would be the same text; letters: cosine; fields: log-odds.
struct hit {
    place where = 0;
    double words = 0, letters = 0, fields = 0, score = 0;
};

// A sum that stays what it is whatever is added.
constexpr auto left_out = -std::numeric_limits<float>::infinity();

// Why a ticket belongs to a group or not, in log-odds.
struct evidence {
    double words = 0, letters = 0, size = 0, people = 0;
    std::vector<std::pair<numbered_field, double>> fields;
    double total = 0;
};

// A group, or a lone ticket, that a ticket may join.
struct target {
    std::uint32_t group = no_group;
    place alone = no_place;
    hit nearest;
    bool is_told = false; // a person said that the two belong together
};

// Everything the engine holds. Its functions are in retrieval.cpp (what reads alike), judgement.cpp (what belongs together),
// consolidation.cpp (what to change afterwards) and engine.cpp (what is told).
struct engine::state {
    state(const options& wanted, const weights& constants) : settings(wanted), tuned(constants), reader(constants) {}

    options settings;
    weights tuned;
    ticket_reader reader;
    ticket_store tickets;
    posting_lists postings, value_postings;
    std::vector<float> term_weights; // over all tickets
    double total_weight = 0, total_length = 0;
    group_book groups;
    neighbour_lists near;
    constraints people;
    mutable ticket_id last_considered = 0; // and what was found then, kept if it is put next
    mutable std::vector<hit> last_found;
    mutable std::vector<float> sums; // of one search, by place; between searches zero, or left_out for what is erased
    mutable std::vector<float> letter_worths = std::vector<float>(letter_triples::size); // the same, by triple
    mutable std::vector<float> term_worths;                                              // the same, by term

    // retrieval.cpp
    double rarity(std::uint32_t term) const;
    void index(place where, const read_ticket& learned);
    std::vector<hit> nearest(const read_ticket& asked, std::size_t limit) const;

    // judgement.cpp
    double usual_share(std::uint32_t term) const;
    evidence judge(const read_ticket& asked, const profile& shape, double letters) const;
    std::vector<target> targets(const read_ticket& asked, const std::vector<hit>& hits, const group_book& book) const;
    evidence judge(const read_ticket& asked, const target& one, const group_book& book) const;
    bool may_join(ticket_id asked, std::uint32_t group, const group_book& book) const;
    std::vector<match> matches(const read_ticket& asked, const std::vector<hit>& hits, std::size_t limit) const;
    match explain(const read_ticket& asked, const target& one, const evidence& found) const;
    std::pair<std::vector<std::string>, std::vector<std::string>> shared_words(const read_ticket& asked, place with) const;
    decision decide(const read_ticket& asked, const std::vector<hit>& hits) const;
    double probability(double total) const;

    // consolidation.cpp
    std::vector<proposal> consolidate(std::int64_t now, place since) const;

    // engine.cpp
    read_ticket recall(place where) const;
    void keep_found(place where);
    contribution contribution_of(place where) const;
    void assign(place where, std::uint32_t group);
    similar_ticket similar(const hit& found) const;
};

} // namespace relais::model::grouping
