// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/clock.hpp"
#include "model/event.hpp"

#include <soci/soci.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace relais::model {

// A telephone call, in or out, told by the telephone system or written down by an agent. Times in _at_us: microseconds UTC.
struct call {
    std::int64_t id = 0;
    std::string public_id;                 // what addresses show
    std::optional<std::string> system_key; // the telephone system's own name of it, hashed; none when written by hand
    std::string direction = "in";          // in, out
    std::string phone;                     // the citizen's, E.164; empty when withheld or not a number one can call
    std::string phone_given;               // as it came: "anonymous", "101"
    std::string line, queue;               // our number, and where it waited
    std::string state = "ringing";         // ringing, talking, ended
    std::int64_t started_at_us = 0;
    std::optional<std::int64_t> answered_at_us, ended_at_us;
    std::optional<std::int64_t> wait_s; // until somebody answered, or until it ended unanswered
    std::string outcome;                // answered, missed, abandoned, busy, voicemail, rejected, forwarded; empty while it goes on
    std::string cause, ended_by;        // ended_by: hangup, timeout, agent
    bool is_blocked = false;
    std::string rings_for, answered_by; // users, "12 15"; those who answered, in order, as "12" or "=201" for an unknown telephone
    std::optional<std::int64_t> agent_id;
    std::string agent_name;
    std::optional<std::int64_t> team_id;
    std::int64_t transfers = 0;
    std::string identity; // empty, or "confirmed" once two facts were checked
    std::optional<std::int64_t> citizen_id, dossier_id, ticket_id, message_id;
    std::string note;
    std::optional<sys_seconds> written_at; // when an agent wrote what was said
    std::int64_t version = 1;

    auto fields() {
        return std::tie(id, public_id, system_key, direction, phone, phone_given, line, queue, state, started_at_us, answered_at_us,
                        ended_at_us, wait_s, outcome, cause, ended_by, is_blocked, rings_for, answered_by, agent_id, agent_name, team_id,
                        transfers, identity, citizen_id, dossier_id, ticket_id, message_id, note, written_at, version);
    }
    sys_seconds started_at() const { return at_seconds(started_at_us / 1'000'000); }
    bool is_over() const { return state == "ended"; }
    // Nobody spoke to somebody who wanted us.
    bool is_lost() const {
        return direction == "in" && (outcome == "missed" || outcome == "abandoned" || outcome == "busy" || outcome == "voicemail");
    }
    std::optional<std::int64_t> talk_s() const {
        if (!answered_at_us || !ended_at_us) return std::nullopt;
        return (*ended_at_us - *answered_at_us) / 1'000'000;
    }
};
// The columns of `call::fields`, in their order.
extern const std::string call_columns;

struct call_line {
    call what;
    std::string reference, caller; // of the ticket it is linked to, and the name confirmed
    auto fields() { return std::tuple_cat(what.fields(), std::tie(reference, caller)); }
};

struct call_filter {
    std::optional<sys_seconds> from, to;
    std::string phone_ending; // two digits at least
    std::string reference;    // of the ticket
    std::string direction, outcome;
    bool only_lost = false;
    std::optional<std::int64_t> agent_id;
};

struct call_page {
    std::vector<call_line> lines;
    std::string next; // cursor; empty at the end
};

namespace calls {

constexpr int page_limit = 200;
constexpr std::size_t note_limit = 2000; // code points

// What may be told of a call's end (contract.md): answered, missed, abandoned, busy, voicemail.
bool is_outcome(std::string_view code);

// A call written down by hand or by a program. `public_id` is drawn here. Returns it whole. Missed, abandoned and the like count as lost.
call add(soci::session& sql, call what, const actor& who, sys_seconds now);
// Throws: not_found.
call get(soci::session& sql, std::string_view public_id);
call get(soci::session& sql, std::int64_t id);
// Newest first. Throws: invalid on "after" or "phone_ending".
call_page list(soci::session& sql, const call_filter& filter, std::string_view after, int limit);
// The calls with a citizen's number before this one, newest first.
std::vector<call> earlier(soci::session& sql, const call& than, int limit = 5);
// What a colleague is on now: ringing or talking, else one that ended in the last half hour and is not written yet. Newest first.
std::vector<call> of_agent(soci::session& sql, std::int64_t user, sys_seconds now);

// Ends the calls whose hangup never came: rung for longer than ring_s, or talked for longer than talk_s. At most `limit`; returns how many.
int close_stale(soci::session& sql, std::int64_t ring_s, std::int64_t talk_s, sys_seconds now, int limit = 200);

// Notes that a call is about a ticket; an unknown reference is left aside.
void join_ticket(soci::session& sql, const call& what, std::string_view reference);
// A request to dial that the telephone system did not take: the call never was. Nothing happens when it has moved on meanwhile.
void give_up(soci::session& sql, std::string_view public_id, sys_seconds now);
// An outgoing call that somebody asked for a moment ago is the one that now begins: it takes the telephone system's name.
std::optional<call> adopt(soci::session& sql, const call& begun, sys_seconds now);
// Puts a call begun elsewhere in the table; draws its public_id. Returns it whole.
call insert(soci::session& sql, call what);
// Tells what a call now is to those who must know: its event, and a callback wanted or dropped. what: "call.rings"...
void announce(soci::session& sql, const call& changed, const call& before, std::string_view what, const actor& who, sys_seconds now);
// Writes the changed state of a call, and announces it.
void keep(soci::session& sql, const call& changed, const call& before, std::string_view what, const actor& who, sys_seconds now);

} // namespace calls

} // namespace relais::model
