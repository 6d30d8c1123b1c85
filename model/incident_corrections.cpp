// SPDX-License-Identifier: EUPL-1.2
#include "model/incident_corrections.hpp"

#include "model/broadcast.hpp"
#include "model/error.hpp"
#include "model/incident_follower.hpp"
#include "model/incident_merge.hpp"
#include "model/incident_state.hpp"
#include "model/report.hpp"
#include "model/reviewed_link.hpp"
#include "model/sql.hpp"
#include "model/ticket_wait.hpp"

#include <algorithm>

namespace relais::model::incidents {

namespace {

// Checks the table without reserving the incident: tickets come and go under the eyes of whoever edits its words.
incident look(soci::session& sql, const action& act, std::string_view noun) {
    auto found = get(sql, act.number);
    if (found.merged_into) throw conflict("conflict.merged");
    if (!incident_states::allows(noun, found.state)) throw conflict("conflict.incident_state");
    return found;
}

void mark_reviewed(soci::session& sql, std::int64_t number, sys_seconds now) {
    sql::change(sql, "UPDATE incident SET is_reviewed = 1, updated_at = :now WHERE id = :id", now, number);
}

void refuse(soci::session& sql, std::int64_t correction, std::int64_t ticket, std::int64_t incident) {
    if (is_refused(sql, ticket, incident)) return;
    sql::change(sql, "INSERT INTO report_refusal (ticket_id, incident_id, correction_id) VALUES (:ticket, :incident, :correction)", ticket,
                incident, correction);
}

// Tickets that somebody took out of one of two incidents, and that the engine alone put into the other, go along with neither when these
// are merged: they are left alone. Returns how many.
std::int64_t leave_parted(soci::session& sql, const action& act, std::int64_t correction, std::int64_t in, std::int64_t refused) {
    auto parted = sql::all<std::int64_t>(sql,
                                         "SELECT report.ticket_id FROM report JOIN report_refusal ON report_refusal.ticket_id = "
                                         "report.ticket_id AND report_refusal.incident_id = :refused WHERE report.incident_id = :in AND "
                                         "report.decided_by = 'engine' ORDER BY report.ticket_id",
                                         refused, in);
    for (auto ticket : parted) {
        corrections::remember_ticket(sql, correction, ticket, in, std::nullopt);
        corrections::move(sql, act, ticket, in, std::nullopt);
    }
    return static_cast<std::int64_t>(parted.size());
}

// What people refused for one incident they refused for another too, the tickets that this correction moves apart.
void share_refusals(soci::session& sql, std::int64_t correction, std::int64_t from, std::int64_t to) {
    sql::change(sql,
                "INSERT INTO report_refusal (ticket_id, incident_id, correction_id) SELECT ticket_id, :to, :correction FROM report_refusal "
                "WHERE incident_id = :from AND ticket_id NOT IN (SELECT ticket_id FROM report_refusal WHERE incident_id = :to_again) AND "
                "ticket_id NOT IN (SELECT ticket_id FROM correction_ticket WHERE correction_id = :correction_again AND to_id = :there)",
                to, correction, from, to, correction, to);
}

// All the tickets of one incident become another's, in a few statements whatever their number.
void move_all(soci::session& sql, const correction& merge, sys_seconds now, int at_once) {
    auto from = merge.incident_id, to = *merge.other_id;
    incident_merges::carry(sql, merge, now, at_once);
    sql::change(sql, "UPDATE report SET suggested_id = :to, updated_at = :now WHERE suggested_id = :from", to, now, from);
    sql::change(sql,
                "UPDATE report SET suggested_id = NULL, updated_at = :now WHERE suggested_id = :to AND ticket_id IN (SELECT ticket_id FROM "
                "report_refusal WHERE incident_id = :refused)",
                now, to, to);
    reports::recount(sql, from), reports::recount(sql, to);
}

} // namespace

bool is_refused(soci::session& sql, std::int64_t ticket_id, std::int64_t incident_id) {
    return sql::first<std::int64_t>(sql, "SELECT id FROM report_refusal WHERE ticket_id = :ticket AND incident_id = :incident", ticket_id,
                                    incident_id)
        .has_value();
}

void attach(soci::session& sql, const action& act, std::int64_t ticket_id) {
    look(sql, act, "attachment");
    auto before = reports::find(sql, ticket_id);
    if (before && before->incident_id == act.number && before->decided_by == "person") return;
    auto from = before ? before->incident_id : std::nullopt;
    auto id = corrections::remember(sql, act, "attach");
    corrections::remember_ticket(sql, id, ticket_id, from, act.number);
    if (before) reviewed_links::remember(sql, id, *before, from == act.number || before->suggested_id == act.number);
    corrections::move(sql, act, ticket_id, from, act.number);
    mark_reviewed(sql, act.number, act.now);
    record(sql, act, "attached", {{"correction", id}, {"ticket", ticket_id}, {"from", from.value_or(0)}});
}

void detach(soci::session& sql, const action& act, std::int64_t ticket_id) {
    look(sql, act, "removal");
    auto before = reports::find(sql, ticket_id);
    if (!before || before->incident_id != act.number) throw conflict("conflict.not_attached");
    auto id = corrections::remember(sql, act, "detach");
    corrections::remember_ticket(sql, id, ticket_id, act.number, std::nullopt);
    refuse(sql, id, ticket_id, act.number);
    reviewed_links::remember(sql, id, *before, false);
    corrections::move(sql, act, ticket_id, act.number, std::nullopt);
    mark_reviewed(sql, act.number, act.now);
    record(sql, act, "detached", {{"correction", id}, {"ticket", ticket_id}});
}

void refuse_suggestion(soci::session& sql, const action& act, std::int64_t ticket_id) {
    auto before = reports::find(sql, ticket_id);
    if (!before || before->suggested_id != act.number) throw conflict("conflict.not_attached");
    auto id = corrections::remember(sql, act, "refuse");
    refuse(sql, id, ticket_id, act.number);
    reviewed_links::remember(sql, id, *before, false);
    sql::change(sql, "UPDATE report SET suggested_id = NULL, updated_at = :now WHERE ticket_id = :ticket", act.now, ticket_id);
    record(sql, act, "suggestion_refused", {{"correction", id}, {"ticket", ticket_id}});
}

void merge(soci::session& sql, const action& act, std::int64_t into, int at_once) {
    auto target = into == act.number ? std::nullopt : find(sql, into);
    if (!target || target->merged_into || target->state == "dismissed") throw invalid({{"into", "unknown", "fault.incident.into_unknown"}});
    corrections::let_regression_end(sql, act.number);
    auto before = take(sql, act, "merge");
    auto id = corrections::remember(sql, act, "merge", into, before.state);
    answer_hand_over(sql, act, "merged", "");
    broadcasts::withdraw_fix(sql, act); // its tickets leave, and what it becomes part of may not be fixed
    auto left_alone = leave_parted(sql, act, id, act.number, into);
    leave_parted(sql, act, id, into, act.number);
    sql::change(sql,
                "INSERT INTO correction_ticket (correction_id, ticket_id, from_id, to_id) SELECT :correction, ticket_id, :from, :to FROM "
                "report WHERE incident_id = :incident",
                id, act.number, into, act.number);
    sql::change(sql, "UPDATE incident SET merged_into = :into, is_listed = 0 WHERE id = :id", into, act.number);
    sql::change(sql,
                "INSERT INTO correction_ticket (correction_id, ticket_id, from_id, to_id) SELECT :correction, ticket_id, NULL, NULL FROM "
                "report WHERE suggested_id = :incident AND incident_id IS NULL",
                id, act.number);
    share_refusals(sql, id, act.number, into);
    move_all(sql, corrections::get(sql, id), act.now, at_once);
    incident_followers::go_along(sql, act.number, into);
    ticket_waits::follow_merge(sql, act.number, into);
    if (incident_states::is_fixed(target->state)) move_on(sql, {into, 0, act.who, act.now});
    mark_reviewed(sql, into, act.now);
    auto moved = before.tickets - left_alone;
    record(sql, act, "merged", {{"correction", id}, {"into", into}, {"tickets", moved}});
    record(sql, action{into, 0, act.who, act.now}, "merged_in", {{"correction", id}, {"from", act.number}, {"tickets", moved}});
}

std::int64_t split(soci::session& sql, const action& act, std::span<const std::int64_t> tickets) {
    auto inside = [&](std::int64_t ticket) {
        auto found = reports::find(sql, ticket);
        return found && found->incident_id == act.number;
    };
    if (tickets.empty() || !std::all_of(tickets.begin(), tickets.end(), inside))
        throw invalid({{"tickets", "unknown", "fault.incident.tickets_unknown"}});
    auto before = take(sql, act, "split");
    draft what{"proposed", before.title, before.nature, before.cause_owner, "", true};
    auto made = open(sql, what, act.who, act.now);
    auto id = corrections::remember(sql, act, "split", made);
    for (auto ticket : tickets) {
        corrections::remember_ticket(sql, id, ticket, act.number, made);
        refuse(sql, id, ticket, act.number);
        reviewed_links::remember(sql, id, *reports::find(sql, ticket), false);
        corrections::move(sql, act, ticket, act.number, made);
    }
    share_refusals(sql, id, act.number, made);
    mark_reviewed(sql, act.number, act.now);
    record(sql, act, "split", {{"correction", id}, {"into", made}, {"tickets", tickets.size()}});
    return made;
}

void dismiss(soci::session& sql, const action& act) {
    auto before = take(sql, act, "dismissal");
    auto id = corrections::remember(sql, act, "dismiss", {}, before.state);
    answer_hand_over(sql, act, "dismissed", "");
    broadcasts::withdraw_fix(sql, act);
    move_on(sql, act);
    record(sql, act, "dismissed", {{"correction", id}});
}

std::string_view noun_of(std::string_view kind) {
    if (kind == "detach") return "removal";
    if (kind == "dismiss") return "dismissal";
    return kind == "merge" || kind == "split" ? kind : "attachment";
}

} // namespace relais::model::incidents
