// SPDX-License-Identifier: EUPL-1.2
// How what people said is undone: what model/incident_corrections.hpp tells last.
#include "model/broadcast.hpp"
#include "model/error.hpp"
#include "model/incident_corrections.hpp"
#include "model/incident_follower.hpp"
#include "model/incident_merge.hpp"
#include "model/incident_state.hpp"
#include "model/report.hpp"
#include "model/sql.hpp"

#include <nlohmann/json.hpp>

namespace relais::model::incidents {

namespace {

using nlohmann::json;

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
        if (now_at->incident_id != back_to) corrections::move(sql, act, each.ticket_id, now_at->incident_id, back_to);
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

void undo_correction(soci::session& sql, const action& act, const correction& what, int at_once = tickets_at_once) {
    if (what.undone_at) throw conflict("conflict.undone");
    if (sql::change(sql, "UPDATE correction SET undone_at = :now WHERE id = :id AND undone_at IS NULL", act.now, what.id) == 0)
        throw conflict("conflict.undone");
    corrections::remember(sql, act, "undo", what.incident_id, "", what.id);
    if (what.kind == "refuse")
        sql::change(sql,
                    "UPDATE report SET suggested_id = :incident, updated_at = :now WHERE incident_id IS NULL AND ticket_id IN (SELECT "
                    "ticket_id FROM report_refusal WHERE correction_id = :id)",
                    what.incident_id, act.now, what.id);
    sql::change(sql, "DELETE FROM report_refusal WHERE correction_id = :id", what.id);
    auto before = *sql::first<std::string>(sql, "SELECT state_before FROM correction WHERE id = :id", what.id);
    if (what.kind == "merge") corrections::let_regression_end(sql, surviving(sql, what.incident_id).id);
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

void unmerge(soci::session& sql, const action& act) {
    if (!get(sql, act.number).merged_into) throw conflict("conflict.not_merged");
    auto last = sql::first<std::int64_t>(
        sql, "SELECT id FROM correction WHERE incident_id = :incident AND kind = 'merge' AND undone_at IS NULL ORDER BY id DESC LIMIT 1",
        act.number);
    if (!last) throw conflict("conflict.not_merged");
    undo_correction(sql, act, corrections::get(sql, *last));
}

correction told_by(soci::session& sql, std::int64_t number, std::int64_t event_id) {
    auto told = sql::first<std::string>(sql, "SELECT data FROM event WHERE id = :id AND object_kind = 'incident' AND object_id = :incident",
                                        event_id, number);
    auto data = told ? json::parse(*told, nullptr, false) : json();
    if (!data.is_object() || !data.contains("correction") || data.contains("undone"))
        throw invalid({{"event", "unknown", "fault.incident.event_unknown"}});
    return corrections::get(sql, data["correction"].get<std::int64_t>());
}

void undo(soci::session& sql, const action& act, std::int64_t event_id, int at_once) {
    undo_correction(sql, act, told_by(sql, act.number, event_id), at_once);
}

} // namespace relais::model::incidents
