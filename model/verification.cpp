// SPDX-License-Identifier: EUPL-1.2
#include "model/verification.hpp"

#include "model/error.hpp"
#include "model/refiling.hpp"
#include "model/silent_dossier.hpp"
#include "model/sql.hpp"
#include "model/ticket_actions.hpp"

#include <algorithm>

namespace relais::model::verifications {

namespace {

const std::string columns = verification_run::columns;

// A ticket of the run, with what its dossier was and is.
struct checked_ticket {
    std::int64_t id = 0;
    std::string reference, status;
    std::optional<std::int64_t> dossier_id;
    auto fields() { return std::tie(id, reference, status, dossier_id); }
};

std::vector<checked_ticket> page_of(soci::session& sql, const verification_run& run, int limit) {
    return sql::all<checked_ticket>(
        sql,
        "SELECT ticket.id, ticket.reference, ticket.status, ticket.dossier_id FROM report JOIN ticket ON ticket.id "
        "= report.ticket_id WHERE report.incident_id = :incident AND report.ticket_id > :after ORDER BY "
        "report.ticket_id LIMIT :limit",
        run.incident_id, run.after_id, limit);
}

// The registry has not yet said how these dossiers are now; it is given a minute, then the mirror stands as it is.
bool awaits_registry(soci::session& sql, const verification_run& run, const std::vector<checked_ticket>& tickets, sys_seconds now) {
    constexpr auto patience = std::chrono::minutes(1);
    if (now - run.started_at >= patience) return false;
    auto waits = [&](const checked_ticket& each) {
        return each.dossier_id &&
               sql::first<std::int64_t>(sql, "SELECT id FROM registry_lookup WHERE ticket_id = :ticket AND state = 'waiting'", each.id);
    };
    return std::any_of(tickets.begin(), tickets.end(), waits);
}

bool is_over(const checked_ticket& of) { return of.status == "closed" || of.status == "merged"; }

void note(soci::session& sql, std::int64_t ticket, std::string_view outcome, sys_seconds now) {
    sql::change(sql, "UPDATE report SET verification = :outcome, verified_at = :now WHERE ticket_id = :ticket", outcome, now, ticket);
}

void close_ticket(soci::session& sql, const verification_run& run, const checked_ticket& of, sys_seconds now) {
    tickets::action act{of.reference, 0, actor{"system", {}, run.author, {}}, now};
    tickets::close(sql, act, "incident_fixed", run.body, run.why_file_again);
}

// Nothing moves: the ticket stays with us.
void keep_open(soci::session& sql, const checked_ticket& of, sys_seconds now) {
    sql::change(
        sql,
        "UPDATE ticket SET status = 'open', waiting_reason = '', is_active = 1, version = version + 1, updated_at = :now WHERE id = "
        ":id AND status = 'waiting' AND waiting_reason = 'incident'",
        now, of.id);
}

void finish(soci::session& sql, const verification_run& run, sys_seconds now) {
    sql::change(sql, "UPDATE verification_run SET state = 'done', finished_at = :now WHERE id = :id", now, run.id);
    auto of = incidents::get(sql, run.incident_id);
    incidents::action act{run.incident_id, 0, actor{"system", {}, run.author, {}}, now};
    nlohmann::json counted = {{"moved", run.moved}, {"stuck", run.stuck}, {"no_dossier", run.no_dossier}};
    if (run.stuck == 0 && of.state == "fixed") {
        incidents::verify(sql, act);
    } else {
        sql::change(sql, "UPDATE incident SET is_fix_incomplete = 1, version = version + 1, updated_at = :now WHERE id = :id", now, of.id);
    }
    incidents::record(sql, act, "dossiers_read", counted);
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
    // A row that waits is answered by the registry's worker; without a registry the mirror stands as it is.
    sql::change(
        sql,
        "UPDATE registry_lookup SET state = 'waiting', attempts = 0, next_at = :now WHERE state <> 'waiting' AND ticket_id IN (SELECT "
        "ticket_id FROM report WHERE incident_id = :incident AND dossier_id > 0)",
        act.now, act.number);
    auto author = act.who.quality.empty() ? act.who.name : act.who.name + ", " + act.who.quality;
    auto id = sql::insert(sql,
                          "INSERT INTO verification_run (incident_id, episode, state, body, author, why_file_again, started_at) VALUES "
                          "(:incident, :episode, 'running', :body, :author, :why, :now)",
                          act.number, of.episode, body, author, why_file_again, act.now);
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
    auto tickets = page_of(sql, *run, limit);
    if (awaits_registry(sql, *run, tickets, now)) return true;
    auto from = run->after_id;
    for (const auto& each : tickets) {
        run->after_id = each.id;
        if (!each.dossier_id) {
            note(sql, each.id, "no_dossier", now), keep_open(sql, each, now), ++run->no_dossier;
            continue;
        }
        auto found = silent_dossiers::reported(sql, run->incident_id, each.id - 1, 1);
        auto has_moved = !found.empty() && found.front().ticket_id == each.id && found.front().has_moved();
        note(sql, each.id, has_moved ? "moved" : "stuck", now);
        ++(has_moved ? run->moved : run->stuck);
        if (has_moved && !is_over(each)) close_ticket(sql, *run, each, now);
        if (!has_moved) keep_open(sql, each, now);
    }
    auto changed =
        sql::change(sql,
                    "UPDATE verification_run SET after_id = :after, moved = :moved, stuck = :stuck, no_dossier = :no_dossier WHERE "
                    "id = :id AND after_id = :from AND state = 'running'",
                    run->after_id, run->moved, run->stuck, run->no_dossier, id, from);
    if (changed == 0) throw conflict("conflict.verification");
    if (static_cast<int>(tickets.size()) == limit) return true;
    finish(sql, *run, now);
    return false;
}

} // namespace relais::model::verifications
