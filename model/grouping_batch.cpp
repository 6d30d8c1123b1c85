// SPDX-License-Identifier: EUPL-1.2
#include "model/event.hpp"
#include "model/incident.hpp"
#include "model/incident_grouper.hpp"
#include "model/incident_state.hpp"
#include "model/silent_dossier.hpp"
#include "model/sql.hpp"

#include <algorithm>

namespace relais::model::grouping_batch {

namespace {

using grouping::band;

// Whether people see this incident already.
bool is_on_board(soci::session& sql, std::optional<std::int64_t> number) {
    auto of = number ? incidents::find(sql, *number) : std::nullopt;
    return of && !of->merged_into && incident_states::is_listed(of->state);
}

// Where the ticket goes. A ticket alone that is joined founds a group with it; a starred category founds one by itself, unless it is
// suggested to people beside an incident that they know.
placement place_for(soci::session& sql, grouping::engine& engine, const grouped_ticket& ticket, const grouping::decision& decided,
                    sys_seconds now) {
    auto out = grouping_queue::placement_of(ticket.words.id, decided);
    if (decided.what == band::attach && decided.best->alone) {
        auto founder = grouping_queue::placement_of(*decided.best->alone, decided);
        founder.incident_id = out.incident_id = incidents::open(sql, {}, {}, now);
        founder.suggested_id.reset(), founder.runner_up_id.reset();
        reports::place(sql, founder, {}, now);
        engine.link(*decided.best->alone, founder.incident_id);
    }
    if (!out.incident_id && ticket.skips_queue && !is_on_board(sql, out.suggested_id)) {
        out.incident_id = incidents::open(sql, {}, {}, now);
        out.suggested_id.reset();
    }
    return out;
}

// How its dossiers are stuck is worked out anew while an incident is young, then seldom: it costs a look at all its tickets.
bool is_time_to_guess(std::int64_t tickets) {
    constexpr std::int64_t young = 20, seldom = 100;
    return tickets <= young || tickets % seldom == 0;
}

// What a new ticket brings about in its incident.
void follow_up(soci::session& sql, std::int64_t number, const escalation_terms& terms, sys_seconds now) {
    escalation_rules::apply_proposal(sql, number, terms, now);
    if (!escalation_rules::apply_regression(sql, number, terms, now)) escalation_rules::apply(sql, number, terms, now);
}

// The machine's own merge: no correction, since nobody said it, and nothing that people have read.
void join(soci::session& sql, grouping::engine& engine, std::int64_t from, std::int64_t into, sys_seconds now) {
    sql::change(sql, "UPDATE incident SET merged_into = :into, is_listed = 0, version = version + 1, updated_at = :now WHERE id = :from",
                into, now, from);
    sql::change(sql, "UPDATE report SET incident_id = :into, updated_at = :now WHERE incident_id = :from", into, now, from);
    sql::change(sql, "UPDATE report SET suggested_id = :into, updated_at = :now WHERE suggested_id = :from", into, now, from);
    reports::recount(sql, from), reports::recount(sql, into);
    for (auto ticket : engine.tickets_of(from)) engine.link(ticket, into);
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
        what.incident_id = engine.group_of(*change.beside);
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
        if (grown) follow_up(sql, *grown, terms, now);
        ++done;
    }
    return done;
}

outcome run(soci::session& sql, grouping::engine& engine, const std::vector<std::int64_t>& tickets, const escalation_terms& terms,
            std::optional<sys_seconds> at) {
    outcome out;
    for (auto id : tickets) {
        grouping_queue::remove(sql, id);
        auto ticket = grouping_queue::load(sql, id);
        if (!ticket) continue;
        auto now = at.value_or(*ticket->words.at);
        if (!ticket->is_by_person) {
            auto place = place_for(sql, engine, *ticket, engine.decide(ticket->words), now);
            if (reports::place(sql, place, {}, now)) ticket->incident_id = place.incident_id;
        }
        engine.put(ticket->words, ticket->incident_id, ticket->is_by_person ? grouping::linked_by::person : grouping::linked_by::machine);
        ++out.decided;
        if (!ticket->incident_id) continue;
        follow_up(sql, *ticket->incident_id, terms, now);
        if (is_time_to_guess(incidents::get(sql, *ticket->incident_id).tickets)) silent_dossiers::guess(sql, *ticket->incident_id);
        out.touched.push_back(*ticket->incident_id);
    }
    return out;
}

} // namespace relais::model::grouping_batch
