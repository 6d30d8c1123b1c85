// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/clock.hpp"

#include <soci/soci.h>

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

namespace relais::model {

// What the key figures count of one ticket: small facts, each with the instant of the period it belongs to, so that a figure of any period
// is a sum over an index. Made from the ticket's rows alone: made again, they are the same. Source: domain.md 4.6.
struct figure_fact {
    std::int64_t ticket_id = 0, team_id = 0; // 0: no team
    std::string department, procedure, channel;
    std::optional<std::int64_t> dossier_id;
    sys_seconds received_at;
    bool is_repeat = false;                   // K9: an earlier ticket of the same dossier and category within 30 days
    bool is_acknowledged = false;             // K4: an acknowledgement was owed by mail...
    bool is_acknowledged_fast = false;        // ...left within a minute...
    bool is_acknowledged_late = false;        // ...or took more than 7 days
    std::optional<sys_seconds> judged_at;     // K5, K6: first reply, or the last deadline that passed without one
    bool is_fast = false, is_in_time = false; // within the first and the last deadline
    std::optional<sys_seconds> closed_at;
    bool is_announced = false, is_kept = false;  // K7: closed with a date announced, by that date
    bool is_linkable = false, is_linked = false; // K11: should have a dossier at closure, has one
    std::optional<sys_seconds> settled_at;       // K8: 14 days after the closure
    bool is_first_contact = false;               // nobody had to write or call again until then
    std::optional<sys_seconds> rated_at;         // K10
    std::int64_t rating = 0;                     // 0 to 10
    std::optional<sys_seconds> access_at;        // K18: an accessibility complaint answered, or a week without an answer
    bool is_access_kept = false;
    std::optional<sys_seconds> again_at; // when time alone will have changed something
    std::int64_t agent_id = 0;           // who it was given to or, when nobody, who answered first; 0: nobody yet
    bool is_merged = false;              // joined another ticket: received, and nothing else
    std::optional<sys_seconds> old_at;   // K20: open for 30 days by then; nothing when it was closed or merged before

    static constexpr auto columns =
        "ticket_id, team_id, department, procedure_code, channel, dossier_id, received_at, is_repeat, is_acknowledged, "
        "is_acknowledged_fast, is_acknowledged_late, judged_at, is_fast, is_in_time, closed_at, is_announced, is_kept, is_linkable, "
        "is_linked, settled_at, is_first_contact, rated_at, rating, access_at, is_access_kept, again_at, agent_id, is_merged, old_at";
    auto fields() {
        return std::tie(ticket_id, team_id, department, procedure, channel, dossier_id, received_at, is_repeat, is_acknowledged,
                        is_acknowledged_fast, is_acknowledged_late, judged_at, is_fast, is_in_time, closed_at, is_announced, is_kept,
                        is_linkable, is_linked, settled_at, is_first_contact, rated_at, rating, access_at, is_access_kept, again_at,
                        agent_id, is_merged, old_at);
    }
};

namespace figure_facts {

constexpr int fast_days = 2, answer_days = 5;          // K5, working days
constexpr int letter_fast_days = 10, letter_days = 15; // K6
constexpr int contact_days = 14, repeat_days = 30;     // K8, K9
constexpr int access_days = 7;                         // K18
constexpr int old_days = 30;                           // K20
constexpr std::int64_t acknowledged_fast_s = 60;       // K4
constexpr int page = 500;                              // tickets in one transaction

// Makes the facts of these tickets again; those that are gone have none.
void refresh(soci::session& sql, const std::vector<std::int64_t>& tickets, sys_seconds now);

// Makes the facts of the next tickets that changed, with those of the tickets whose facts depend on them. Returns how many changed; zero:
// everything that was there at `now` is counted.
int follow(soci::session& sql, sys_seconds now, int limit = page);
// Until when everything is counted; nothing before the first end of follow().
std::optional<sys_seconds> counted_until(soci::session& sql);

// All of them again, a page at a time, beside those who count and those who read: what is not made again yet stands, and facts of tickets
// that are gone go with their page. Returns the last ticket read, to go on from; nothing at the end.
std::optional<std::int64_t> rebuild_next(soci::session& sql, std::int64_t after, sys_seconds now, int limit = page);
// How many tickets are counted.
std::int64_t count(soci::session& sql);

} // namespace figure_facts

} // namespace relais::model
