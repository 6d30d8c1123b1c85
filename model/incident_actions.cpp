// SPDX-License-Identifier: EUPL-1.2
#include "model/incident_actions.hpp"

#include "model/broadcast.hpp"
#include "model/cause_owner.hpp"
#include "model/error.hpp"
#include "model/incident_state.hpp"
#include "model/portal_release.hpp"
#include "model/sql.hpp"

#include <algorithm>
#include <array>

namespace relais::model::incidents {

namespace {

constexpr auto calm = std::chrono::hours(24); // after a hand-over or its return, before the rules hand it over again
constexpr auto natures = std::to_array<std::string_view>({"software_defect", "data_error", "legal_case_not_covered", "process_delay"});
constexpr auto severities = std::to_array<std::string_view>({"minor", "normal", "major", "critical"});

// One fault unless the code is empty or known.
template <class Codes>
void check_code(std::vector<field_fault>& faults, std::string_view field, std::string_view code, const Codes& known) {
    if (!code.empty() && std::find(known.begin(), known.end(), code) == known.end())
        faults.push_back({std::string(field), "unknown", "fault.parameter.unknown"});
}
void refuse(std::vector<field_fault> faults) {
    if (!faults.empty()) throw invalid(std::move(faults));
}

void need(std::string_view field, std::string_view text) {
    if (text.find_first_not_of(" \n\t") == std::string_view::npos)
        throw invalid({{std::string(field), "missing", "fault.incident." + std::string(field) + "_missing"}});
}

void stamp(soci::session& sql, const action& act, const std::string& column) {
    sql::change(sql, "UPDATE incident SET " + column + " = :now WHERE id = :id", act.now, act.number);
}

// Keeps the first: commitments run from there.
void stamp_first(soci::session& sql, const action& act, const std::string& column) {
    sql::change(sql, "UPDATE incident SET " + column + " = :now WHERE id = :id AND " + column + " IS NULL", act.now, act.number);
}

// The workaround of an episode that has one already is given with the hand-over.
void hand_over(soci::session& sql, const action& act, std::int64_t episode, std::string_view rule, const nlohmann::json& numbers) {
    sql::change(sql,
                "INSERT INTO escalation (incident_id, episode, rule, numbers, actor_name, escalated_at, workaround_at) VALUES (:incident, "
                ":episode, :rule, :numbers, :actor, :now, (SELECT CASE WHEN workaround_at IS NULL THEN NULL ELSE :given END FROM "
                "incident_episode WHERE incident_id = :of AND number = :number))",
                act.number, episode, rule, numbers.dump(), act.who.name, act.now, act.now, act.number, episode);
    sql::change(sql, "UPDATE incident SET escalated_at = :now, accepted_at = NULL, dated_at = NULL, calm_until_at = :calm WHERE id = :id",
                act.now, act.now + calm, act.number);
}

std::optional<std::int64_t> last_hand_over(soci::session& sql, std::int64_t number) {
    return sql::first<std::int64_t>(sql, "SELECT id FROM escalation WHERE incident_id = :incident ORDER BY id DESC LIMIT 1", number);
}

// The last hand-over keeps its promise, if it is of this episode: what an earlier one waited for came in its own time or not at all.
void keep_promise(soci::session& sql, const action& act, std::int64_t episode, const std::string& column) {
    auto last = last_hand_over(sql, act.number);
    if (!last) return;
    sql::change(sql, "UPDATE escalation SET " + column + " = :now WHERE id = :id AND episode = :episode AND " + column + " IS NULL",
                act.now, *last, episode);
}

void give_workaround(soci::session& sql, const action& act, std::int64_t episode) {
    stamp_first(sql, act, "workaround_at");
    sql::change(sql,
                "UPDATE incident_episode SET workaround_at = :now WHERE incident_id = :incident AND number = :episode AND workaround_at IS "
                "NULL",
                act.now, act.number, episode);
    keep_promise(sql, act, episode, "workaround_at");
}

std::int64_t begin_episode(soci::session& sql, const action& act, std::int64_t after, std::string_view reason,
                           const nlohmann::json& evidence) {
    sql::change(sql,
                "INSERT INTO incident_episode (incident_id, number, reason, evidence, started_at) VALUES (:incident, :number, :reason, "
                ":evidence, :now)",
                act.number, after + 1, reason, evidence.dump(), act.now);
    sql::change(sql,
                "UPDATE incident SET episode = :episode, fix_at = NULL, fix_release = '', fixed_at = NULL, verified_at = NULL, closed_at = "
                "NULL, is_fix_incomplete = 0 WHERE id = :id",
                after + 1, act.number);
    broadcasts::withdraw_fix(sql, {act.number, 0, act.who, act.now});
    return after + 1;
}

// It is not dismissed any more: there is nothing to undo, and what it told everybody is read by somebody before it is told again.
void end_dismissal(soci::session& sql, const action& act) {
    sql::change(sql, "UPDATE correction SET undone_at = :now WHERE incident_id = :id AND kind = 'dismiss' AND undone_at IS NULL", act.now,
                act.number);
    sql::change(sql, "UPDATE incident SET published_at = NULL WHERE id = :id", act.number);
}

} // namespace

void answer_hand_over(soci::session& sql, const action& act, std::string_view outcome, std::string_view reason) {
    auto last = last_hand_over(sql, act.number);
    if (!last) return;
    sql::change(sql,
                "UPDATE escalation SET outcome = :outcome, reason = :reason, outcome_by = :who, outcome_at = :now WHERE id = :id AND "
                "outcome = ''",
                outcome, reason, act.who.name, act.now, *last);
}

void move_on(soci::session& sql, const action& act) {
    sql::change(sql,
                "UPDATE ticket SET status = 'open', waiting_reason = '', is_active = 1, version = version + 1, updated_at = :now WHERE "
                "status = 'waiting' AND waiting_reason = 'incident' AND (EXISTS (SELECT 1 FROM report WHERE report.ticket_id = ticket.id "
                "AND report.incident_id = :incident) OR EXISTS (SELECT 1 FROM ticket_wait WHERE ticket_wait.ticket_id = ticket.id AND "
                "ticket_wait.ended_at IS NULL AND ticket_wait.reason = 'incident' AND ticket_wait.detail = :number))",
                act.now, act.number, std::to_string(act.number));
}

incident take(soci::session& sql, const action& act, std::string_view noun) {
    auto found = get(sql, act.number);
    if (found.merged_into) throw conflict("conflict.merged");
    const auto* step = incident_states::find(noun, found.state);
    if (!step) throw conflict("conflict.incident_state");
    auto to = step->to.empty() ? std::string_view(found.state) : step->to;
    auto expected = act.version == 0 ? found.version : act.version;
    auto taken = sql::change(sql,
                             "UPDATE incident SET state = :state, is_listed = :is_listed, is_reviewed = CASE WHEN :person = 1 THEN 1 ELSE "
                             "is_reviewed END, version = version + 1, updated_at = :now WHERE id = :id AND version = :version AND state = "
                             ":from",
                             to, incident_states::is_listed(to), act.who.kind != "system", act.now, act.number, expected, found.state);
    if (taken == 0) throw conflict("conflict.version");
    return found;
}

void record(soci::session& sql, const action& act, std::string_view what, const nlohmann::json& data) {
    events::record(sql, act.who, "incident." + std::string(what), "incident", act.number, data, act.now);
}

void propose(soci::session& sql, const action& act) {
    take(sql, act, "proposal");
    stamp_first(sql, act, "proposed_at");
    record(sql, act, "proposed", nlohmann::json::object());
}

void propose_again(soci::session& sql, const action& act, const nlohmann::json& numbers) {
    take(sql, act, "second_look");
    end_dismissal(sql, act);
    record(sql, act, "proposed", numbers);
}

void withdraw(soci::session& sql, const action& act) {
    take(sql, act, "withdrawal");
    sql::change(sql, "UPDATE incident SET proposed_at = NULL WHERE id = :id", act.number);
    record(sql, act, "withdrawn", nlohmann::json::object());
}

void confirm(soci::session& sql, const action& act, const confirmation& what) {
    std::vector<field_fault> faults;
    check_code(faults, "nature", what.nature, natures);
    check_code(faults, "cause_owner", what.cause_owner, cause_owners::all);
    check_code(faults, "severity", what.severity, severities);
    refuse(std::move(faults));
    auto before = take(sql, act, "confirmation");
    auto set = [&](const std::string& column, const std::string& value) {
        if (!value.empty()) sql::change(sql, "UPDATE incident SET " + column + " = :value WHERE id = :id", value, act.number);
    };
    set("title", what.title), set("nature", what.nature), set("cause_owner", what.cause_owner), set("severity", what.severity);
    stamp_first(sql, act, "proposed_at"), stamp_first(sql, act, "confirmed_at");
    record(sql, act, "confirmed",
           {{"nature", what.nature},
            {"nature_from", before.nature},
            {"cause_owner", what.cause_owner},
            {"cause_owner_from", before.cause_owner},
            {"severity", what.severity},
            {"severity_from", before.severity}});
}

void escalate(soci::session& sql, const action& act, std::string_view rule, const nlohmann::json& numbers) {
    auto before = get(sql, act.number);
    if (rule != "person" && before.calm_until_at && *before.calm_until_at > act.now) throw conflict("conflict.calm");
    take(sql, act, "escalation");
    hand_over(sql, act, before.episode, rule, numbers);
    record(sql, act, "escalated", {{"rule", rule}, {"numbers", numbers}});
}

void accept(soci::session& sql, const action& act) {
    take(sql, act, "acceptance");
    stamp(sql, act, "accepted_at");
    answer_hand_over(sql, act, "accepted", "");
    record(sql, act, "accepted", nlohmann::json::object());
}

void send_back(soci::session& sql, const action& act, std::string_view reason) {
    need("reason", reason);
    take(sql, act, "return");
    sql::change(sql, "UPDATE incident SET returned = returned + 1, calm_until_at = :calm WHERE id = :id", act.now + calm, act.number);
    answer_hand_over(sql, act, "returned", reason);
    record(sql, act, "returned", {{"reason", reason}});
}

void set_workaround(soci::session& sql, const action& act, const workaround& what) {
    auto title = what.public_title.empty() ? get(sql, act.number).title : what.public_title;
    if (what.is_published) {
        std::vector<field_fault> faults;
        if (title.empty()) faults.push_back({"public_title", "missing", "fault.incident.public_title_missing"});
        if (what.public_text.empty()) faults.push_back({"public", "missing", "fault.incident.public_missing"});
        refuse(std::move(faults));
    }
    auto before = take(sql, act, "workaround");
    sql::change(sql,
                "UPDATE incident SET public_title = :title, public_workaround = :public, internal_workaround = :internal WHERE id = :id",
                title, what.public_text, what.internal_text, act.number);
    if (!what.public_text.empty() || !what.internal_text.empty()) give_workaround(sql, act, before.episode);
    if (what.is_published)
        stamp_first(sql, act, "published_at");
    else
        sql::change(sql, "UPDATE incident SET published_at = NULL WHERE id = :id", act.number);
    record(sql, act, "workaround", {{"is_published", what.is_published}});
}

void set_cause(soci::session& sql, const action& act, std::string_view cause_owner, std::string_view text) {
    if (!cause_owners::is_known(cause_owner)) throw invalid({{"cause_owner", "unknown", "fault.parameter.unknown"}});
    auto before = take(sql, act, "cause");
    sql::change(sql, "UPDATE incident SET cause_owner = :owner, cause_text = :text WHERE id = :id", cause_owner, text, act.number);
    record(sql, act, "cause", {{"from", before.cause_owner}, {"to", cause_owner}});
}

void describe(soci::session& sql, const action& act, const description& what) {
    std::vector<field_fault> faults;
    check_code(faults, "nature", what.nature, natures);
    check_code(faults, "severity", what.severity, severities);
    if (what.title.empty()) faults.push_back({"title", "missing", "fault.incident.title_missing"});
    refuse(std::move(faults));
    auto before = take(sql, act, "description");
    sql::change(sql,
                "UPDATE incident SET title = :title, description = :text, nature = :nature, severity = :severity, law_article = :article, "
                "law_persons = :persons, law_procedure = :procedure, is_security = :security, is_hardship = :hardship WHERE id = :id",
                what.title, what.text, what.nature, what.severity.empty() ? std::string("normal") : what.severity, what.law_article,
                what.law_persons, what.law_procedure, what.is_security, what.is_hardship, act.number);
    record(sql, act, "described",
           {{"from", before.nature}, {"to", what.nature}, {"severity", what.severity}, {"severity_from", before.severity}});
}

void set_stuck_state(soci::session& sql, const action& act, const stuck_state& what) {
    take(sql, act, "description");
    sql::change(sql,
                "UPDATE incident SET stuck_procedure = :procedure, stuck_status = :status, stuck_error_code = :code, stuck_release = "
                ":release, is_stuck_chosen = 1 WHERE id = :id",
                what.procedure, what.status, what.error_code, what.release, act.number);
    record(sql, act, "stuck_state",
           {{"procedure", what.procedure}, {"status", what.status}, {"error_code", what.error_code}, {"release", what.release}});
}

void schedule(soci::session& sql, const action& act, sys_seconds at, std::string_view release) {
    auto before = take(sql, act, "schedule");
    sql::change(sql, "UPDATE incident SET fix_at = :at, fix_release = :release WHERE id = :id", at, release, act.number);
    stamp_first(sql, act, "dated_at");
    keep_promise(sql, act, before.episode, "dated_at");
    record(sql, act, "scheduled", {{"at", seconds(at)}, {"release", release}});
}

void fix(soci::session& sql, const action& act, sys_seconds released_at, std::string_view release) {
    if (released_at > act.now) throw invalid({{"released_at", "future", "fault.incident.released_at_future"}});
    auto before = take(sql, act, "fix");
    sql::change(sql, "UPDATE incident SET fixed_at = :at, fix_release = :release, is_fix_incomplete = 0 WHERE id = :id", released_at,
                release, act.number);
    sql::change(sql, "UPDATE incident_episode SET fixed_at = :at, fix_release = :release WHERE incident_id = :id AND number = :episode",
                released_at, release, act.number, before.episode);
    portal_releases::set(sql, release, released_at);
    sql::change(sql, "UPDATE report SET verification = '', verified_at = NULL WHERE incident_id = :id", act.number);
    answer_hand_over(sql, act, "accepted", ""); // what is fixed was taken on
    move_on(sql, act);
    record(sql, act, "fixed", {{"released_at", seconds(released_at)}, {"release", release}});
}

void verify(soci::session& sql, const action& act) {
    take(sql, act, "verification");
    stamp(sql, act, "verified_at");
    sql::change(sql, "UPDATE incident SET is_fix_incomplete = 0 WHERE id = :id", act.number);
    record(sql, act, "verified", nlohmann::json::object());
}

void close(soci::session& sql, const action& act) {
    take(sql, act, "closure");
    stamp(sql, act, "closed_at");
    record(sql, act, "closed", nlohmann::json::object());
}

void reopen(soci::session& sql, const action& act, std::string_view reason) {
    need("reason", reason);
    auto before = take(sql, act, "reopening");
    if (incident_states::is_fixed(before.state)) begin_episode(sql, act, before.episode, "reopening", {{"reason", reason}});
    if (before.state == "dismissed") end_dismissal(sql, act);
    stamp_first(sql, act, "confirmed_at");
    record(sql, act, "reopened", {{"from", before.state}, {"reason", reason}});
}

void regress(soci::session& sql, const action& act, const nlohmann::json& evidence) {
    auto before = take(sql, act, "regression");
    auto episode = begin_episode(sql, act, before.episode, "regression", evidence);
    hand_over(sql, act, episode, "regression", evidence);
    record(sql, act, "regressed", {{"episode", episode}, {"numbers", evidence}});
    // Those who were told that it was fixed are told that it is not.
    if (broadcasts::has_told_fixed(sql, act.number)) broadcasts::start(sql, {act.number, 0, act.who, act.now}, "regression", "");
}

} // namespace relais::model::incidents
