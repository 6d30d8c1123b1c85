// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/callback_rules.hpp"
#include "model/database.hpp"
#include "model/demo/records.hpp"

namespace relais::model::demo {

// The telephone of the demonstration, over the tickets that are there: a roster of ten weeks and two, callbacks of those ten weeks in every
// state and those of the coming days, missed calls of the last hours. Ten weeks are enough: nothing here grows with the tickets.
void fill_callbacks(database& into, const options& wanted, const callback_rules& rules);

} // namespace relais::model::demo
