// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstdint>
#include <functional>

namespace relais::model::sql {

// Replaces the clock of leases (sql::lease_now) for the whole program: simulations live a month in a minute. Empty: the database's again.
// Called while no session works.
void set_lease_clock(std::function<std::int64_t()> clock);

} // namespace relais::model::sql
