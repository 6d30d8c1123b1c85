// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/callback_rules.hpp"
#include "model/clock.hpp"

#include <soci/soci.h>

#include <cstdint>
#include <optional>
#include <vector>

namespace relais::model {

// A stretch in which a call may be promised.
struct callback_slot {
    sys_seconds starts_at, ends_at;
    bool is_extended = false; // outside the centre's ordinary hours
    std::int64_t capacity = 0;
    std::int64_t left = 0;
};

// A promised call has a seat: a row whose (slot, number) is unique. Whatever the database, two who take the last one are one and none.
namespace callback_slots {

// The slots that may be offered to somebody there, full or not, within [from, to): both sides' hours and holidays, the notice, the number
// of days ahead. Those who live where the centre's hours are the night have the extended ones too. Pure.
std::vector<callback_slot> grid(const callback_rules& rules, const callback_place& place, sys_seconds from, sys_seconds to,
                                sys_seconds now);

// The same with what is left of each: the roster's seats, or the configuration's, less those taken.
std::vector<callback_slot> offered(soci::session& sql, const callback_rules& rules, const callback_place& place, sys_seconds from,
                                   sys_seconds to, sys_seconds now);

// The slot that begins then, if it is offered.
std::optional<callback_slot> find(soci::session& sql, const callback_rules& rules, const callback_place& place, sys_seconds starts_at,
                                  sys_seconds now);

// At most `limit` slots with a seat left, the nearest to that moment first; all of those offered count.
std::vector<callback_slot> nearest(soci::session& sql, const callback_rules& rules, const callback_place& place, sys_seconds to,
                                   sys_seconds now, std::size_t limit = 5);

// Takes a seat for a callback. False when none was left.
bool take(soci::session& sql, const callback_slot& slot, std::int64_t callback_id);
// Gives a callback's seat back.
void release(soci::session& sql, std::int64_t callback_id);

} // namespace callback_slots
} // namespace relais::model
