// SPDX-License-Identifier: EUPL-1.2
#include "model/ticket_incident.hpp"

#include "model/digits.hpp"
#include "model/error.hpp"
#include "model/incident_corrections.hpp"
#include "model/incident_state.hpp"
#include "model/report.hpp"
#include "model/sql.hpp"
#include "model/ticket_version.hpp"
#include "model/ticket_wait.hpp"

namespace relais::model::tickets {

namespace {

incidents::action on(const action& act, std::int64_t number) { return {number, 0, act.who, act.now}; }

} // namespace

ticket_incident incident_of(soci::session& sql, std::int64_t ticket_id) {
    ticket_incident out;
    out.link = reports::find(sql, ticket_id);
    if (out.link && out.link->incident_id) out.attached = incidents::find(sql, *out.link->incident_id);
    if (out.link && !out.attached && out.link->suggested_id) out.suggested = incidents::find(sql, *out.link->suggested_id);
    return out;
}

void attach_incident(soci::session& sql, const action& act, std::optional<std::int64_t> number, bool waits) {
    auto of = take(sql, act);
    auto link = reports::find(sql, of.id);
    if (!number && link) number = link->suggested_id;
    auto found = number ? incidents::find(sql, *number) : std::nullopt;
    if (!found) throw invalid({{"incident", "unknown", "fault.ticket.incident_unknown"}});
    incidents::attach(sql, on(act, *number), of.id);
    // Read by a person now: the leader has nothing left to decide.
    sql::change(sql, "DELETE FROM grouping_queue WHERE ticket_id = :ticket", of.id);
    if (!waits || of.status == "closed" || incident_states::is_fixed(found->state)) return; // what is fixed is not waited for
    set_status(sql, of.id, "waiting", "incident");
    ticket_waits::set_detail(sql, of.id, std::to_string(*number));
    events::record(sql, act.who, "ticket.waits_for_incident", "ticket", of.id, {{"incident", *number}}, act.now);
}

void remove_incident(soci::session& sql, const action& act) {
    auto of = take(sql, act);
    auto link = reports::find(sql, of.id);
    if (link && link->incident_id)
        incidents::detach(sql, on(act, *link->incident_id), of.id);
    else if (link && link->suggested_id)
        incidents::refuse_suggestion(sql, on(act, *link->suggested_id), of.id);
    else
        throw conflict("conflict.not_attached");
    ticket_waits::leave_incident(sql, of.id, act.now);
}

void await(soci::session& sql, const action& act, std::string_view reason, std::string_view detail) {
    ticket_waits::begin(sql, act, reason, detail);
    auto number = reason == "incident" ? digits::value(detail) : std::nullopt;
    if (!number) return;
    auto ticket = get(sql, act.reference).id;
    incidents::attach(sql, on(act, incidents::surviving(sql, *number).id), ticket);
    sql::change(sql, "DELETE FROM grouping_queue WHERE ticket_id = :ticket", ticket);
}

} // namespace relais::model::tickets
