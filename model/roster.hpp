// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/clock.hpp"

#include <soci/soci.h>

#include <cstdint>
#include <optional>
#include <string_view>
#include <tuple>
#include <vector>

namespace relais::model {

// Who is on duty in one half hour.
struct roster_line {
    sys_seconds starts_at; // a whole half hour, UTC
    std::int64_t agents = 0;
    std::optional<std::int64_t> callback_seats; // how many callbacks may be promised in it; nothing: the configuration's number

    auto fields() { return std::tie(starts_at, agents, callback_seats); }
};

namespace rosters {

constexpr std::chrono::seconds half_hour{1800};

// The lines that begin within [from, to), in order; half hours that nobody planned are absent.
std::vector<roster_line> between(soci::session& sql, sys_seconds from, sys_seconds to);

// Writes a line, or replaces the one of its half hour.
// Throws: invalid on starts_at (not a half hour), agents or callback_seats (0 to 10,000).
void set(soci::session& sql, const roster_line& line, sys_seconds now);

// Forgets the plan of a half hour. False when there was none.
bool remove(soci::session& sql, sys_seconds starts_at);

// A week ("2026-W48") has a version, 1 until it is planned by somebody: who plans it says which they saw.
std::int64_t version(soci::session& sql, std::string_view week);
// The next to plan this week needs the next version. Throws: conflict("conflict.roster") when a colleague planned it since.
void take(soci::session& sql, std::string_view week, std::int64_t seen);

} // namespace rosters
} // namespace relais::model
