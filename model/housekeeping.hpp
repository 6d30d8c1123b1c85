// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/clock.hpp"
#include "model/retention.hpp"

#include <soci/soci.h>

#include <cstdint>

namespace relais::model::housekeeping {

// Forgets what has served its time: ended sessions (a day), sign-in failures (a day), idempotency keys (72 hours),
// drafts nobody came back to (90 days), calls, events of the telephone system and people of ended callbacks (as `days` says), addresses of
// participants who left (30 days); a few hundred
// rows a call, so that it never holds the database. Returns how many. Source: security.md line 75.
std::int64_t forget(soci::session& sql, const retention_days& days, sys_seconds now);

} // namespace relais::model::housekeeping
