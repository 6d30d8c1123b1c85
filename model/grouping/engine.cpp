// SPDX-License-Identifier: EUPL-1.2
#include "model/grouping/engine.hpp"

#include "model/grouping/state.hpp"

#include <algorithm>

namespace relais::model::grouping {
namespace {

constexpr std::size_t hits_kept = 60;

} // namespace

engine::engine(const options& wanted, const weights& constants) : state_(std::make_unique<state>(wanted, constants)) {}
engine::~engine() = default;
engine::engine(engine&&) noexcept = default;
engine& engine::operator=(engine&&) noexcept = default;

decision engine::decide(const ticket& asked) const { return consider(asked, 0).decided; }

consideration engine::consider(const ticket& asked, std::size_t similar_limit) const {
    const auto read = state_->reader.read(asked);
    auto hits = state_->nearest(read, std::max(hits_kept, similar_limit));
    consideration made{state_->decide(read, hits), {}};
    for (std::size_t at = 0; at < std::min(similar_limit, hits.size()); ++at) made.similar.push_back(state_->similar(hits[at]));
    state_->last_considered = asked.id;
    state_->last_found = std::move(hits);
    return made;
}

std::vector<match> engine::candidates(const ticket& asked, std::size_t limit) const {
    const auto read = state_->reader.read(asked);
    return state_->matches(read, state_->nearest(read, hits_kept), limit);
}

std::vector<similar_ticket> engine::similar(const ticket& asked, std::size_t limit) const {
    const auto read = state_->reader.read(asked);
    std::vector<similar_ticket> found;
    for (const auto& each : state_->nearest(read, limit)) {
        found.push_back(state_->similar(each));
        found.back().probability = state_->probability(state_->judge(read, {no_group, each.where, each}, state_->groups).total);
    }
    return found;
}

void engine::put(const ticket& arrived, std::optional<group_id> group, linked_by who) {
    auto& all = *state_;
    if (all.tickets.find(arrived.id) != no_place) return;
    const auto learned = all.reader.learn(arrived);
    ticket_record record;
    record.id = arrived.id;
    record.at = learned.at;
    record.length = static_cast<float>(learned.length);
    const auto where = all.tickets.add(record, learned.content);
    all.index(where, learned);
    all.keep_found(where);
    if (!group) return;
    const auto number = all.groups.number_of(*group);
    for (const auto& each : learned.fields)
        if (const auto share = all.groups.at(number).shape.share(each.value, each.name); share >= 0) all.reader.fields().learn(each, share);
    all.assign(where, number);
    if (who == linked_by::person) attach(arrived.id, *group);
}

void engine::link(ticket_id ticket, std::optional<group_id> group) {
    const auto where = state_->tickets.find(ticket);
    if (where == no_place || state_->tickets.at(where).is_fixed) return;
    state_->assign(where, group ? state_->groups.number_of(*group) : no_group);
}

void engine::attach(ticket_id ticket, group_id group) {
    auto& all = *state_;
    const auto where = all.tickets.find(ticket);
    if (where == no_place) return;
    const auto number = all.groups.number_of(group);
    all.people.allow(ticket, group);
    const auto told_apart = all.people.apart(ticket); // a large group comes back ticket by ticket, and few were told apart
    for (auto other : told_apart)
        if (all.groups.group_of(all.tickets.find(other)) == number) all.people.let_meet(ticket, other);
    all.assign(where, number);
    // Who attaches a ticket has looked at the group: it stays together.
    for (auto member : all.groups.at(number).members) all.tickets.at(member).is_fixed = true;
}

void engine::detach(ticket_id ticket) {
    auto& all = *state_;
    const auto where = all.tickets.find(ticket);
    if (where == no_place || all.groups.group_of(where) == no_group) return;
    const auto left = all.groups.group_of(where);
    all.people.keep_apart(ticket, all.groups.at(left).id);
    for (auto member : all.groups.at(left).members) all.people.part(ticket, all.tickets.at(member).id);
    all.assign(where, no_group);
    // The others were looked at: were they free to go, they could follow it one by one.
    for (auto member : all.groups.at(left).members) all.tickets.at(member).is_fixed = true;
    all.tickets.at(where).is_fixed = false; // it may join others
}

void engine::merge(group_id from, group_id into) {
    auto& all = *state_;
    const auto left = all.groups.find(from);
    if (left == no_group || from == into) return;
    const auto joined = all.groups.number_of(into);
    // Who was taken out of one of the two, and put into the other by the machine alone, goes along with neither.
    const auto leave_out = [&all](std::uint32_t group, group_id other) {
        const auto members = all.groups.at(group).members;
        for (auto member : members)
            if (!all.tickets.at(member).is_fixed && all.people.is_kept_out(all.tickets.at(member).id, other)) all.assign(member, no_group);
    };
    leave_out(left, into);
    leave_out(joined, from);
    all.people.rename(from, into);
    const auto moved = all.groups.at(left).members;
    for (auto member : moved) all.assign(member, joined);
    for (auto member : all.groups.at(joined).members) {
        all.people.allow(all.tickets.at(member).id, into);
        all.tickets.at(member).is_fixed = true;
    }
}

void engine::split(group_id from, std::span<const ticket_id> tickets, group_id into) {
    auto& all = *state_;
    const auto left = all.groups.find(from);
    if (left == no_group || from == into) return;
    const auto made = all.groups.number_of(into);
    all.people.inherit(from, into);
    for (auto ticket : tickets) {
        const auto where = all.tickets.find(ticket);
        if (where == no_place || all.groups.group_of(where) != left) continue;
        all.assign(where, made);
        all.tickets.at(where).is_fixed = true;
        all.people.keep_apart(ticket, from);
    }
    for (auto member : all.groups.at(left).members) {
        all.tickets.at(member).is_fixed = true;
        for (auto ticket : tickets) all.people.part(ticket, all.tickets.at(member).id);
    }
    all.people.keep_groups_apart(from, into);
}

void engine::set_reviewed(group_id group, bool reviewed) { state_->groups.set_reviewed(state_->groups.number_of(group), reviewed); }

void engine::set_attach_from(double probability) { state_->settings.attach_from = probability; }

void engine::must_link(ticket_id one, ticket_id other) { state_->people.must_link(one, other); }
void engine::cannot_link(ticket_id one, ticket_id other) { state_->people.cannot_link(one, other); }
void engine::withdraw_link(ticket_id one, ticket_id other) { state_->people.withdraw(one, other); }
const std::unordered_set<ticket_id>& engine::told_together(ticket_id ticket) const { return state_->people.together(ticket); }
const std::unordered_set<ticket_id>& engine::told_apart(ticket_id ticket) const { return state_->people.apart(ticket); }
void engine::keep_apart(ticket_id ticket, group_id group) { state_->people.keep_apart(ticket, group); }
void engine::keep_groups_apart(group_id one, group_id other) { state_->people.keep_groups_apart(one, other); }
void engine::allow_together(ticket_id ticket, group_id group) { state_->people.allow(ticket, group); }

void engine::erase(ticket_id ticket) {
    const auto where = state_->tickets.find(ticket);
    if (where == no_place) return;
    state_->assign(where, no_group);
    state_->tickets.at(where).is_erased = true;
    state_->sums[where] = left_out;
    state_->people.forget(ticket);
}

std::vector<proposal> engine::consolidate(std::optional<sys_seconds> now, std::size_t since) const {
    return state_->consolidate(now ? seconds(*now) : no_time, static_cast<place>(since));
}

std::optional<group_id> engine::group_of(ticket_id ticket) const {
    const auto where = state_->tickets.find(ticket);
    const auto group = where == no_place ? no_group : state_->groups.group_of(where);
    return group == no_group ? std::nullopt : std::optional(state_->groups.at(group).id);
}

std::vector<ticket_id> engine::tickets_of(group_id group) const {
    std::vector<ticket_id> found;
    const auto number = state_->groups.find(group);
    if (number == no_group) return found;
    for (auto member : state_->groups.at(number).members) found.push_back(state_->tickets.at(member).id);
    return found;
}

std::size_t engine::ticket_count() const { return state_->tickets.size(); }

std::size_t engine::memory_bytes() const {
    const auto& all = *state_;
    return all.reader.memory_bytes() + all.tickets.memory_bytes() + all.postings.memory_bytes() + all.value_postings.memory_bytes() +
           all.term_weights.capacity() * sizeof(float) + (all.sums.capacity() + all.term_worths.capacity()) * sizeof(float) +
           all.groups.memory_bytes() + all.near.memory_bytes();
}

read_ticket engine::state::recall(place where) const {
    read_ticket out;
    out.id = tickets.at(where).id;
    out.at = tickets.at(where).at;
    tickets.read(where, out.content);
    reader.recall(out.content, out.terms);
    out.length = static_cast<double>(tickets.at(where).length);
    for (auto value : out.content.values) out.fields.push_back(reader.fields().of_value(value));
    reader.triples_of(out.content, [&](std::uint32_t triple) { out.triples.push_back(triple); });
    return out;
}

void engine::state::keep_found(place where) {
    if (last_considered != tickets.at(where).id) return;
    std::vector<neighbour> found;
    for (const auto& each : last_found) found.push_back({each.where, static_cast<float>(each.letters)});
    near.keep(where, found);
}

contribution engine::state::contribution_of(place where) const {
    ticket_content content;
    tickets.read(where, content);
    contribution brought;
    reader.recall(content, brought.terms);
    brought.values = content.values;
    for (auto value : content.values) brought.names.push_back(reader.fields().of_value(value).name);
    return brought;
}

void engine::state::assign(place where, std::uint32_t group) { groups.assign(where, group, contribution_of(where), tickets.at(where).at); }

similar_ticket engine::state::similar(const hit& found) const {
    similar_ticket one;
    one.id = tickets.at(found.where).id;
    if (const auto group = groups.group_of(found.where); group != no_group) one.group = groups.at(group).id;
    one.score = found.score;
    return one;
}

} // namespace relais::model::grouping
