// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/call_state.hpp"

#include <soci/soci.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace relais::model {

// What came from the telephone system, and what became of it: for the page where one looks why a call did not show.
struct cti_line {
    std::int64_t id = 0;
    sys_seconds received_at;
    std::string sender, verdict, kind;
    std::optional<std::int64_t> call_id;
    std::string raw, public_id; // the call's

    auto fields() { return std::tie(id, received_at, sender, verdict, kind, call_id, raw, public_id); }
};

struct blocked_number {
    std::string phone, reason, blocked_by;
    sys_seconds created_at, until_at;
    auto fields() { return std::tie(phone, reason, blocked_by, created_at, until_at); }
};

struct extension_line {
    std::int64_t user_id = 0;
    std::string login, name, numbers; // "201, 202"
    std::int64_t version = 1;         // of the account
    auto fields() { return std::tie(user_id, login, name, numbers, version); }
};

struct phone_queue_line {
    std::string name;
    std::optional<std::int64_t> team_id;
    std::string team;
    auto fields() { return std::tie(name, team_id, team); }
};

namespace cti {

constexpr std::size_t raw_limit_bytes = 2000;

// What an event did. verdict: opened, rings, answered, transferred, ended, duplicate, blocked; or, when it was not understood,
// not_readable, event_missing, event_unknown, call_id_missing, direction_unknown, cause_unknown.
struct taken {
    std::string verdict;
    bool rejects = false; // the telephone system must not put the call through
};

// Who sent it: a token of the role telephony.
struct sender {
    std::int64_t token_id = 0;
    std::string name;
};

// Takes an event, once for each (call, event, user, answeringNumber, cause); keeps it as it came. In any order.
taken take(soci::session& sql, const cti_event& what, std::string_view raw, const sender& from, sys_seconds now);
// Keeps one that was not understood.
void note_unread(soci::session& sql, std::string_view verdict, std::string_view kind, std::string_view raw, const sender& from,
                 sys_seconds now);

// The last events, newest first. only_unread: those that were not understood.
std::vector<cti_line> recent(soci::session& sql, bool only_unread, int limit = 100);
// Forgets those older than `days`, since they hold telephone numbers; at most `limit`; returns how many.
std::int64_t purge(soci::session& sql, int days, sys_seconds now, int limit = 500);

// Whose telephone it is: by extension, then login, then number of account; for `user` by login, then by name.
answerer who_answers(soci::session& sql, std::string_view answering_number, const std::vector<std::string>& users);

} // namespace cti

namespace extensions {

std::vector<extension_line> list(soci::session& sql);
// Gives a colleague these extensions ("201, 202"), and takes back the others. seen: the version of their account that was shown; 0 for
// whatever it is. Throws: invalid on "extension" when another has one; conflict("conflict.extension") when somebody changed the account
// since.
void set(soci::session& sql, std::int64_t user, std::string_view numbers, const actor& who, sys_seconds now, std::int64_t seen = 0);
// The first extension of a colleague; empty when none.
std::string of(soci::session& sql, std::int64_t user);

} // namespace extensions

namespace phone_queues {

std::vector<phone_queue_line> list(soci::session& sql);
// Every team, by name.
std::vector<std::pair<std::int64_t, std::string>> teams(soci::session& sql);
// seen: the team that was shown. Throws: conflict("conflict.queue") when it has another by now.
void set_team(soci::session& sql, std::string_view name, std::optional<std::int64_t> team, std::optional<std::int64_t> seen,
              const actor& who, sys_seconds now);

} // namespace phone_queues

namespace blocked_numbers {

// Refuses the calls of a number for `days`. Throws: invalid on "phone" or "reason".
void add(soci::session& sql, std::string_view phone, std::string_view reason, int days, const actor& who, sys_seconds now);
void remove(soci::session& sql, std::string_view phone, const actor& who, sys_seconds now);
std::vector<blocked_number> list(soci::session& sql, sys_seconds now);
bool is_blocked(soci::session& sql, std::string_view phone, sys_seconds now);

} // namespace blocked_numbers

} // namespace relais::model
