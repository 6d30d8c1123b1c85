// SPDX-License-Identifier: EUPL-1.2
#include "model/ticket_wait.hpp"

#include "model/digits.hpp"
#include "model/error.hpp"
#include "model/incident.hpp"
#include "model/incident_state.hpp"
#include "model/sql_get.hpp"
#include "model/ticket_version.hpp"

#include <algorithm>
#include <array>

namespace relais::model::ticket_waits {

namespace {

constexpr std::array<std::string_view, 4> reasons = {"citizen", "centre", "incident", "external_owner"};

const std::string select = std::string("SELECT ") + ticket_wait::columns + " FROM ticket_wait ";

// What it waits for. An incident that became part of another is not waited for: its number says nothing any more.
std::string checked(soci::session& sql, std::string_view reason, std::string_view detail) {
    if (std::find(reasons.begin(), reasons.end(), reason) == reasons.end()) throw invalid({{"reason", "unknown", "fault.waiting.reason"}});
    if (reason == "external_owner" && detail.empty()) throw invalid({{"detail", "missing", "fault.waiting.owner"}});
    if (reason != "incident") return std::string(detail);
    auto number = digits::value(detail);
    if (!number || !incidents::find(sql, *number)) throw invalid({{"detail", "unknown", "fault.waiting.incident"}});
    auto of = incidents::surviving(sql, *number);
    if (incident_states::is_fixed(of.state) || of.state == "dismissed") throw invalid({{"detail", "over", "fault.waiting.incident_over"}});
    return std::to_string(of.id);
}

sys_seconds when_open(const clock_book& book, sys_seconds at) {
    return calendars::is_open(book.centre, at)
               ? at
               : calendars::add_business_time(book.centre, at, std::chrono::seconds(1)) - std::chrono::seconds(1);
}

} // namespace

void begin(soci::session& sql, const tickets::action& act, std::string_view reason, std::string_view detail) {
    auto what = checked(sql, reason, detail);
    auto on = tickets::take(sql, act);
    if (on.status == "closed") throw conflict("conflict.status");
    tickets::set_status(sql, on.id, "waiting", reason);
    set_detail(sql, on.id, what);
    events::record(sql, act.who, "ticket.waiting", "ticket", on.id, {{"reason", reason}, {"detail", what}}, act.now);
}

void end(soci::session& sql, const tickets::action& act) {
    auto on = tickets::take(sql, act);
    if (on.status != "waiting") throw conflict("conflict.status");
    tickets::set_status(sql, on.id, "open", "");
    events::record(sql, act.who, "ticket.resumed", "ticket", on.id, {{"reason", on.waiting_reason}}, act.now);
}

void follow(soci::session& sql, std::int64_t ticket_id) {
    sql::change(sql,
                "UPDATE ticket_wait SET next_at = NULL, ended_at = (SELECT updated_at FROM ticket WHERE ticket.id = :ticket) "
                "WHERE ticket_id = :id AND ended_at IS NULL",
                ticket_id, ticket_id);
    sql::change(sql,
                "INSERT INTO ticket_wait (ticket_id, reason, began_at, next_at) "
                "SELECT id, CASE WHEN status = 'waiting' THEN waiting_reason ELSE 'closed' END, updated_at, "
                "CASE WHEN status = 'waiting' THEN updated_at ELSE NULL END FROM ticket WHERE id = :id AND status IN ('waiting', 'closed')",
                ticket_id);
}

std::optional<ticket_wait> standing(soci::session& sql, std::int64_t ticket_id) {
    return sql::first<ticket_wait>(sql, select + "WHERE ticket_id = :ticket AND ended_at IS NULL ORDER BY id DESC LIMIT 1", ticket_id);
}

void take_up(soci::session& sql, std::int64_t id, std::optional<sys_seconds> next_at, sys_seconds now) {
    auto before = sql::get<ticket_wait>(sql, select + "WHERE id = :id", id);
    auto fell_due = next_at && *next_at > before.began_at && *next_at <= now;
    if (fell_due) {
        sql::change(sql, "UPDATE ticket_wait SET detail = :detail, reminders = :reminders WHERE ticket_id = :ticket AND ended_at IS NULL",
                    before.detail, before.reminders, before.ticket_id);
        return;
    }
    sql::change(sql, "DELETE FROM ticket_wait WHERE ticket_id = :ticket AND ended_at IS NULL", before.ticket_id);
    sql::change(sql, "UPDATE ticket_wait SET ended_at = NULL, next_at = :next WHERE id = :id", next_at, id);
}

void restart(soci::session& sql, std::int64_t ticket_id, sys_seconds now) {
    sql::change(sql, "UPDATE ticket_wait SET began_at = :now, next_at = :next WHERE ticket_id = :id AND ended_at IS NULL", now, now,
                ticket_id);
}

void set_detail(soci::session& sql, std::int64_t ticket_id, std::string_view detail) {
    sql::change(sql, "UPDATE ticket_wait SET detail = :detail WHERE ticket_id = :id AND ended_at IS NULL", detail, ticket_id);
}

void follow_incident(soci::session& sql, std::int64_t ticket_id, std::int64_t incident) {
    sql::change(sql, "UPDATE ticket_wait SET detail = :detail WHERE ticket_id = :id AND ended_at IS NULL AND reason = 'incident'",
                std::to_string(incident), ticket_id);
}

void leave_incident(soci::session& sql, std::int64_t ticket_id, sys_seconds now) {
    auto left = sql::change(sql,
                            "UPDATE ticket SET status = 'open', waiting_reason = '', is_active = 1, version = version + 1, updated_at = "
                            ":now WHERE id = :id AND status = 'waiting' AND waiting_reason = 'incident'",
                            now, ticket_id);
    if (left == 1) follow(sql, ticket_id);
}

void follow_merge(soci::session& sql, std::int64_t from, std::int64_t into) {
    auto waits = sql::all<std::int64_t>(
        sql,
        "SELECT ticket_wait.id FROM ticket JOIN ticket_wait ON ticket_wait.ticket_id = ticket.id AND ticket_wait.ended_at IS NULL WHERE "
        "ticket.status = 'waiting' AND ticket.waiting_reason = 'incident' AND ticket_wait.detail = :from",
        std::to_string(from));
    for (auto id : waits) sql::change(sql, "UPDATE ticket_wait SET detail = :into WHERE id = :id", std::to_string(into), id);
}

std::vector<ticket_wait> of(soci::session& sql, std::int64_t ticket_id) {
    return sql::all<ticket_wait>(sql, select + "WHERE ticket_id = :ticket ORDER BY began_at, id LIMIT 1000", ticket_id);
}

std::optional<ticket_wait> current(soci::session& sql, std::int64_t ticket_id) {
    return sql::first<ticket_wait>(
        sql, select + "WHERE ticket_id = :ticket AND ended_at IS NULL AND reason <> 'closed' ORDER BY began_at DESC LIMIT 1", ticket_id);
}

std::optional<step> next_step(const ticket_wait& of, const clock_book& book) {
    const auto* rule = clock_books::find_waiting(book, of.reason);
    if (!rule || of.ended_at) return std::nullopt;
    auto at = when_open(book, of.began_at + std::chrono::hours(24) * rule->every_days * (of.reminders + 1));
    if (of.reminders < rule->reminders) return step{step::kind::remind, at};
    if (rule->then == waiting_rule::ending::stay) return std::nullopt;
    return step{rule->then == waiting_rule::ending::close ? step::kind::close : step::kind::give_back, at};
}

} // namespace relais::model::ticket_waits
