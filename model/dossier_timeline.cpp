// SPDX-License-Identifier: EUPL-1.2
#include "model/dossier_timeline.hpp"

#include "model/calendar.hpp"
#include "model/legal_clock.hpp"
#include "model/sql.hpp"

#include <algorithm>
#include <iterator>
#include <sstream>

namespace relais::model::dossier_timelines {

namespace {

constexpr std::int64_t us_in_s = 1'000'000;
constexpr auto whole_page = static_cast<std::size_t>(limit);

// The newest of a source until a moment, and one more, which tells that there are older ones.
std::string newest_until(const std::string& moment) {
    return "AND " + moment + " <= :until ORDER BY " + moment + " DESC LIMIT " + std::to_string(limit + 1);
}

const std::string select_tickets =
    "SELECT 'ticket', ticket.received_at, ticket.reference, ticket.channel, ticket.subject, ticket.status, ticket_dossier.role, '', '', 0 "
    "FROM ticket_dossier JOIN ticket ON ticket.id = ticket_dossier.ticket_id WHERE ticket_dossier.dossier_id = :dossier " +
    newest_until("ticket.received_at");

// The message that opened a ticket is the ticket's own line.
const std::string select_messages =
    "SELECT message.kind, message.created_at, ticket.reference, message.channel, ticket.subject, ticket.status, ticket_dossier.role, "
    "message.author_name, SUBSTR(message.body, 1, 400), 0 FROM ticket_dossier JOIN ticket ON ticket.id = ticket_dossier.ticket_id "
    "JOIN message ON message.ticket_id = ticket.id WHERE ticket_dossier.dossier_id = :dossier AND ticket_dossier.role <> 'candidate' "
    "AND NOT (message.kind = 'citizen' AND message.created_at = ticket.received_at) " +
    newest_until("message.created_at");

// What else hangs on the tickets of a dossier. The same columns; the moment of a call is in microseconds.
const std::string tickets_of = " ticket_dossier JOIN ticket ON ticket.id = ticket_dossier.ticket_id ";
const std::string of_this = " WHERE ticket_dossier.dossier_id = :dossier AND ticket_dossier.role <> 'candidate' ";

const std::string select_calls =
    "SELECT 'call', phone_call.started_at_us, ticket.reference, 'phone', ticket.subject, phone_call.outcome, ticket_dossier.role, "
    "phone_call.agent_name, SUBSTR(phone_call.note, 1, 400), 0 FROM" +
    tickets_of + "JOIN phone_call ON phone_call.ticket_id = ticket.id" + of_this + newest_until("phone_call.started_at_us");
// Those of who was identified by this dossier, unless a ticket of it tells them already.
const std::string select_own_calls =
    "SELECT 'call', phone_call.started_at_us, COALESCE(ticket.reference, ''), 'phone', COALESCE(ticket.subject, ''), phone_call.outcome, "
    "'subject', phone_call.agent_name, SUBSTR(phone_call.note, 1, 400), 0 FROM phone_call LEFT JOIN ticket ON ticket.id = "
    "phone_call.ticket_id WHERE phone_call.dossier_id = :dossier AND NOT EXISTS (SELECT 1 FROM ticket_dossier WHERE "
    "ticket_dossier.ticket_id = phone_call.ticket_id AND ticket_dossier.dossier_id = phone_call.dossier_id AND ticket_dossier.role <> "
    "'candidate') " +
    newest_until("phone_call.started_at_us");
const std::string select_callbacks = "SELECT 'callback', callback.created_at, ticket.reference, 'callback', ticket.subject, "
                                     "callback.state, ticket_dossier.role, '', '', 0 FROM" +
                                     tickets_of + "JOIN callback ON callback.ticket_id = ticket.id" + of_this +
                                     newest_until("callback.created_at");
// "Not by mail", rather than by letter or telephone: SQLite would look through every letter of everybody.
const std::string letter_at = "COALESCE(outbox.sent_at, outbox.created_at)";
const std::string select_letters = "SELECT CASE WHEN outbox.medium = 'phone' THEN 'told' ELSE 'letter' END, " + letter_at +
                                   ", ticket.reference, outbox.medium, ticket.subject, outbox.state, ticket_dossier.role, '', '', 0 FROM" +
                                   tickets_of + "JOIN outbox ON outbox.ticket_id = ticket.id AND outbox.medium <> 'mail'" + of_this +
                                   newest_until(letter_at);
const std::string select_incidents =
    "SELECT 'incident', report.decided_at, ticket.reference, '', incident.title, incident.state, ticket_dossier.role, '', '', incident.id "
    "FROM" +
    tickets_of + "JOIN report ON report.ticket_id = ticket.id JOIN incident ON incident.id = report.incident_id" + of_this +
    newest_until("report.decided_at");

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

// Keeps what fits. Of a second that does not fit whole nothing is kept: the sources may have more of it. More than a page in one second are
// of no hand, and are cut.
void end_page(page& of) {
    if (of.lines.size() <= whole_page) return;
    auto first_left = of.lines[whole_page].at;
    of.lines.resize(whole_page);
    if (of.lines.front().at == first_left) {
        of.older = first_left - std::chrono::seconds(1);
        return;
    }
    std::erase_if(of.lines, [first_left](const auto& each) { return each.at == first_left; });
    of.older = first_left;
}

std::vector<event> newest(soci::session& sql, std::int64_t dossier_id, const std::string& actions) {
    return sql::all<event>(sql,
                           "SELECT " + std::string(event::columns) +
                               " FROM event WHERE object_kind = 'dossier' AND object_id = :dossier AND action IN (" + actions +
                               ") ORDER BY id DESC LIMIT :limit",
                           dossier_id, limit);
}

} // namespace

page of(soci::session& sql, std::int64_t dossier_id, std::optional<sys_seconds> until) {
    auto last = until ? seconds(*until) : legal_clocks::never;
    page out;
    out.lines = sql::all<dossier_contact>(sql, select_tickets, dossier_id, last);
    for (const auto* select : {&select_calls, &select_own_calls}) {
        auto calls = sql::all<dossier_contact>(sql, *select, dossier_id, (last + 1) * us_in_s - 1);
        for (auto& each : calls) each.at = at_seconds(seconds(each.at) / us_in_s);
        add(out.lines, std::move(calls));
    }
    for (const auto* select : {&select_messages, &select_callbacks, &select_letters, &select_incidents})
        add(out.lines, sql::all<dossier_contact>(sql, *select, dossier_id, last));
    auto states = states_of(sql, dossier_id);
    std::erase_if(states, [last](const auto& each) { return seconds(each.at) > last; });
    add(out.lines, std::move(states));
    std::stable_sort(out.lines.begin(), out.lines.end(), [](const auto& a, const auto& b) { return a.at > b.at; });
    end_page(out);
    return out;
}

void record_reading(soci::session& sql, const actor& who, const std::vector<std::int64_t>& dossier_ids, std::string_view via,
                    sys_seconds now) {
    auto how = nlohmann::json::object();
    if (!via.empty()) how["via"] = via;
    for (auto id : dossier_ids) events::record(sql, who, "dossier.read", "dossier", id, how, now);
}

std::vector<std::int64_t> newly_seen(soci::session& sql, const actor& who, std::vector<std::int64_t> dossier_ids, sys_seconds now) {
    auto since = seconds(now - one_reading) * us_in_s;
    std::erase_if(dossier_ids, [&](auto id) {
        return sql::first<std::int64_t>(sql,
                                        "SELECT id FROM event WHERE object_kind = 'dossier' AND object_id = :dossier AND action = "
                                        "'dossier.read' AND actor_kind = :kind AND actor_id = :actor AND at_us > :since ORDER BY id DESC "
                                        "LIMIT 1",
                                        id, who.kind, who.id.value_or(0), since)
            .has_value();
    });
    return dossier_ids;
}

bool is_opened_lately(soci::session& sql, const actor& who, std::int64_t dossier_id, sys_seconds now) {
    return sql::first<std::int64_t>(sql,
                                    "SELECT id FROM event WHERE object_kind = 'dossier' AND object_id = :dossier AND action = "
                                    "'dossier.read' AND actor_kind = :kind AND actor_id = :actor AND at_us > :since AND data = '{}' ORDER "
                                    "BY id DESC LIMIT 1",
                                    dossier_id, who.kind, who.id.value_or(0), seconds(now - one_reading) * us_in_s)
        .has_value();
}

std::vector<event> readings(soci::session& sql, std::int64_t dossier_id) { return newest(sql, dossier_id, "'dossier.read'"); }

std::vector<event> changes(soci::session& sql, std::int64_t dossier_id) {
    return newest(sql, dossier_id, "'dossier.moved', 'dossier.date_noted'");
}

} // namespace relais::model::dossier_timelines
