// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/call_figures.hpp"
#include "model/clock.hpp"

#include <soci/soci.h>

#include <cstdint>
#include <vector>

// What the calls of each half hour count for K1 to K3 and the forecast. Two days after, it is written down: a year is then read from some
// twenty thousand rows, and outlives the calls themselves. Source: docs/decisions/0096-calls-are-counted-then-forgotten.md
namespace relais::model {

struct call_count {
    sys_seconds starts_at; // of the half hour
    std::int64_t team_id = 0;
    call_figure figure;
};

namespace call_counts {

// What was counted over [from, to), in order: written down, or counted now from the calls of the last two days. from: a whole half hour.
std::vector<call_count> between(soci::session& sql, sys_seconds from, sys_seconds to);

// A call that began then has changed: if its half hour may be written down already, it is counted again.
void note_change(soci::session& sql, sys_seconds began_at, sys_seconds now);

// Writes down the next half hours that have settled, a week of them at most, and counts again those that changed. True when more remain.
bool advance(soci::session& sql, sys_seconds now);

// Lets everything be counted again by advance, from the calls that are left: what is before the forgotten ones stays as it was written
// down.
void begin_again(soci::session& sql);

// Forgets the calls that began more than `days` ago and are written down; those that are part of a ticket stay with it. At most `limit`;
// returns how many.
std::int64_t forget_calls(soci::session& sql, int days, sys_seconds now, int limit = 500);

} // namespace call_counts
} // namespace relais::model
