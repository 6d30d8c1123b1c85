// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/clock.hpp"
#include "model/database.hpp"

#include <soci/soci.h>

#include <cstdint>
#include <string>

// Events are sealed into blocks every minute: each holds the SHA-256 of its rows and of the block before, so that no ticket waits on a
// chain, and an event altered, added or taken away afterwards shows. Source: design.md section 5, security.md 4.16.
namespace relais::model::journal {

constexpr int block_limit = 2000; // events in a block

// Seals the next settled events, at most block_limit. Returns how many; 0 when there were none or another node sealed them first.
// What is sealed has settled (event_mark.hpp), whatever its own time.
std::int64_t seal(soci::session& sql, sys_seconds now);

struct findings {
    bool is_whole = true;
    std::int64_t blocks = 0, events = 0;
    std::int64_t broken_block = 0; // the first that is wrong
    std::string why;               // chain, content or stray: the block before, its own rows, rows between two blocks
    std::string last_hash;         // of the last block: what to write down elsewhere, since a tail that is cut shows nowhere else
};
// Reads the whole journal again, a block a visit; stops at the first fault. Waits for the database: for commands.
findings verify(database& from);

} // namespace relais::model::journal
