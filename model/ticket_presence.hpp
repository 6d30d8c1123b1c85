// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/clock.hpp"
#include "model/event.hpp"

#include <soci/soci.h>

#include <cstdint>
#include <string>
#include <tuple>
#include <vector>

namespace relais::model {

// Somebody who has a ticket on their screen.
struct ticket_presence {
    std::int64_t user_id = 0;
    std::string name;
    bool is_writing = false;
    auto fields() { return std::tie(user_id, name, is_writing); }
};

namespace ticket_presences {

constexpr int seen_s = 45; // a screen tells every 15 s that it is still there

// Their screen is there. The others on the ticket are told when somebody comes, and begins or ceases to write; alone, nothing is recorded.
void seen(soci::session& sql, std::int64_t ticket_id, const actor& who, bool is_writing, sys_seconds now);
void left(soci::session& sql, std::int64_t ticket_id, const actor& who, sys_seconds now);
// Who else is there, by name, at most 50.
std::vector<ticket_presence> others(soci::session& sql, std::int64_t ticket_id, std::int64_t user_id);
// Forgets screens that are gone, a few hundred a call. Returns how many.
std::int64_t purge(soci::session& sql);

} // namespace ticket_presences

} // namespace relais::model
