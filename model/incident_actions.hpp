// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/incident.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// What people and rules do to an incident. Each follows the table of model/incident_state.hpp, compares the version that was seen, and
// writes its event in the same transaction. All throw not_found; conflict("conflict.version") when it has changed since;
// conflict("conflict.incident_state") when its state does not allow the action, and conflict("conflict.merged") when it was merged.
namespace relais::model::incidents {

// Who acts, on which version of which incident. version 0: whatever it is now.
struct action {
    std::int64_t number = 0;
    std::int64_t version = 0;
    actor who;
    sys_seconds now;
};

// Reserves the incident for an action of the table and moves it to the state the table names; returns what it was before. Whatever a person
// does to it, they have reviewed it.
incident take(soci::session& sql, const action& act, std::string_view noun);
// The event of an action: "incident.<what>".
void record(soci::session& sql, const action& act, std::string_view what, const nlohmann::json& data);

// What became of the last hand-over, unless it was answered already: accepted, returned, dismissed or merged.
void answer_hand_over(soci::session& sql, const action& act, std::string_view outcome, std::string_view reason);
// Tickets that wait for the incident, being evidence of it or not, come back to those who treat them.
void move_on(soci::session& sql, const action& act);

// A group large enough, or opened by a person: somebody should read it.
void propose(soci::session& sql, const action& act);
// What people had dismissed comes much more often than when they did. numbers: what says so.
void propose_again(soci::session& sql, const action& act, const nlohmann::json& numbers);
// It became too small again before anybody read it.
void withdraw(soci::session& sql, const action& act);
// It is real. `what` completes what the machine could not know; empty members change nothing.
struct confirmation {
    std::string title, nature, cause_owner, severity;
};
void confirm(soci::session& sql, const action& act, const confirmation& what);
// Hands it over to the resolution team. rule: "person" or one of escalation_rules; numbers: what it counted. Throws:
// conflict("conflict.calm") within a day of the last hand-over or of its return, unless a person escalates.
void escalate(soci::session& sql, const action& act, std::string_view rule, const nlohmann::json& numbers);
void accept(soci::session& sql, const action& act);
// Sent back to the contact centre; counted. Throws: invalid on "reason" when it is empty.
void send_back(soci::session& sql, const action& act, std::string_view reason);
// What can be done meanwhile. published: the public words are shown to everybody, under its public title (the incident's own when it is
// empty).
struct workaround {
    std::string public_title, public_text, internal_text;
    bool is_published = false;
};
void set_workaround(soci::session& sql, const action& act, const workaround& what);
void set_cause(soci::session& sql, const action& act, std::string_view cause_owner, std::string_view text);
// The words and codes of the incident itself, and of a legal case not covered.
struct description {
    std::string title, text, nature, severity, law_article, law_persons, law_procedure;
    bool is_security = false, is_hardship = false;
};
void describe(soci::session& sql, const action& act, const description& what);
// How its dossiers are stuck, as a person knows it.
struct stuck_state {
    std::string procedure, status, error_code, release;
};
void set_stuck_state(soci::session& sql, const action& act, const stuck_state& what);
// The fix is announced for a day and a release.
void schedule(soci::session& sql, const action& act, sys_seconds at, std::string_view release);
// The fix is out since released_at. Tickets that waited for it move on (model/broadcast.hpp tells the people).
void fix(soci::session& sql, const action& act, sys_seconds released_at, std::string_view release);
// Every dossier was read again (model/verification.hpp). Only then may it be closed.
void verify(soci::session& sql, const action& act);
void close(soci::session& sql, const action& act);
// Not over, or not "not a bug": confirmed again, as a new episode when it had been fixed. Throws: invalid on "reason" when it is empty.
void reopen(soci::session& sql, const action& act, std::string_view reason);
// Tickets came back after the fix: a new episode, in the resolution team's hands at once. evidence: the numbers that say so.
void regress(soci::session& sql, const action& act, const nlohmann::json& evidence);

} // namespace relais::model::incidents
