// SPDX-License-Identifier: EUPL-1.2
#include "model/grouping/engine.hpp"

#include "model/grouping/constraints.hpp"
#include "model/grouping/words.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <unordered_map>

namespace relais::model::grouping {
namespace {

constexpr double title_weight = 3, body_weight = 1;
constexpr std::size_t similar_considered = 200;

struct stored {
    ticket_id id = 0;
    std::optional<sys_seconds> at;
    std::optional<group_id> group;
    std::map<std::string, float> terms; // with tf
    std::map<std::string, std::string> fields;
    bool erased = false;
};

} // namespace

struct engine::state {
    explicit state(const options& wanted) : settings(wanted) {}

    options settings;
    stemmer stems;
    std::vector<stored> tickets;
    std::unordered_map<ticket_id, std::size_t> places;
    std::unordered_map<std::string, std::vector<std::size_t>> containing;
    std::map<std::string, std::map<std::string, std::size_t>> values;
    std::map<group_id, std::set<ticket_id>> groups;
    std::set<group_id> reviewed;
    constraints words_of_people;

    double rarity(const std::string& term) const {
        const auto found = containing.find(term);
        const auto df = found == containing.end() ? 0.0 : static_cast<double>(found->second.size());
        return std::log(1 + (static_cast<double>(tickets.size()) - df + 0.5) / (df + 0.5));
    }

    stored prepare(const ticket& asked) const {
        stored one{asked.id, asked.at, {}, {}, {}, false};
        const auto in = language_of(asked.language);
        for (const auto& [text, weight] : {std::pair{&asked.title, title_weight}, std::pair{&asked.text, body_weight}})
            for (const auto& found : read_words(*text, in)) one.terms[stems.stem(found.folded, in)] += static_cast<float>(weight);
        for (const auto& [name, value] : asked.fields)
            if (!value.empty()) one.fields[name] = value;
        return one;
    }

    double weight(const std::string& term, float frequency) const { return rarity(term) * (1 + std::log(static_cast<double>(frequency))); }

    double length(const stored& one) const {
        double sum = 0;
        for (const auto& [term, frequency] : one.terms) sum += std::pow(weight(term, frequency), 2);
        return std::sqrt(sum);
    }

    double cosine(const stored& one, const stored& other) const {
        double sum = 0;
        for (const auto& [term, frequency] : one.terms)
            if (const auto found = other.terms.find(term); found != other.terms.end())
                sum += weight(term, frequency) * weight(term, found->second);
        const auto lengths = length(one) * length(other);
        return lengths > 0 ? sum / lengths : 0;
    }

    // m: how often two tickets of one bug agree on a field, before anything is learned; p: how common the value is.
    double field_score(const std::string& name, const std::string& ours, const std::string& theirs) const {
        constexpr double agreement = 0.8;
        const auto known = values.find(name);
        if (known == values.end()) return 0;
        const auto total = static_cast<double>(tickets.size()) + 1;
        const auto count = known->second.find(ours);
        const auto p = (count == known->second.end() ? 1.0 : static_cast<double>(count->second) + 1) / (total + 1);
        return ours == theirs ? std::log(agreement / p) : std::log((1 - agreement) / (1 - std::min(p, 0.99)));
    }

    match compare(const stored& one, const stored& other) const {
        match found;
        found.group = other.group;
        if (!other.group) found.alone = other.id;
        found.nearest = other.id;
        const auto likeness = cosine(one, other);
        found.reasons.push_back({"words", 14 * (likeness - 0.35), shared(one, other), shared(one, other)});
        for (const auto& [name, value] : one.fields)
            if (const auto theirs = other.fields.find(name); theirs != other.fields.end())
                found.reasons.push_back(
                    {"field:" + name, 0.4 * std::clamp(field_score(name, value, theirs->second), -3.0, 6.0), value, theirs->second});
        for (const auto& each : found.reasons) found.score += each.contribution;
        found.probability = 1 / (1 + std::exp(-found.score));
        std::stable_sort(found.reasons.begin(), found.reasons.end(),
                         [](const auto& a, const auto& b) { return std::abs(a.contribution) > std::abs(b.contribution); });
        if (found.reasons.size() > 5) found.reasons.resize(5);
        return found;
    }

    std::string shared(const stored& one, const stored& other) const {
        std::string list;
        for (const auto& [term, frequency] : one.terms)
            if (other.terms.contains(term)) list += (list.empty() ? "" : ", ") + term;
        return list;
    }

    std::vector<match> nearest(const ticket& asked) const {
        const auto one = prepare(asked);
        std::map<std::size_t, double> sums;
        for (const auto& [term, frequency] : one.terms)
            if (const auto found = containing.find(term); found != containing.end())
                for (auto place : found->second) sums[place] += std::pow(rarity(term), 2);
        std::vector<std::pair<double, std::size_t>> best;
        for (const auto& [place, sum] : sums)
            if (!tickets[place].erased && tickets[place].id != asked.id) best.emplace_back(-sum, place);
        std::sort(best.begin(), best.end());
        if (best.size() > similar_considered) best.resize(similar_considered);
        std::vector<match> matches;
        for (const auto& [sum, place] : best) matches.push_back(compare(one, tickets[place]));
        std::stable_sort(matches.begin(), matches.end(), [](const auto& a, const auto& b) { return a.score > b.score; });
        return matches;
    }

