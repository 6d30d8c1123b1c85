// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/clock.hpp"
#include "model/event.hpp"

#include <soci/soci.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace relais::model {

// A known problem that many tickets report. Its id is the number people say. States and actions: model/incident_state.hpp.
struct incident {
    std::int64_t id = 0;
    std::string state = "watched";
    std::optional<std::int64_t> merged_into;
    std::string title, description, nature, cause_owner, cause_text;
    std::string severity = "normal"; // minor, normal, major, critical
    bool is_security = false, is_hardship = false;
    std::string public_title, public_workaround, internal_workaround;
    std::string law_article, law_persons,
        law_procedure; // of a legal case not covered: the text, whom it concerns, what prefectures do by hand
    std::string stuck_procedure, stuck_status, stuck_error_code, stuck_release; // how the dossiers hit are stuck
    bool is_stuck_chosen = false;                                               // by a person: the machine leaves it alone
    std::int64_t episode = 1;
    bool is_reviewed = false;       // a person said what belongs to it: the machine never changes that again, it only suggests
    bool is_fix_incomplete = false; // dossiers did not move after the fix
    std::int64_t returned = 0;      // how often the resolution team returned it
    std::int64_t tickets = 0, citizens = 0, dossiers = 0;
    std::int64_t contacts = 0;              // all that people said in its tickets, as reports::follow last found it
    std::int64_t followers = 0, me_too = 0; // who asked to be told, and who only said "me too"
    std::string legal_on;                   // YYYY-MM-DD: the first implicit decision among its tickets still open; empty: none
    std::string fix_release;
    sys_seconds created_at;
    std::optional<sys_seconds> first_ticket_at, last_ticket_at, proposed_at, confirmed_at, escalated_at, accepted_at, workaround_at,
        published_at, dated_at, fix_at, fixed_at, verified_at, closed_at, calm_until_at, burst_at;
    sys_seconds updated_at;
    std::int64_t version = 1;

    auto fields() {
        return std::tie(id, state, merged_into, title, description, nature, cause_owner, cause_text, severity, is_security, is_hardship,
                        public_title, public_workaround, internal_workaround, law_article, law_persons, law_procedure, stuck_procedure,
                        stuck_status, stuck_error_code, stuck_release, is_stuck_chosen, episode, is_reviewed, is_fix_incomplete, returned,
                        tickets, citizens, dossiers, contacts, followers, me_too, legal_on, fix_release, created_at, first_ticket_at,
                        last_ticket_at, proposed_at, confirmed_at, escalated_at, accepted_at, workaround_at, published_at, dated_at, fix_at,
                        fixed_at, verified_at, closed_at, calm_until_at, burst_at, updated_at, version);
    }
    // A merge or a dismissal hides the words from everybody, and its undoing shows them again.
    bool is_published() const { return published_at && !merged_into && state != "dismissed"; }
};
// The columns of `incident::fields`, in their order, to stand after SELECT.
extern const std::string incident_columns;

// One recurrence of an incident.
struct incident_episode {
    std::int64_t number = 1;
    std::string reason;   // first, regression, reopening
    std::string evidence; // JSON: the numbers that said so
    sys_seconds started_at;
    std::optional<sys_seconds> fixed_at;
    std::string fix_release;
    auto fields() { return std::tie(number, reason, evidence, started_at, fixed_at, fix_release); }
};

namespace incidents {

constexpr int page_limit = 200;

// By number, merged ones included. Throws: not_found.
incident get(soci::session& sql, std::int64_t number);
std::optional<incident> find(soci::session& sql, std::int64_t number);
// What it has become part of, however often it was merged; itself when it was not. Throws: not_found.
incident surviving(soci::session& sql, std::int64_t number);

// What a new incident is known by. state: watched, proposed or confirmed.
struct draft {
    std::string state = "watched", title, nature, cause_owner, description;
    bool is_reviewed = false;
};
// Opens an incident with its first episode and its event; returns its number.
std::int64_t open(soci::session& sql, const draft& what, const actor& who, sys_seconds now);

// Which incidents are asked for. Empty members do not matter; merged ones are never listed.
struct filter {
    std::string state; // one of incident_states::all, "open" (what the board shows) or empty: all but watched
    std::optional<sys_seconds> updated_since;
};
struct page {
    std::vector<incident> items;
    std::string next; // where the next page begins; empty: this was the last
};
// The last touched first; with updated_since, the last touched last. after: the `next` of the page before. Throws: invalid on "after".
page list(soci::session& sql, const filter& wanted, std::string_view after, int limit);

// The board of the resolution team, by state: of each at most `a_state`, those whom the law's clocks press first, then the oldest.
constexpr int board_column = 100;
std::vector<incident> board(soci::session& sql, int a_state = board_column);
// How many there are on it, by state.
std::map<std::string, std::int64_t> board_counts(soci::session& sql);
// Published and not dismissed, the last published first: what everybody may read.
std::vector<incident> published(soci::session& sql, int limit = 100);

std::vector<incident_episode> episodes(soci::session& sql, std::int64_t number);

} // namespace incidents

} // namespace relais::model
