// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/ticket_actions.hpp"

// What every action on a ticket begins with: the ticket as the person saw it, now reserved for this action alone.
namespace relais::model::tickets {

// The next action needs the next version. Throws: not_found; conflict("conflict.version") when somebody else was first;
// conflict("conflict.status") when the ticket was merged into another.
ticket take(soci::session& sql, const action& act);
// The same, of a ticket that may be merged.
ticket take_merged(soci::session& sql, const action& act);
// Reserves a ticket that goes on for this action alone, its version left as it is: for what two colleagues may do at once, each their part.
// The first statement of its transaction, so that what is read afterwards is what the others left.
// Throws: not_found; conflict("conflict.status") when the ticket is closed or merged.
ticket hold(soci::session& sql, std::string_view reference);

// new and open tickets are active: they wait for us.
void set_status(soci::session& sql, std::int64_t ticket_id, std::string_view status, std::string_view waiting_reason);

} // namespace relais::model::tickets
