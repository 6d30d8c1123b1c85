// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/broadcast.hpp"

#include <cstdint>
#include <string>

// How the people of a broadcast come into the outbox: by pages, each mailbox once. For model/broadcast.cpp only.
namespace relais::model::broadcast_queue {

// "broadcast:12:": the outbox rows of broadcast 12 have keys that begin so.
std::string key_prefix(std::int64_t id);

// Where the next page begins, and what this one did.
struct step {
    std::string phase;
    std::int64_t after_id = 0, queued = 0, by_phone = 0;
};
step next(soci::session& sql, const broadcast& of, int limit, sys_seconds now);

} // namespace relais::model::broadcast_queue
