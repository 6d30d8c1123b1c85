// SPDX-License-Identifier: EUPL-1.2
#include "model/dossier_timeline.hpp"

#include "model/calendar.hpp"
#include "model/sql.hpp"

#include <algorithm>
#include <iterator>
#include <sstream>

namespace relais::model::dossier_timelines {

namespace {

constexpr std::int64_t us_in_s = 1'000'000;
const std::string newest = " DESC LIMIT " + std::to_string(limit);

const std::string select_tickets =
    "SELECT 'ticket', ticket.received_at, ticket.reference, ticket.channel, ticket.subject, ticket.status, ticket_dossier.role, '', '' "
    "FROM ticket_dossier JOIN ticket ON ticket.id = ticket_dossier.ticket_id WHERE ticket_dossier.dossier_id = :dossier "
    "ORDER BY ticket.received_at" +
    newest;

// The message that opened a ticket is the ticket's own line.
const std::string select_messages =
    "SELECT message.kind, message.created_at, ticket.reference, message.channel, ticket.subject, ticket.status, ticket_dossier.role, "
    "message.author_name, SUBSTR(message.body, 1, 400) FROM ticket_dossier JOIN ticket ON ticket.id = ticket_dossier.ticket_id "
    "JOIN message ON message.ticket_id = ticket.id WHERE ticket_dossier.dossier_id = :dossier AND ticket_dossier.role <> 'candidate' "
    "AND NOT (message.kind = 'citizen' AND message.created_at = ticket.received_at) ORDER BY message.created_at" +
    newest;

// What else hangs on the tickets of a dossier. The same columns; the moment of a call is in microseconds.
const std::string tickets_of = " ticket_dossier JOIN ticket ON ticket.id = ticket_dossier.ticket_id ";
const std::string of_this = " WHERE ticket_dossier.dossier_id = :dossier AND ticket_dossier.role <> 'candidate' ORDER BY ";

const std::string select_calls =
    "SELECT 'call', phone_call.started_at_us, ticket.reference, 'phone', ticket.subject, phone_call.outcome, ticket_dossier.role, "
    "phone_call.agent_name, SUBSTR(phone_call.note, 1, 400) FROM" +
    tickets_of + "JOIN phone_call ON phone_call.ticket_id = ticket.id" + of_this + "phone_call.started_at_us" + newest;
const std::string select_callbacks = "SELECT 'callback', callback.created_at, ticket.reference, 'callback', ticket.subject, "
                                     "callback.state, ticket_dossier.role, '', '' FROM" +
                                     tickets_of + "JOIN callback ON callback.ticket_id = ticket.id" + of_this + "callback.created_at" +
                                     newest;
const std::string select_letters =
    "SELECT 'letter', COALESCE(outbox.sent_at, outbox.created_at), ticket.reference, 'letter', ticket.subject, outbox.state, "
    "ticket_dossier.role, '', '' FROM" +
    tickets_of + "JOIN outbox ON outbox.ticket_id = ticket.id AND outbox.medium IN ('letter', 'phone')" + of_this + "outbox.created_at" +
    newest;
const std::string select_incidents =
    "SELECT 'incident', report.decided_at, ticket.reference, '', incident.title, incident.state, ticket_dossier.role, '', '' FROM" +
    tickets_of + "JOIN report ON report.ticket_id = ticket.id JOIN incident ON incident.id = report.incident_id" + of_this +
    "report.decided_at" + newest;

// Each state once, on the day since when it was told: by the snapshots, by the mirror before, and by the mirror now.
std::vector<dossier_contact> states_of(soci::session& sql, std::int64_t dossier_id) {
    using row = std::tuple<std::string, std::string>;
    auto rows = sql::all<row>(sql,
                              "SELECT status_since, status FROM dossier_snapshot WHERE dossier_id = :one AND status_since <> '' UNION "
                              "SELECT since, status FROM dossier_past_state WHERE dossier_id = :two UNION "
                              "SELECT status_since, status FROM dossier WHERE id = :three AND status_since <> '' ORDER BY 1",
                              dossier_id, dossier_id, dossier_id);
    std::vector<dossier_contact> out;
    for (auto& [since, status] : rows) {
        std::istringstream in(since);
        date::local_days day;
        if (!(in >> date::parse("%F", day))) continue;
        dossier_contact each;
        each.kind = "state", each.status = status, each.at = calendars::instant("Europe/Paris", date::local_seconds(day));
        out.push_back(std::move(each));
    }
    return out;
}

void add(std::vector<dossier_contact>& to, std::vector<dossier_contact> more) {
    std::move(more.begin(), more.end(), std::back_inserter(to));
}

} // namespace

std::vector<dossier_contact> of(soci::session& sql, std::int64_t dossier_id) {
    auto out = sql::all<dossier_contact>(sql, select_tickets, dossier_id);
    auto calls = sql::all<dossier_contact>(sql, select_calls, dossier_id);
    for (auto& each : calls) each.at = at_seconds(seconds(each.at) / us_in_s);
    add(out, std::move(calls));
    for (const auto* select : {&select_messages, &select_callbacks, &select_letters, &select_incidents})
        add(out, sql::all<dossier_contact>(sql, *select, dossier_id));
    add(out, states_of(sql, dossier_id));
    std::stable_sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.at > b.at; });
    if (out.size() > static_cast<std::size_t>(limit)) out.resize(static_cast<std::size_t>(limit));
    return out;
}

void record_reading(soci::session& sql, const actor& who, const std::vector<std::int64_t>& dossier_ids, std::string_view via,
                    sys_seconds now) {
    auto how = nlohmann::json::object();
    if (!via.empty()) how["via"] = via;
    for (auto id : dossier_ids) events::record(sql, who, "dossier.read", "dossier", id, how, now);
}

std::vector<event> readings(soci::session& sql, std::int64_t dossier_id) {
    return sql::all<event>(sql,
                           "SELECT " + std::string(event::columns) +
                               " FROM event WHERE object_kind = 'dossier' AND object_id = :dossier AND action = 'dossier.read' "
                               "ORDER BY id DESC LIMIT :limit",
                           dossier_id, limit);
}

} // namespace relais::model::dossier_timelines
