// SPDX-License-Identifier: EUPL-1.2
#include "model/grouping/state.hpp"

#include <algorithm>
#include <cmath>
#include <set>

namespace relais::model::grouping {
namespace {

constexpr std::size_t hits_considered = 60; // whose groups are candidates
constexpr std::size_t targets_judged = 24;  // at most
constexpr std::size_t reasons_shown = 5, words_shown = 6;
// Among the first tickets words cannot tell much yet, and fields, whose meaning is known, are all there is.
constexpr double early_fields = 10, early_tickets = 25;
constexpr double said_by_people = 100; // more than all words and fields can say
constexpr std::int64_t day_s = 86'400;

} // namespace

// How common a term is in the language of the tickets: its share of all words.
double engine::state::usual_share(std::uint32_t term) const {
    const auto weight = term < term_weights.size() ? static_cast<double>(term_weights[term]) : 0.0;
    return (weight + unwritten_words * reader.words().usual(term)) / (total_weight + unwritten_words);
}

// The words: how much likelier the group writes them than anybody (a multinomial with a Dirichlet prior, as in published stream
// clustering), brought back to the scale of one measure by the text's length. The fields: see field_values.
evidence engine::state::judge(const read_ticket& asked, const profile& shape, double letters) const {
    evidence found;
    const auto prior = tuned.prior_words + tuned.prior_share * shape.total();
    for (const auto& [term, weight] : asked.terms) {
        const auto ratio = (shape.weight_of(term) / usual_share(term) + prior) / (shape.total() + prior);
        found.words += static_cast<double>(weight) * std::log(ratio);
    }
    found.words /= std::pow(std::max(asked.length, 1.0), tuned.length_power);
    found.letters = tuned.letters * (letters - tuned.letters_usual);
    found.size = tuned.size_power * std::log(std::max(1u, shape.tickets()));
    for (const auto& each : asked.fields)
        if (const auto share = shape.share(each.value, each.name); share >= 0)
            found.fields.emplace_back(each, reader.fields().evidence(each, share));
    // Fields depend on one another: many of them say less than each alone.
    const auto weight = std::min(1.0, tuned.fields / std::sqrt(std::max(1.0, static_cast<double>(found.fields.size())))) *
                        (1 + early_fields * std::exp(-static_cast<double>(tickets.size()) / early_tickets));
    for (auto& [which, gain] : found.fields) gain *= weight;
    found.total = found.words + found.letters + found.size - tuned.threshold;
    for (const auto& [which, gain] : found.fields) found.total += gain;
    return found;
}

double engine::state::probability(double total) const { return 1 / (1 + std::exp(-tuned.steepness * total)); }

// The groups of the nearest tickets, and those that are alone, each with the nearest one.
std::vector<target> engine::state::targets(const read_ticket& asked, const std::vector<hit>& hits, const group_book& book) const {
    std::vector<target> found;
    std::set<std::uint32_t> seen;
    for (auto other : people.together(asked.id)) { // whatever the words say
        const auto where = tickets.find(other);
        const auto group = where == no_place ? no_group : book.group_of(where);
        if (where == no_place || tickets.at(where).is_erased || (group != no_group && !seen.insert(group).second)) continue;
        found.push_back({group, group == no_group ? where : no_place, {where}, true});
    }
    for (std::size_t at = 0; at < std::min(hits.size(), hits_considered) && found.size() < targets_judged; ++at) {
        const auto where = hits[at].where;
        const auto group = book.group_of(where);
        if (group == no_group) {
            const auto other = tickets.at(where).id;
            if (!people.is_apart(asked.id, other) && !people.together(asked.id).contains(other))
                found.push_back({no_group, where, hits[at], false});
        } else if (seen.insert(group).second && may_join(asked.id, group, book))
            found.push_back({group, no_place, hits[at], false});
    }
    return found;
}

bool engine::state::may_join(ticket_id asked, std::uint32_t group, const group_book& book) const {
    if (people.is_kept_out(asked, book.at(group).id)) return false;
    for (auto other : people.apart(asked))
        if (const auto where = tickets.find(other); where != no_place && book.group_of(where) == group) return false;
    return true;
}

evidence engine::state::judge(const read_ticket& asked, const target& one, const group_book& book) const {
    profile shape;
    if (one.group == no_group) {
        const auto brought = contribution_of(one.alone);
        shape.add(brought.terms, brought.values, brought.names);
    }
    auto found = judge(asked, one.group == no_group ? shape : book.at(one.group).shape, one.nearest.letters);
    if (one.is_told) found.people = said_by_people;
    found.total += found.people;
    return found;
}

std::vector<match> engine::state::matches(const read_ticket& asked, const std::vector<hit>& hits, std::size_t limit) const {
    std::vector<std::pair<evidence, target>> judged;
    for (const auto& each : targets(asked, hits, groups)) judged.emplace_back(judge(asked, each, groups), each);
    std::stable_sort(judged.begin(), judged.end(), [](const auto& one, const auto& other) { return one.first.total > other.first.total; });
    if (judged.size() > limit) judged.resize(limit);
    std::vector<match> best;
    for (const auto& [found, one] : judged) best.push_back(explain(asked, one, found));
    return best;
}

decision engine::state::decide(const read_ticket& asked, const std::vector<hit>& hits) const {
    decision made;
    auto best = matches(asked, hits, 2);
    if (best.empty()) return made;
    made.best = best[0];
    if (best.size() > 1) made.runner_up = best[1];
    if (made.best->probability < settings.suggest_from) return made;
    auto last_at = tickets.at(tickets.find(made.best->nearest)).at;
    if (made.best->group) last_at = groups.at(groups.find(*made.best->group)).last_at;
    const bool is_timed = asked.at != no_time && last_at != no_time;
    const bool is_quiet = is_timed && asked.at - last_at > settings.forget_days * day_s;
    made.what = made.best->probability >= settings.attach_from && !is_quiet ? band::attach : band::suggest;
    return made;
}

namespace {

std::string joined(const std::vector<std::string>& words) {
    std::string list;
    for (const auto& each : words) list += (list.empty() ? "" : ", ") + each;
    return list;
}

} // namespace

match engine::state::explain(const read_ticket& asked, const target& one, const evidence& found) const {
    match made;
    if (one.group != no_group)
        made.group = groups.at(one.group).id;
    else
        made.alone = tickets.at(one.alone).id;
    made.nearest = tickets.at(one.nearest.where).id;
    made.score = tuned.steepness * found.total;
    made.probability = probability(found.total);
    const auto [ours, theirs] = shared_words(asked, one.nearest.where);
    made.reasons.push_back({"words", tuned.steepness * found.words, joined(ours), joined(theirs)});
    if (found.people > 0) made.reasons.push_back({"people", tuned.steepness * found.people, "", ""});
    made.reasons.push_back({"letters", tuned.steepness * found.letters, "", ""});
    made.reasons.push_back(
        {"size", tuned.steepness * found.size, "", one.group == no_group ? "1" : std::to_string(groups.at(one.group).shape.tickets())});
    ticket_content content;
    tickets.read(one.nearest.where, content);
    for (const auto& [which, gain] : found.fields) {
        reason said{"field:" + std::string(reader.fields().name(which.name)), tuned.steepness * gain, "", ""};
        if (which.value != no_number) said.ours = reader.fields().value(which.value);
        for (auto value : content.values)
            if (reader.fields().of_value(value).name == which.name) said.theirs = reader.fields().value(value);
        made.reasons.push_back(std::move(said));
    }
    std::stable_sort(made.reasons.begin(), made.reasons.end(),
                     [](const reason& left, const reason& right) { return std::abs(left.contribution) > std::abs(right.contribution); });
    if (made.reasons.size() > reasons_shown) made.reasons.resize(reasons_shown);
    return made;
}

// The words that speak most for the two belonging together, as each side wrote them.
std::pair<std::vector<std::string>, std::vector<std::string>> engine::state::shared_words(const read_ticket& asked, place with) const {
    ticket_content content;
    tickets.read(with, content);
    std::vector<std::pair<double, std::pair<std::uint32_t, std::uint32_t>>> shared;
    for (std::size_t at = 0; at < asked.terms.size(); ++at)
        for (const auto* list : {&content.title, &content.body}) {
            const auto same = std::find_if(list->begin(), list->end(),
                                           [&](std::uint32_t word) { return reader.words().term_of(word) == asked.terms[at].first; });
            if (same == list->end()) continue;
            shared.push_back({-rarity(asked.terms[at].first), {asked.own_words[at], *same}});
            break;
        }
    std::sort(shared.begin(), shared.end());
    std::pair<std::vector<std::string>, std::vector<std::string>> sides;
    for (std::size_t at = 0; at < std::min(shared.size(), words_shown); ++at) {
        const auto [ours, theirs] = shared[at].second;
        sides.second.emplace_back(reader.words().text(theirs));
        sides.first.emplace_back(ours == no_number ? sides.second.back() : std::string(reader.words().text(ours)));
    }
    return sides;
}

} // namespace relais::model::grouping
