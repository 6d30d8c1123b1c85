// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/ticket_actions.hpp"
#include "model/ticket_wait.hpp"

#include <cstdint>
#include <optional>
#include <tuple>
#include <vector>

namespace relais::model {

// A person who answers, or closes or forwards with some words, has a quarter of a minute to take them back: they leave only afterwards, by
// mail and on the follow-up page. Programs have none. Source: docs/decisions/0081-fifteen-seconds.md
struct reply_recall {
    std::int64_t message_id = 0, user_id = 0;
    sys_seconds until_at;
    auto fields() { return std::tie(message_id, user_id, until_at); }
};

namespace reply_recalls {

constexpr std::chrono::seconds delay{15};

// How a ticket stands before something is said, as it was read, with what it waits for.
struct standing {
    ticket on;
    std::optional<ticket_wait> wait;
};
standing stands(soci::session& sql, const ticket& on);

// What is said: whether "I wait for the citizen" was ticked, and whether the ticket is closed with it.
struct said {
    bool waits = false, closes = false;
};
// Notes how a ticket stood before these words, which leave at act.now + delay.
void begin(soci::session& sql, const standing& before, const tickets::action& act, std::int64_t message_id, said what);

// The last answer of this colleague on this ticket that may still be taken back.
std::optional<reply_recall> find(soci::session& sql, std::int64_t ticket_id, std::int64_t user_id, sys_seconds now);

// The answers of a ticket that have not left yet: the citizen does not read them.
std::vector<std::int64_t> held(soci::session& sql, std::int64_t ticket_id, sys_seconds now);

// A ticket as its people know it: words that have not left yet have neither answered nor closed it.
ticket as_known(soci::session& sql, ticket on, sys_seconds now);

// Takes it back: the message and its mail are gone, its text is a draft again (after what was being written meanwhile), and the ticket
// stands as before, unless somebody did something since. What these words closed is open again whatever was done since. Throws:
// conflict("conflict.reply_left") when it is too late, or is not theirs.
void take_back(soci::session& sql, const tickets::action& act, std::int64_t message_id);

// Forgets those whose time is over, a few hundred a call. Returns how many.
std::int64_t purge(soci::session& sql, sys_seconds now);

} // namespace reply_recalls

} // namespace relais::model
