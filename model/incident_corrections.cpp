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
#include "model/sql_bulk.hpp"
#include "model/ticket_wait.hpp"

#include <algorithm>

namespace relais::model::incidents {

namespace {

using nlohmann::json;

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

std::int64_t remember(soci::session& sql, const action& act, std::string_view kind, std::optional<std::int64_t> other = {},
                      std::string_view state_before = "", std::optional<std::int64_t> undoes = {}) {
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

void refuse(soci::session& sql, std::int64_t correction, std::int64_t ticket, std::int64_t incident) {
    if (is_refused(sql, ticket, incident)) return;
    sql::change(sql, "INSERT INTO report_refusal (ticket_id, incident_id, correction_id) VALUES (:ticket, :incident, :correction)", ticket,
                incident, correction);
}

// A ticket that waits for an incident waits for the one it is in from now on, while that one is to be fixed.
void wait_with(soci::session& sql, std::int64_t ticket, std::optional<std::int64_t> incident, sys_seconds now) {
    auto is_awaited = incident && !incident_states::is_fixed(get(sql, *incident).state);
    if (is_awaited)
        ticket_waits::follow_incident(sql, ticket, *incident);
    else
        ticket_waits::leave_incident(sql, ticket, now);
}

// A person's placement; the ticket's own history tells it too.
void move(soci::session& sql, const action& act, std::int64_t ticket, std::optional<std::int64_t> from, std::optional<std::int64_t> to) {
    placement what;
    what.ticket_id = ticket, what.incident_id = to;
    reports::place(sql, what, act.who, act.now);
    events::record(sql, act.who, to ? "ticket.attached" : "ticket.detached", "ticket", ticket,
                   {{"from", from.value_or(0)}, {"to", to.value_or(0)}}, act.now);
    wait_with(sql, ticket, to, act.now);
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
        remember_ticket(sql, correction, ticket, in, std::nullopt);
        move(sql, act, ticket, in, std::nullopt);
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

correction get_correction(soci::session& sql, std::int64_t id) {
    auto found = sql::first<correction>(sql, "SELECT " + std::string(correction::columns) + " FROM correction WHERE id = :id", id);
    if (!found) throw not_found();
    return *found;
}

struct moved_ticket {
    std::int64_t ticket_id = 0;
    std::optional<std::int64_t> from_id, to_id;
    auto fields() { return std::tie(ticket_id, from_id, to_id); }
};

// The incident a ticket is in if nobody moved it since the correction but whole incidents that merged.
std::optional<std::int64_t> expected_in(soci::session& sql, const moved_ticket& each, std::int64_t after) {
    auto out = each.to_id;
    while (out) {
        auto next = incident_merges::merged_since(sql, *out, after);
        auto went_along =
            next && sql::first<std::int64_t>(sql,
                                             "SELECT id FROM correction_ticket WHERE correction_id = :id AND ticket_id = :ticket AND "
                                             "to_id = :to",
                                             next->id, each.ticket_id, next->other_id);
        if (!went_along) break;
        out = next->other_id, after = next->id;
    }
    return out;
}

// Tickets that stayed where the correction put them go back; what was moved again since then is somebody's later word. Those that a merge
// carried along are left to incident_merges::bring_back().
void put_back(soci::session& sql, const action& act, const correction& what) {
    auto moved =
        sql::all<moved_ticket>(sql,
                               "SELECT ticket_id, from_id, to_id FROM correction_ticket WHERE correction_id = :id AND (:merge = 0 OR "
                               "to_id IS NULL) ORDER BY id",
                               what.id, what.kind == "merge");
    for (const auto& each : moved) {
        if (each.from_id == each.to_id) continue; // suggested only: see suggest_again()
        auto now_at = reports::find(sql, each.ticket_id);
        if (!now_at || now_at->incident_id != expected_in(sql, each, what.id)) continue;
        auto back_to = each.from_id ? std::optional(surviving(sql, *each.from_id).id) : std::nullopt;
        if (now_at->incident_id != back_to) move(sql, act, each.ticket_id, now_at->incident_id, back_to);
    }
}

// What a split had made is a group too small again, when nothing is left in it and nobody read it.
void withdraw_empty(soci::session& sql, const action& act, std::int64_t number) {
    auto made = get(sql, number);
    if (made.tickets == 0 && !made.merged_into && made.state == "proposed") withdraw(sql, {number, 0, act.who, act.now});
}

// The tickets that a merge found suggested, and that nobody placed since, are suggested for the same incident again.
void suggest_again(soci::session& sql, const action& act, const correction& what) {
    sql::change(sql,
                "UPDATE report SET suggested_id = :incident, updated_at = :now WHERE incident_id IS NULL AND (suggested_id IS NULL OR "
                "suggested_id = :into) AND ticket_id IN (SELECT ticket_id FROM correction_ticket WHERE correction_id = :id AND from_id IS "
                "NULL AND to_id IS NULL)",
                what.incident_id, act.now, surviving(sql, *what.other_id).id, what.id);
}

void revive(soci::session& sql, const action& act, std::int64_t number, std::string_view state) {
    sql::change(sql,
                "UPDATE incident SET merged_into = NULL, state = :state, is_listed = :is_listed, version = version + 1, updated_at = :now "
                "WHERE id = :id",
                state, incident_states::is_listed(state), act.now, number);
}

// Where the dismissal took it from, unless somebody opened it again since.
void take_back_dismissal(soci::session& sql, const action& act, std::int64_t number, std::string_view state) {
    auto taken =
        sql::change(sql,
                    "UPDATE incident SET state = :state, is_listed = :is_listed, version = version + 1, updated_at = :now WHERE id "
                    "= :id AND state = 'dismissed' AND merged_into IS NULL",
                    state, incident_states::is_listed(state), act.now, number);
    if (taken == 0) throw conflict("conflict.incident_state");
}

// The hand-over that the correction answered waits for the resolution team again.
void take_back_answer(soci::session& sql, const correction& what) {
    sql::change(sql,
                "UPDATE escalation SET outcome = '', outcome_by = '', outcome_at = NULL WHERE incident_id = :incident AND outcome = "
                ":outcome AND outcome_at = :at",
                what.incident_id, what.kind == "merge" ? "merged" : "dismissed", what.made_at);
}

// While those are looked for whom a regression is told to, none of them goes elsewhere: they would not be told, and no other regression
// would take the same fix back.
void let_regression_end(soci::session& sql, std::int64_t number) {
    if (broadcasts::is_regression_queueing(sql, number)) throw conflict("conflict.regression");
}

void undo_correction(soci::session& sql, const action& act, const correction& what, int at_once = tickets_at_once) {
    if (what.undone_at) throw conflict("conflict.undone");
    if (sql::change(sql, "UPDATE correction SET undone_at = :now WHERE id = :id AND undone_at IS NULL", act.now, what.id) == 0)
        throw conflict("conflict.undone");
    remember(sql, act, "undo", what.incident_id, "", what.id);
    if (what.kind == "refuse")
        sql::change(sql,
                    "UPDATE report SET suggested_id = :incident, updated_at = :now WHERE incident_id IS NULL AND ticket_id IN (SELECT "
                    "ticket_id FROM report_refusal WHERE correction_id = :id)",
                    what.incident_id, act.now, what.id);
    sql::change(sql, "DELETE FROM report_refusal WHERE correction_id = :id", what.id);
    auto before = *sql::first<std::string>(sql, "SELECT state_before FROM correction WHERE id = :id", what.id);
    if (what.kind == "merge") let_regression_end(sql, surviving(sql, what.incident_id).id);
    if (what.kind == "dismiss") take_back_dismissal(sql, act, what.incident_id, before);
    if (what.kind == "merge") revive(sql, act, what.incident_id, before);
    if (what.kind == "dismiss" || what.kind == "merge") take_back_answer(sql, what);
    put_back(sql, act, what);
    if (what.kind == "merge") {
        incident_merges::bring_back(sql, act, what, at_once);
        suggest_again(sql, act, what);
        reports::recount(sql, what.incident_id), reports::recount(sql, surviving(sql, *what.other_id).id);
        incident_followers::come_back(sql, what.incident_id, *what.other_id);
        broadcasts::withdraw_fix_from(sql, what.incident_id, surviving(sql, *what.other_id).id);
    }
    if (what.kind == "split") withdraw_empty(sql, act, *what.other_id);
    auto done = action{what.incident_id, 0, act.who, act.now};
    record(sql, done, "undone", {{"undone", what.kind}, {"correction", what.id}});
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
    auto id = remember(sql, act, "attach");
    remember_ticket(sql, id, ticket_id, from, act.number);
    if (before) reviewed_links::remember(sql, id, *before, from == act.number || before->suggested_id == act.number);
    move(sql, act, ticket_id, from, act.number);
    mark_reviewed(sql, act.number, act.now);
    record(sql, act, "attached", {{"correction", id}, {"ticket", ticket_id}, {"from", from.value_or(0)}});
}

void detach(soci::session& sql, const action& act, std::int64_t ticket_id) {
    look(sql, act, "removal");
    auto before = reports::find(sql, ticket_id);
    if (!before || before->incident_id != act.number) throw conflict("conflict.not_attached");
    auto id = remember(sql, act, "detach");
    remember_ticket(sql, id, ticket_id, act.number, std::nullopt);
    refuse(sql, id, ticket_id, act.number);
    reviewed_links::remember(sql, id, *before, false);
    move(sql, act, ticket_id, act.number, std::nullopt);
    mark_reviewed(sql, act.number, act.now);
    record(sql, act, "detached", {{"correction", id}, {"ticket", ticket_id}});
}

void refuse_suggestion(soci::session& sql, const action& act, std::int64_t ticket_id) {
    auto before = reports::find(sql, ticket_id);
    if (!before || before->suggested_id != act.number) throw conflict("conflict.not_attached");
    auto id = remember(sql, act, "refuse");
    refuse(sql, id, ticket_id, act.number);
    reviewed_links::remember(sql, id, *before, false);
    sql::change(sql, "UPDATE report SET suggested_id = NULL, updated_at = :now WHERE ticket_id = :ticket", act.now, ticket_id);
    record(sql, act, "suggestion_refused", {{"correction", id}, {"ticket", ticket_id}});
}

void merge(soci::session& sql, const action& act, std::int64_t into, int at_once) {
    auto target = into == act.number ? std::nullopt : find(sql, into);
    if (!target || target->merged_into || target->state == "dismissed") throw invalid({{"into", "unknown", "fault.incident.into_unknown"}});
    let_regression_end(sql, act.number);
    auto before = take(sql, act, "merge");
    auto id = remember(sql, act, "merge", into, before.state);
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
    move_all(sql, get_correction(sql, id), act.now, at_once);
    incident_followers::go_along(sql, act.number, into);
    ticket_waits::follow_merge(sql, act.number, into);
    if (incident_states::is_fixed(target->state)) move_on(sql, {into, 0, act.who, act.now});
    mark_reviewed(sql, into, act.now);
    auto moved = before.tickets - left_alone;
    record(sql, act, "merged", {{"correction", id}, {"into", into}, {"tickets", moved}});
    record(sql, action{into, 0, act.who, act.now}, "merged_in", {{"correction", id}, {"from", act.number}, {"tickets", moved}});
}

void unmerge(soci::session& sql, const action& act) {
    if (!get(sql, act.number).merged_into) throw conflict("conflict.not_merged");
    auto last = sql::first<std::int64_t>(
        sql, "SELECT id FROM correction WHERE incident_id = :incident AND kind = 'merge' AND undone_at IS NULL ORDER BY id DESC LIMIT 1",
        act.number);
    if (!last) throw conflict("conflict.not_merged");
    undo_correction(sql, act, get_correction(sql, *last));
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
    auto id = remember(sql, act, "split", made);
    for (auto ticket : tickets) {
        remember_ticket(sql, id, ticket, act.number, made);
        refuse(sql, id, ticket, act.number);
        reviewed_links::remember(sql, id, *reports::find(sql, ticket), false);
        move(sql, act, ticket, act.number, made);
    }
    share_refusals(sql, id, act.number, made);
    mark_reviewed(sql, act.number, act.now);
    record(sql, act, "split", {{"correction", id}, {"into", made}, {"tickets", tickets.size()}});
    return made;
}

void dismiss(soci::session& sql, const action& act) {
    auto before = take(sql, act, "dismissal");
    auto id = remember(sql, act, "dismiss", {}, before.state);
    answer_hand_over(sql, act, "dismissed", "");
    broadcasts::withdraw_fix(sql, act);
    move_on(sql, act);
    record(sql, act, "dismissed", {{"correction", id}});
}

correction told_by(soci::session& sql, std::int64_t number, std::int64_t event_id) {
    auto told = sql::first<std::string>(sql, "SELECT data FROM event WHERE id = :id AND object_kind = 'incident' AND object_id = :incident",
                                        event_id, number);
    auto data = told ? json::parse(*told, nullptr, false) : json();
    if (!data.is_object() || !data.contains("correction") || data.contains("undone"))
        throw invalid({{"event", "unknown", "fault.incident.event_unknown"}});
    return get_correction(sql, data["correction"].get<std::int64_t>());
}

void undo(soci::session& sql, const action& act, std::int64_t event_id, int at_once) {
    undo_correction(sql, act, told_by(sql, act.number, event_id), at_once);
}

std::string_view noun_of(std::string_view kind) {
    if (kind == "detach") return "removal";
    if (kind == "dismiss") return "dismissal";
    return kind == "merge" || kind == "split" ? kind : "attachment";
}

} // namespace relais::model::incidents