    bool is_forbidden(ticket_id asked, const match& target) const {
        for (auto other : words_of_people.apart(asked)) {
            if (target.alone == other) return true;
            const auto found = places.find(other);
            if (target.group && found != places.end() && tickets[found->second].group == target.group) return true;
        }
        return false;
    }

    void place(ticket_id id, std::optional<group_id> group) {
        const auto found = places.find(id);
        if (found == places.end()) return;
        auto& one = tickets[found->second];
        if (one.group) {
            auto& members = groups[*one.group];
            members.erase(id);
            if (members.empty()) groups.erase(*one.group);
        }
        one.group = group;
        if (group) groups[*group].insert(id);
    }

    std::vector<ticket_id> members(group_id group) const {
        const auto found = groups.find(group);
        return found == groups.end() ? std::vector<ticket_id>{} : std::vector<ticket_id>(found->second.begin(), found->second.end());
    }
};

engine::engine(const options& wanted) : state_(std::make_unique<state>(wanted)) {}
engine::~engine() = default;
engine::engine(engine&&) noexcept = default;
engine& engine::operator=(engine&&) noexcept = default;

decision engine::decide(const ticket& asked) const {
    decision made;
    auto found = candidates(asked, 2);
    if (found.empty()) return made;
    made.best = found[0];
    if (found.size() > 1) made.runner_up = found[1];
    if (made.best->probability >= state_->settings.attach_from)
        made.what = band::attach;
    else if (made.best->probability >= state_->settings.suggest_from)
        made.what = band::suggest;
    return made;
}

std::vector<match> engine::candidates(const ticket& asked, std::size_t limit) const {
    std::vector<match> kept;
    for (auto& each : state_->nearest(asked)) {
        if (kept.size() == limit) break;
        const bool is_known =
            each.group && std::any_of(kept.begin(), kept.end(), [&](const match& one) { return one.group == each.group; });
        if (!is_known && !state_->is_forbidden(asked.id, each)) kept.push_back(std::move(each));
    }
    return kept;
}

std::vector<similar_ticket> engine::similar(const ticket& asked, std::size_t limit) const {
    std::vector<similar_ticket> found;
    for (const auto& each : state_->nearest(asked)) {
        if (found.size() == limit) break;
        found.push_back({each.nearest, each.group, each.score, each.probability});
    }
    return found;
}

void engine::put(const ticket& arrived, std::optional<group_id> group, linked_by who) {
    auto& all = *state_;
    if (!all.places.emplace(arrived.id, all.tickets.size()).second) return;
    all.tickets.push_back(all.prepare(arrived));
    for (const auto& [term, frequency] : all.tickets.back().terms) all.containing[term].push_back(all.tickets.size() - 1);
    for (const auto& [name, value] : all.tickets.back().fields) ++all.values[name][value];
    if (group && who == linked_by::person)
        attach(arrived.id, *group);
    else
        all.place(arrived.id, group);
}

void engine::link(ticket_id ticket, std::optional<group_id> group) { state_->place(ticket, group); }

void engine::attach(ticket_id ticket, group_id group) {
    for (auto other : tickets_of(group)) state_->words_of_people.must_link(ticket, other);
    state_->place(ticket, group);
}

void engine::detach(ticket_id ticket) {
    const auto group = group_of(ticket);
    if (!group) return;
    for (auto other : tickets_of(*group)) state_->words_of_people.cannot_link(ticket, other);
    state_->place(ticket, {});
}

void engine::merge(group_id from, group_id into) {
    const auto moved = tickets_of(from), there = tickets_of(into);
    if (!moved.empty() && !there.empty()) state_->words_of_people.must_link(moved.front(), there.front());
    for (auto ticket : moved) state_->place(ticket, into);
}

void engine::split(group_id from, std::span<const ticket_id> tickets, group_id into) {
    for (auto ticket : tickets) state_->place(ticket, into);
    for (auto left : tickets_of(from))
        for (auto gone : tickets) state_->words_of_people.cannot_link(left, gone);
}

void engine::set_reviewed(group_id group, bool reviewed) {
    if (reviewed)
        state_->reviewed.insert(group);
    else
        state_->reviewed.erase(group);
}

void engine::must_link(ticket_id one, ticket_id other) { state_->words_of_people.must_link(one, other); }
void engine::cannot_link(ticket_id one, ticket_id other) { state_->words_of_people.cannot_link(one, other); }
void engine::withdraw_link(ticket_id one, ticket_id other) { state_->words_of_people.withdraw(one, other); }

void engine::erase(ticket_id ticket) {
    const auto found = state_->places.find(ticket);
    if (found == state_->places.end()) return;
    state_->place(ticket, {});
    state_->tickets[found->second].erased = true;
    state_->tickets[found->second].terms.clear();
    state_->words_of_people.forget(ticket);
}

std::vector<proposal> engine::consolidate(std::optional<sys_seconds>) const { return {}; }

std::optional<group_id> engine::group_of(ticket_id ticket) const {
    const auto found = state_->places.find(ticket);
    return found == state_->places.end() ? std::nullopt : state_->tickets[found->second].group;
}

std::vector<ticket_id> engine::tickets_of(group_id group) const { return state_->members(group); }
std::size_t engine::ticket_count() const { return state_->places.size(); }
std::size_t engine::memory_bytes() const { return state_->tickets.size() * sizeof(stored); }

} // namespace relais::model::grouping
