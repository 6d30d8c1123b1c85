// SPDX-License-Identifier: EUPL-1.2
#include "model/broadcast.hpp"

#include "model/broadcast_queue.hpp"
#include "model/error.hpp"
#include "model/silent_dossier.hpp"
#include "model/sql.hpp"

#include <sodium.h>

#include <algorithm>
#include <set>

namespace relais::model::broadcasts {

namespace {

const std::string columns = broadcast::columns;

// The last broadcast that told people "fixed", of an incident and of each that was merged into it, unless they were told since that it is
// not.
std::vector<std::int64_t> last_fixes(soci::session& sql, std::int64_t incident_id) {
    return sql::all<std::int64_t>(
        sql,
        "WITH RECURSIVE family (id) AS (SELECT id FROM incident WHERE id = :incident UNION SELECT incident.id FROM "
        "incident JOIN family ON incident.merged_into = family.id) SELECT told.id FROM (SELECT MAX(id) AS id FROM "
        "broadcast WHERE kind = 'fix' AND incident_id IN (SELECT id FROM family) GROUP BY incident_id) told WHERE "
        "NOT EXISTS (SELECT 1 FROM broadcast_source WHERE source_id = told.id) ORDER BY told.id",
        incident_id);
}

// All the outbox rows of a broadcast have keys between these two.
struct key_range {
    std::string from, until;
};
key_range keys_of(std::int64_t id) { return {broadcast_queue::key_prefix(id), "broadcast:" + std::to_string(id) + ";"}; }

// So many places among all of them, or all, each with the same chance.
std::set<std::int64_t> drawn(std::int64_t all, int count) {
    std::set<std::int64_t> out;
    while (static_cast<std::int64_t>(out.size()) < std::min<std::int64_t>(count, all))
        out.insert(randombytes_uniform(static_cast<std::uint32_t>(all)));
    return out;
}

// Those that are on their way too: a mail that does not get through is not tried again (model/outgoing_mail.cpp).
void stop_rows(soci::session& sql, std::int64_t id) {
    auto [from, until] = keys_of(id);
    sql::change(sql, "UPDATE outbox SET state = 'stopped' WHERE unique_key >= :from AND unique_key < :until AND state = 'waiting'", from,
                until);
}

} // namespace

broadcast get(soci::session& sql, std::int64_t id) {
    auto found = sql::first<broadcast>(sql, "SELECT " + columns + " FROM broadcast WHERE id = :id", id);
    if (!found) throw not_found();
    return std::move(*found);
}

std::vector<broadcast> of_incident(soci::session& sql, std::int64_t incident_id) {
    return sql::all<broadcast>(sql, "SELECT " + columns + " FROM broadcast WHERE incident_id = :incident ORDER BY id DESC LIMIT 50",
                               incident_id);
}

std::int64_t start(soci::session& sql, const incidents::action& act, std::string_view kind, std::string_view body,
                   std::int64_t per_minute) {
    if (body.find_first_not_of(" \n\t") == std::string_view::npos && kind != "regression")
        throw invalid({{"message", "missing", "fault.incident.message_missing"}});
    auto of = incidents::get(sql, act.number);
    auto sources = kind == "regression" ? last_fixes(sql, act.number) : std::vector<std::int64_t>{};
    auto author = act.who.quality.empty() ? act.who.name : act.who.name + ", " + act.who.quality;
    auto id = sql::insert(sql,
                          "INSERT INTO broadcast (incident_id, episode, kind, body, author, state, phase, per_minute, started_at) "
                          "VALUES (:incident, :episode, :kind, :body, :author, 'queueing', :phase, :per_minute, :now)",
                          act.number, of.episode, kind, body, author, kind == "silent" ? "dossiers" : "tickets",
                          std::max<std::int64_t>(per_minute, 1), act.now);
    for (auto each : sources)
        sql::change(sql, "INSERT INTO broadcast_source (broadcast_id, source_id) VALUES (:broadcast, :source)", id, each);
    incidents::record(sql, act, "told", {{"broadcast", id}, {"kind", kind}});
    return id;
}

bool has_told_fixed(soci::session& sql, std::int64_t incident_id) { return !last_fixes(sql, incident_id).empty(); }

std::vector<std::int64_t> unfinished(soci::session& sql) {
    return sql::all<std::int64_t>(sql, "SELECT id FROM broadcast WHERE state = 'queueing' ORDER BY id LIMIT 100");
}

bool queue_next(soci::session& sql, std::int64_t id, int limit, sys_seconds now) {
    auto of = get(sql, id);
    if (of.state != "queueing") return false;
    auto step = broadcast_queue::next(sql, of, limit, now);
    auto is_over = step.phase == "end";
    auto changed =
        sql::change(sql,
                    "UPDATE broadcast SET phase = :phase, after_id = :after, queued = queued + :queued, by_phone = by_phone + "
                    ":by_phone, state = :state WHERE id = :id AND state = 'queueing' AND phase = :was AND after_id = :from",
                    step.phase, step.after_id, step.queued, step.by_phone, is_over ? "sending" : "queueing", id, of.phase, of.after_id);
    if (changed == 0) throw conflict("conflict.broadcast"); // another node queued the same ones
    return !is_over;
}

void stop(soci::session& sql, const incidents::action& act, std::int64_t id) {
    auto of = get(sql, id);
    if (of.incident_id != act.number) throw not_found();
    if (sql::change(sql, "UPDATE broadcast SET state = 'stopped', stopped_at = :now WHERE id = :id AND state IN ('queueing', 'sending')",
                    act.now, id) == 0)
        throw conflict("conflict.broadcast");
    stop_rows(sql, id);
    incidents::record(sql, act, "telling_stopped", {{"broadcast", id}});
}

void resume(soci::session& sql, const incidents::action& act, std::int64_t id) {
    auto of = get(sql, id);
    if (of.incident_id != act.number) throw not_found();
    if (of.state != "stopped") throw conflict("conflict.broadcast");
    auto pause = (act.now - of.stopped_at.value_or(act.now)).count();
    sql::change(
        sql,
        "UPDATE broadcast SET state = :state, stopped_at = NULL, started_at = started_at + :pause WHERE id = :id AND state = 'stopped'",
        of.phase == "end" ? "sending" : "queueing", pause, id);
    auto [from, until] = keys_of(id);
    sql::change(
        sql,
        "UPDATE outbox SET state = 'waiting', next_at = next_at + :pause WHERE unique_key >= :from AND unique_key < :until AND state "
        "= 'stopped'",
        pause, from, until);
    incidents::record(sql, act, "telling_resumed", {{"broadcast", id}});
}

void withdraw_fix(soci::session& sql, const incidents::action& act) {
    for (const auto& each : sql::all<broadcast>(sql,
                                                "SELECT " + columns +
                                                    " FROM broadcast WHERE incident_id = :incident AND kind = 'fix' AND state IN "
                                                    "('queueing', 'sending', 'stopped')",
                                                act.number)) {
        if (each.state == "sending" && progress_of(sql, each).waiting == 0) continue; // everybody was told
        sql::change(sql, "UPDATE broadcast SET state = 'withdrawn', stopped_at = :now WHERE id = :id", act.now, each.id);
        stop_rows(sql, each.id);
        incidents::record(sql, act, "telling_withdrawn", {{"broadcast", each.id}});
    }
}

void withdraw_fix_from(soci::session& sql, std::int64_t home, std::int64_t from) {
    auto clock = sql::lease_now(sql);
    for (auto id : sql::all<std::int64_t>(
             sql, "SELECT id FROM broadcast WHERE incident_id = :incident AND kind = 'fix' AND state IN ('queueing', 'sending', 'stopped')",
             from)) {
        auto [first, until] = keys_of(id);
        sql::change(
            sql,
            "DELETE FROM outbox WHERE unique_key >= :from AND unique_key < :until AND state IN ('waiting', 'stopped') AND "
            "lease_until <= :clock AND ticket_id IN (SELECT ticket_id FROM report WHERE incident_id = :home) AND (recipient = '' OR "
            "NOT EXISTS (SELECT 1 FROM citizen JOIN ticket ON ticket.requester_id = citizen.id JOIN report ON report.ticket_id = "
            "ticket.id WHERE citizen.email_folded = LOWER(outbox.recipient) AND report.incident_id = :other))",
            first, until, clock, home, from);
    }
}

bool is_regression_queueing(soci::session& sql, std::int64_t incident_id) {
    return sql::first<std::int64_t>(sql,
                                    "SELECT id FROM broadcast WHERE incident_id = :incident AND kind = 'regression' AND state IN "
                                    "('queueing', 'stopped') AND phase <> 'end' LIMIT 1",
                                    incident_id)
        .has_value();
}

progress progress_of(soci::session& sql, const broadcast& of) {
    if (of.state == "sent") return {.sent = of.sent, .failed = of.failed, .letters = of.letters};
    using row = std::tuple<std::string, std::string, std::int64_t>;
    auto [from, until] = keys_of(of.id);
    progress out;
    for (const auto& [medium, state, count] : sql::all<row>(
             sql, "SELECT medium, state, COUNT(*) FROM outbox WHERE unique_key >= :from AND unique_key < :until GROUP BY medium, state",
             from, until)) {
        if (medium == "letter")
            out.letters += count;
        else
            (state == "sent" ? out.sent : state == "failed" ? out.failed : state == "stopped" ? out.stopped : out.waiting) += count;
    }
    return out;
}

std::vector<arrival> arrived(soci::session& sql) {
    std::vector<arrival> out;
    for (const auto& each : sql::all<broadcast>(sql, "SELECT " + columns + " FROM broadcast WHERE state = 'sending' ORDER BY id LIMIT 100"))
        if (auto reached = progress_of(sql, each); reached.waiting == 0) out.push_back({each.id, reached});
    return out;
}

void close(soci::session& sql, const arrival& of) {
    sql::change(
        sql, "UPDATE broadcast SET state = 'sent', sent = :sent, failed = :failed, letters = :letters WHERE id = :id AND state = 'sending'",
        of.reached.sent, of.reached.failed, of.reached.letters, of.id);
}

std::vector<recipient> sample(soci::session& sql, std::int64_t incident_id, int count) {
    auto all = *sql::first<std::int64_t>(sql, "SELECT COUNT(*) FROM report WHERE incident_id = :incident", incident_id);
    std::vector<recipient> out;
    for (auto place : drawn(all, count)) {
        auto ticket = sql::first<std::int64_t>(
            sql, "SELECT ticket_id FROM report WHERE incident_id = :incident ORDER BY ticket_id LIMIT 1 OFFSET :place", incident_id, place);
        auto found = sql::first<recipient>(
            sql,
            "SELECT ticket.id, ticket.reference, citizen.name, citizen.email, citizen.postal_address, ticket.language "
            "FROM ticket JOIN citizen ON citizen.id = ticket.requester_id WHERE ticket.id = :ticket",
            ticket.value_or(0));
        if (found) out.push_back(std::move(*found));
    }
    return out;
}

std::vector<recipient> sample_silent(soci::session& sql, std::int64_t incident_id, int count) {
    constexpr int among = 1'000; // some incidents hold up a hundred thousand
    auto silent = silent_dossiers::list(sql, incidents::get(sql, incident_id), 0, among);
    std::erase_if(silent, [](const auto& each) { return each.email.empty(); });
    std::vector<recipient> out;
    for (auto place : drawn(static_cast<std::int64_t>(silent.size()), count)) {
        const auto& each = silent[static_cast<std::size_t>(place)];
        out.push_back({std::nullopt, each.number, each.first_names + " " + each.birth_name, each.email, "", "fr"});
    }
    return out;
}

} // namespace relais::model::broadcasts
