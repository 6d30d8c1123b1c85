// SPDX-License-Identifier: EUPL-1.2
#include "model/event.hpp"
#include "model/incident.hpp"
#include "model/incident_follower.hpp"
#include "model/incident_grouper.hpp"
#include "model/incident_state.hpp"
#include "model/silent_dossier.hpp"
#include "model/sql.hpp"
#include "model/ticket_wait.hpp"

namespace relais::model::grouping_batch {

namespace {

using grouping::band;

// Whether people see this incident already.
bool is_on_board(soci::session& sql, std::optional<std::int64_t> number) {
    auto of = number ? incidents::find(sql, *number) : std::nullopt;
    return of && !of->merged_into && incident_states::is_listed(of->state);
}

// Whether somebody was quicker than the machine.
bool is_placed(soci::session& sql, std::int64_t ticket) {
    auto of = reports::find(sql, ticket);
    return of && of->incident_id;
}

// Only when it is written is it known whether a starred category founds a group: people may know the incident it is suggested beside.
bool may_found(const decided_ticket& one) {
    if (!one.decision) return false;
    auto is_attached = one.decision->what == band::attach;
    return is_attached ? one.decision->best->alone.has_value() : one.ticket->skips_queue;
}

// For the first time, or anew when it was read before.
void put(grouping::engine& engine, const grouping::ticket& words, std::optional<std::int64_t> incident) {
    engine.put(words, incident);
    if (engine.group_of(words.id) != incident) engine.link(words.id, incident);
}

struct place {
    placement at;
    std::optional<std::int64_t> founded;
};

// Where the ticket goes. A ticket alone that is joined founds a group with it; a starred category founds one by itself, unless it is
// suggested to people beside an incident that they know.
place place_for(soci::session& sql, const decided_ticket& one, sys_seconds now) {
    const auto& decided = *one.decision;
    place out{grouping_queue::placement_of(one.id, decided), {}};
    for (auto* each : {&out.at.incident_id, &out.at.suggested_id})
        if (*each) *each = incidents::surviving(sql, **each).id; // merged since the engine looked
    if (!may_found(one) || is_on_board(sql, out.at.suggested_id) || is_placed(sql, one.id)) return out;
    out.founded = out.at.incident_id = incidents::open(sql, {}, {}, now);
    if (decided.what != band::attach) return out.at.suggested_id.reset(), out;
    auto founder = grouping_queue::placement_of(*decided.best->alone, decided);
    founder.incident_id = out.founded;
    founder.suggested_id.reset(), founder.runner_up_id.reset();
    reports::place(sql, founder, {}, now);
    return out;
}

// The machine's own merge: no correction, since nobody said it, and nothing that people have read.
void join(soci::session& sql, grouping::engine& engine, std::int64_t from, std::int64_t into, sys_seconds now) {
    sql::change(sql, "UPDATE incident SET merged_into = :into, is_listed = 0, version = version + 1, updated_at = :now WHERE id = :from",
                into, now, from);
    sql::change(sql, "UPDATE report SET incident_id = :into, updated_at = :now WHERE incident_id = :from", into, now, from);
    sql::change(sql, "UPDATE report SET suggested_id = :into, updated_at = :now WHERE suggested_id = :from", into, now, from);
    reports::recount(sql, from), reports::recount(sql, into);
    incident_followers::go_along(sql, from, into);
    ticket_waits::follow_merge(sql, from, into);
    for (auto ticket : engine.tickets_of(from)) engine.link(ticket, into);
    events::record(sql, actor{}, "incident.joined_to", "incident", from, {{"into", into}}, now);
    events::record(sql, actor{}, "incident.joined", "incident", into, {{"from", from}}, now);
}

bool may_change(soci::session& sql, std::int64_t number) {
    auto of = incidents::find(sql, number);
    return of && !of->merged_into && !of->is_reviewed && (of->state == "watched" || of->state == "proposed");
}

// One ticket: to another group, to found one with another that is alone, or out of its own.
std::optional<std::int64_t> move(soci::session& sql, grouping::engine& engine, const grouping::proposal& change, sys_seconds now) {
    placement what;
    what.ticket_id = *change.ticket, what.engine = grouping::engine_version, what.score = change.probability;
    if (change.beside) {
        if (auto group = engine.group_of(*change.beside)) what.incident_id = incidents::surviving(sql, *group).id; // merged since
        if (!what.incident_id) {
            auto founder = what;
            founder.ticket_id = *change.beside, founder.incident_id = what.incident_id = incidents::open(sql, {}, {}, now);
            reports::place(sql, founder, {}, now);
            engine.link(founder.ticket_id, founder.incident_id);
        }
    }
    if (reports::place(sql, what, {}, now)) engine.link(what.ticket_id, what.incident_id);
    return what.incident_id;
}

} // namespace

int consolidate(soci::session& sql, grouping::engine& engine, const std::vector<grouping::proposal>& changes, const escalation_terms& terms,
                sys_seconds now) {
    int done = 0;
    for (const auto& each : changes) {
        std::optional<std::int64_t> grown, shrunk;
        if (each.from && each.into) {
            if (!may_change(sql, *each.from) || !may_change(sql, *each.into)) continue;
            join(sql, engine, *each.from, *each.into, now), grown = each.into;
        } else if (each.ticket) {
            shrunk = engine.group_of(*each.ticket);
            if (shrunk && !may_change(sql, *shrunk)) continue;
            grown = move(sql, engine, each, now);
        }
        if (shrunk) escalation_rules::apply_proposal(sql, *shrunk, terms, now);
        if (grown) escalation_rules::apply_all(sql, *grown, terms, now);
        ++done;
    }
    return done;
}

std::vector<decided_ticket> load(soci::session& sql, const std::vector<std::int64_t>& tickets) {
    std::vector<decided_ticket> out;
    out.reserve(tickets.size());
    for (auto id : tickets) out.push_back({id, grouping_queue::load(sql, id), {}});
    return out;
}

std::size_t decide(grouping::engine& engine, std::vector<decided_ticket>& tickets, std::size_t from) {
    for (auto at = from; at < tickets.size(); ++at) {
        auto& one = tickets[at];
        if (!one.ticket) continue;
        if (one.ticket->is_by_person) {
            engine.put(one.ticket->words, one.ticket->incident_id, grouping::linked_by::person);
            continue;
        }
        one.decision = engine.decide(one.ticket->words);
        if (may_found(one)) return at + 1;
        one.ticket->incident_id = grouping_queue::placement_of(one.id, *one.decision).incident_id;
        put(engine, one.ticket->words, one.ticket->incident_id);
    }
    return tickets.size();
}

void tell(grouping::engine& engine, const decided_ticket& last, std::optional<std::int64_t> founded) {
    if (!last.ticket || !may_found(last)) return;
    if (founded && last.decision->what == band::attach) engine.link(*last.decision->best->alone, founded);
    put(engine, last.ticket->words, founded);
}

std::optional<std::int64_t> write(soci::session& sql, const std::vector<decided_ticket>& tickets, std::size_t from, std::size_t until,
                                  const escalation_terms& terms, std::optional<sys_seconds> at) {
    std::optional<std::int64_t> founded;
    for (auto i = from; i < until; ++i) {
        const auto& one = tickets[i];
        grouping_queue::remove(sql, one.id);
        if (!one.ticket) continue;
        auto now = at.value_or(*one.ticket->words.at);
        auto incident = one.ticket->incident_id;
        if (one.decision) {
            auto to = place_for(sql, one, now);
            incident.reset();
            if (reports::place(sql, to.at, {}, now)) incident = to.at.incident_id, founded = to.founded;
        }
        if (!incident) continue;
        auto of = incidents::surviving(sql, *incident);
        escalation_rules::apply_all(sql, of.id, terms, now);
        silent_dossiers::guess_in_time(sql, of.id, of.tickets);
    }
    return founded;
}

void run(soci::session& sql, grouping::engine& engine, const std::vector<std::int64_t>& tickets, const escalation_terms& terms) {
    auto read = load(sql, tickets);
    for (std::size_t from = 0; from < read.size();) {
        auto until = decide(engine, read, from);
        auto founded = write(sql, read, from, until, terms, std::nullopt);
        tell(engine, read[until - 1], founded);
        from = until;
    }
}

} // namespace relais::model::grouping_batch
