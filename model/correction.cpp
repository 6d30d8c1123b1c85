// SPDX-License-Identifier: EUPL-1.2
#include "model/correction.hpp"

#include "model/broadcast.hpp"
#include "model/error.hpp"
#include "model/incident_state.hpp"
#include "model/report.hpp"
#include "model/sql.hpp"
#include "model/ticket_wait.hpp"

namespace relais::model::corrections {

namespace {

// A ticket that waits for an incident waits for the one it is in from now on, while that one is to be fixed.
void wait_with(soci::session& sql, std::int64_t ticket, std::optional<std::int64_t> incident, sys_seconds now) {
    auto is_awaited = incident && !incident_states::is_fixed(incidents::get(sql, *incident).state);
    if (is_awaited)
        ticket_waits::follow_incident(sql, ticket, *incident);
    else
        ticket_waits::leave_incident(sql, ticket, now);
}

} // namespace

correction get(soci::session& sql, std::int64_t id) {
    auto found = sql::first<correction>(sql, "SELECT " + std::string(correction::columns) + " FROM correction WHERE id = :id", id);
    if (!found) throw not_found();
    return *found;
}

std::int64_t remember(soci::session& sql, const incidents::action& act, std::string_view kind, std::optional<std::int64_t> other,
                      std::string_view state_before, std::optional<std::int64_t> undoes) {
    return sql::insert(sql,
                       "INSERT INTO correction (kind, incident_id, other_id, state_before, undoes_id, actor_kind, actor_id, actor_name, "
                       "made_at) VALUES (:kind, :incident, :other, :state, :undoes, :actor_kind, :actor_id, :actor_name, :now)",
                       kind, act.number, other, state_before, undoes, act.who.kind, act.who.id, act.who.name, act.now);
}

void remember_ticket(soci::session& sql, std::int64_t correction, std::int64_t ticket, std::optional<std::int64_t> from,
                     std::optional<std::int64_t> to) {
    sql::change(sql, "INSERT INTO correction_ticket (correction_id, ticket_id, from_id, to_id) VALUES (:correction, :ticket, :from, :to)",
                correction, ticket, from, to);
}

void move(soci::session& sql, const incidents::action& act, std::int64_t ticket, std::optional<std::int64_t> from,
          std::optional<std::int64_t> to) {
    placement what;
    what.ticket_id = ticket, what.incident_id = to;
    reports::place(sql, what, act.who, act.now);
    events::record(sql, act.who, to ? "ticket.attached" : "ticket.detached", "ticket", ticket,
                   {{"from", from.value_or(0)}, {"to", to.value_or(0)}}, act.now);
    wait_with(sql, ticket, to, act.now);
}

void let_regression_end(soci::session& sql, std::int64_t incident) {
    if (broadcasts::is_regression_queueing(sql, incident)) throw conflict("conflict.regression");
}

} // namespace relais::model::corrections
