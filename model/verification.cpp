// SPDX-License-Identifier: EUPL-1.2
#include "model/verification.hpp"

#include "model/error.hpp"
#include "model/refiling.hpp"
#include "model/registry_health.hpp"
#include "model/silent_dossier.hpp"
#include "model/sql.hpp"
#include "model/sql_bulk.hpp"
#include "model/ticket_actions.hpp"
#include "model/ticket_wait.hpp"

#include <algorithm>

namespace relais::model::verifications {

namespace {

const std::string columns = verification_run::columns;

// A ticket of the run, with what its dossier was and is.
struct checked_ticket {
    std::int64_t id = 0;
    std::string reference, status;
    std::optional<std::int64_t> dossier_id;
    std::string lookup;       // in the registry: waiting, done, or empty
    std::int64_t is_told = 0; // by the registry, since the fix
    auto fields() { return std::tie(id, reference, status, dossier_id, lookup, is_told); }
};

std::vector<checked_ticket> page_of(soci::session& sql, const verification_run& run, int limit) {
    return sql::all<checked_ticket>(
        sql,
        "SELECT ticket.id, ticket.reference, ticket.status, ticket.dossier_id, COALESCE(lookup.state, ''), CASE WHEN lookup.state = 'done' "
        "AND lookup.outcome IN ('answered', 'refreshed') AND lookup.answered_at >= incident.fixed_at THEN 1 ELSE 0 END FROM report JOIN "
        "incident ON incident.id = report.incident_id JOIN ticket ON ticket.id = report.ticket_id LEFT JOIN registry_lookup lookup ON "
        "lookup.ticket_id = ticket.id WHERE report.incident_id = :incident AND report.ticket_id > :after ORDER BY report.ticket_id LIMIT "
        ":limit",
        run.incident_id, run.after_id, limit);
}

// A node that asks a registry says so; without one the mirror is all there is to read.
bool has_registry(soci::session& sql, sys_seconds now) { return !registry_nodes::all(sql, now).empty(); }

// Asks the registry again about the dossiers of the next page: a row that waits is answered by its worker. Without a registry, nobody
// would.
void ask(soci::session& sql, const verification_run& run, int limit, sys_seconds now) {
    if (!has_registry(sql, now)) return;
    auto at = std::to_string(seconds(now));
    std::vector<std::string> again = {at}, anew = {at, at};
    for (const auto& each : page_of(sql, run, limit)) {
        if (!each.dossier_id || each.lookup == "waiting") continue;
        (each.lookup.empty() ? anew : again).push_back(std::to_string(each.id));
    }
    if (again.size() > 1)
        sql::change_bulk(sql,
                         "UPDATE registry_lookup SET state = 'waiting', attempts = 0, next_at = :v0 WHERE state <> 'waiting' AND ticket_id "
                         "IN (" +
                             sql::placeholders(again.size() - 1, 1) + ")",
                         again);
    if (anew.size() > 2)
        sql::change_bulk(sql,
                         "INSERT INTO registry_lookup (ticket_id, state, next_at, created_at) SELECT ticket.id, 'waiting', :v0, :v1 FROM "
                         "ticket WHERE ticket.id IN (" +
                             sql::placeholders(anew.size() - 2, 2) +
                             ") AND NOT EXISTS (SELECT 1 FROM registry_lookup known WHERE known.ticket_id = ticket.id)",
                         anew);
}

// The registry has not yet said how these dossiers are now.
bool awaits_registry(const verification_run& run, const std::vector<checked_ticket>& tickets, sys_seconds now) {
    constexpr auto patience = std::chrono::minutes(1);
    if (now - run.page_at.value_or(run.started_at) >= patience) return false;
    return std::any_of(tickets.begin(), tickets.end(), [](const auto& each) { return each.dossier_id && each.lookup == "waiting"; });
}

bool is_over(const checked_ticket& of) { return of.status == "closed" || of.status == "merged"; }

void note(soci::session& sql, std::int64_t ticket, std::string_view outcome, sys_seconds now) {
    sql::change(sql, "UPDATE report SET verification = :outcome, verified_at = :now WHERE ticket_id = :ticket", outcome, now, ticket);
}

void close_ticket(soci::session& sql, const verification_run& run, const checked_ticket& of, sys_seconds now) {
    tickets::action act{of.reference, 0, actor{"system", {}, run.author, {}}, now};
    tickets::close(sql, act, "incident_fixed", run.body, run.why_file_again);
}

incidents::action by_run(const verification_run& run, sys_seconds now) {
    return {run.incident_id, 0, actor{"system", {}, run.author, {}}, now};
}

nlohmann::json counts_of(const verification_run& run) {
    return {{"moved", run.moved}, {"stuck", run.stuck}, {"no_dossier", run.no_dossier}, {"unread", run.unread}};
}

// moved, stuck, unread or no_dossier. What has moved in the mirror has moved; what has not may be stale.
std::string_view outcome_of(soci::session& sql, const verification_run& run, const checked_ticket& of, bool is_asked) {
    if (!of.dossier_id) return "no_dossier";
    auto found = silent_dossiers::reported(sql, run.incident_id, of.id - 1, 1);
    if (!found.empty() && found.front().ticket_id == of.id && found.front().has_moved()) return "moved";
    return is_asked && !of.is_told ? "unread" : "stuck";
}

std::int64_t& count_of(verification_run& run, std::string_view outcome) {
    if (outcome == "moved") return run.moved;
    if (outcome == "stuck") return run.stuck;
    return outcome == "unread" ? run.unread : run.no_dossier;
}

void finish(soci::session& sql, const verification_run& run, sys_seconds now) {
    sql::change(sql, "UPDATE verification_run SET state = 'done', finished_at = :now WHERE id = :id", now, run.id);
    if (run.stuck + run.unread == 0) incidents::verify(sql, by_run(run, now));
    if (run.stuck > 0)
        sql::change(sql, "UPDATE incident SET is_fix_incomplete = 1, version = version + 1, updated_at = :now WHERE id = :id", now,
                    run.incident_id);
    incidents::record(sql, by_run(run, now), "dossiers_read", counts_of(run));
}

// Merged, regressed or reopened meanwhile: nobody else may be told that it is fixed, and what is left says nothing of it.
bool is_overtaken(soci::session& sql, const verification_run& run) {
    auto of = incidents::get(sql, run.incident_id);
    return of.merged_into || of.state != "fixed" || of.episode != run.episode;
}

void stop(soci::session& sql, const verification_run& run, sys_seconds now) {
    sql::change(sql, "UPDATE verification_run SET state = 'stopped', finished_at = :now WHERE id = :id AND state = 'running'", now, run.id);
    incidents::record(sql, by_run(run, now), "verification_stopped", counts_of(run));
}

} // namespace

std::int64_t start(soci::session& sql, const incidents::action& act, std::string_view body, std::string_view why_file_again) {
    auto of = incidents::get(sql, act.number);
    if (of.merged_into) throw conflict("conflict.merged");
    if (of.state != "fixed") throw conflict("conflict.incident_state");
    if (act.version != 0 && act.version != of.version) throw conflict("conflict.version");
    auto latest = last(sql, act.number);
    if (latest && latest->state == "running") throw conflict("conflict.verification");
    refilings::check_holders(sql, of.id, body, why_file_again, act.who, act.now);
    auto author = act.who.quality.empty() ? act.who.name : act.who.name + ", " + act.who.quality;
    auto id = sql::insert(sql,
                          "INSERT INTO verification_run (incident_id, episode, state, body, author, why_file_again, started_at) VALUES "
                          "(:incident, :episode, 'running', :body, :author, :why, :now)",
                          act.number, of.episode, body, author, why_file_again, act.now);
    ask(sql, *last(sql, act.number), page, act.now);
    incidents::record(sql, act, "verification_started", {{"run", id}});
    return id;
}

std::vector<std::int64_t> running(soci::session& sql) {
    return sql::all<std::int64_t>(sql, "SELECT id FROM verification_run WHERE state = 'running' ORDER BY id LIMIT 100");
}

std::optional<verification_run> last(soci::session& sql, std::int64_t incident_id) {
    return sql::first<verification_run>(
        sql, "SELECT " + columns + " FROM verification_run WHERE incident_id = :incident ORDER BY id DESC LIMIT 1", incident_id);
}

bool step(soci::session& sql, std::int64_t id, int limit, sys_seconds now) {
    auto run = sql::first<verification_run>(sql, "SELECT " + columns + " FROM verification_run WHERE id = :id", id);
    if (!run) throw not_found();
    if (run->state != "running") return false;
    if (is_overtaken(sql, *run)) return stop(sql, *run, now), false;
    auto tickets = page_of(sql, *run, limit);
    auto is_asked = has_registry(sql, now);
    if (is_asked && awaits_registry(*run, tickets, now)) return true;
    auto from = run->after_id;
    for (const auto& each : tickets) {
        run->after_id = each.id;
        auto outcome = outcome_of(sql, *run, each, is_asked);
        note(sql, each.id, outcome, now);
        ++count_of(*run, outcome);
        if (outcome != "moved") ticket_waits::leave_incident(sql, each.id, now); // nothing moves: the ticket stays with us
        if (outcome == "moved" && !is_over(each)) close_ticket(sql, *run, each, now);
    }
    auto changed =
        sql::change(sql,
                    "UPDATE verification_run SET after_id = :after, moved = :moved, stuck = :stuck, no_dossier = :no_dossier, unread = "
                    ":unread, page_at = :now WHERE id = :id AND after_id = :from AND state = 'running'",
                    run->after_id, run->moved, run->stuck, run->no_dossier, run->unread, now, id, from);
    if (changed == 0) throw conflict("conflict.verification");
    if (static_cast<int>(tickets.size()) == limit) return ask(sql, *run, limit, now), true;
    finish(sql, *run, now);
    return false;
}

} // namespace relais::model::verifications
