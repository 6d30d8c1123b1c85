// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/callback.hpp"

#include <soci/soci.h>

#include <string_view>

// What the citizen, or an agent for them, may change of a promise: until the slot begins for the citizen, until somebody claims it for all.
namespace relais::model::callback_changes {

// Another slot, all or nothing: when it cannot be had the old promise stands.
// Throws: invalid on slot_start; callback_slot_full; conflict "conflict.callback_state" (claimed or ended), "conflict.callback_begun" (a
// citizen whose slot has begun), "conflict.callback_closed".
callback move(soci::session& sql, callback what, sys_seconds slot_starts_at, const callback_place& place, const callback_rules& rules,
              const actor& who, sys_seconds now);

// Gives the call up: the seat is free again when its slot has not begun. Cancelled twice is cancelled once.
// Throws: conflict, as above.
callback cancel(soci::session& sql, callback what, std::string_view reason, const actor& who, sys_seconds now);

} // namespace relais::model::callback_changes
