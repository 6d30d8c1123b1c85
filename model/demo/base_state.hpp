// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/clock.hpp"
#include "model/database.hpp"

namespace relais::model::demo {

// What a database is to the demonstration.
enum class base_state {
    empty,       // nothing was ever written
    interrupted, // a demonstration was being made when the process ended
    filled,      // a demonstration
    foreign,     // somebody's own data: never to be mixed with invented people
};

base_state state_of(database& base);
// To be called before demo::fill: from then on the base is the demonstration's.
void mark_started(database& base, sys_seconds now);

} // namespace relais::model::demo
