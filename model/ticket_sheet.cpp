// SPDX-License-Identifier: EUPL-1.2
#include "model/ticket_sheet.hpp"

#include "model/citizen.hpp"
#include "model/sql.hpp"
#include "model/ticket_merge.hpp"

#include <algorithm>

namespace relais::model::ticket_sheets {

namespace {

std::vector<related_dossier> related_to(soci::session& sql, const ticket& of) {
    using row = std::tuple<std::int64_t, std::string, std::string>;
    auto rows = sql::all<row>(sql,
                              "SELECT dossier_id, role, reason FROM ticket_dossier WHERE ticket_id = :ticket AND role <> 'subject' "
                              "ORDER BY id LIMIT 50",
                              of.id);
    std::vector<related_dossier> out;
    for (const auto& [id, role, why] : rows)
        if (auto found = dossiers::find(sql, id)) out.push_back({role, why, std::move(*found)});
    return out;
}

std::vector<sent_item> sent_for(soci::session& sql, const ticket& of) {
    return sql::all<sent_item>(sql,
                               "SELECT id, kind, medium, recipient, state, created_at, sent_at, error FROM outbox "
                               "WHERE ticket_id = :ticket ORDER BY id LIMIT 200",
                               of.id);
}

} // namespace

ticket_sheet get(soci::session& sql, std::string_view reference) {
    ticket_sheet out;
    out.ticket = tickets::get(sql, reference);
    const auto& on = out.ticket;
    out.requester = citizens::get(sql, on.requester_id);
    out.subject_person = on.subject_person_id == on.requester_id ? out.requester : citizens::get(sql, on.subject_person_id);
    out.messages = messages::of(sql, on.id, true);
    out.attachments = attachments::of(sql, on.id);
    if (on.dossier_id) out.subject_dossier = dossiers::find(sql, *on.dossier_id);
    out.snapshots = dossiers::snapshots_of_ticket(sql, on.id);
    out.related = related_to(sql, on);
    out.previous = tickets::previous(sql, on);
    out.history = events::of(sql, "ticket", on.id);
    out.sent = sent_for(sql, on);
    if (on.assignee_id) out.assignee = users::get(sql, *on.assignee_id).name;
    if (auto target = tickets::merge_target(sql, on.id)) out.merged_into = tickets::get(sql, *target).reference;
    for (auto each : tickets::merged_into(sql, on.id)) out.merged[each] = tickets::get(sql, each).reference;
    return out;
}

std::vector<ticket> others(soci::session& sql, const ticket_sheet& of, const std::vector<std::int64_t>& tickets) {
    std::vector<ticket> out;
    for (auto id : tickets) {
        auto is_it = [id](const ticket& each) { return each.id == id; };
        if (id == of.ticket.id || std::any_of(of.previous.begin(), of.previous.end(), is_it)) continue;
        auto found = sql::first<ticket>(sql, "SELECT " + ticket_columns + " FROM ticket WHERE id = :id", id);
        if (found) out.push_back(std::move(*found));
    }
    return out;
}

void record_reading(soci::session& sql, const actor& who, const ticket_sheet& what, sys_seconds now) {
    events::record(sql, who, "ticket.read", "ticket", what.ticket.id, nlohmann::json::object(), now);
    if (what.subject_dossier)
        events::record(sql, who, "dossier.read", "dossier", what.subject_dossier->id, {{"ticket", what.ticket.id}, {"via", "ticket"}}, now);
}

std::vector<event> changes_since(soci::session& sql, std::int64_t ticket_id, std::int64_t event_id) {
    return sql::all<event>(sql,
                           "SELECT id, at_us, actor_kind, actor_id, actor_name, action, object_kind, object_id, data FROM event "
                           "WHERE object_kind = 'ticket' AND object_id = :ticket AND id > :after AND action <> 'ticket.read' "
                           "ORDER BY id LIMIT 50",
                           ticket_id, event_id);
}

} // namespace relais::model::ticket_sheets
