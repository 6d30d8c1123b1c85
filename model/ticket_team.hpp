// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/ticket_actions.hpp"

namespace relais::model::tickets {

// Gives the ticket to a team, or to none. Throws: as every action (ticket_actions.hpp); invalid on "team".
void entrust(soci::session& sql, const action& act, std::optional<std::int64_t> team);

} // namespace relais::model::tickets
