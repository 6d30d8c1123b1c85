// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/calendar.hpp"

#include <soci/soci.h>

#include <span>
#include <string_view>

// Measures count tickets, of which a person may have many: whether what is told is of enough persons. Source:
// docs/decisions/0045-small-cells.md
namespace relais::model::figure_people {

// Whether the tickets of a period that count for a measure, and for none of the others, are of one to four persons. A person whom nobody
// knows yet is one a ticket. False when the measures are not of the same tickets (calls, callbacks, other instants): those count as they
// are.
bool are_few(soci::session& sql, const time_span& over, std::string_view measure, std::span<const std::string_view> but_not);

} // namespace relais::model::figure_people
