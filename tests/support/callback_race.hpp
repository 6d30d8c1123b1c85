// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/database.hpp"

#include <string>
#include <vector>

namespace relais::tests {

// Two hundred clients take a thousand seats, in slots of one to five, on as many servers as there are databases (the nodes of a cluster, or
// one). Checks that no slot is overbooked, that there are as many successes as seats, that each success has its seat and its ticket, and
// that who was refused left nothing behind. Returns what went wrong: nothing.
std::vector<std::string> race_for_seats(const std::vector<model::database*>& servers);

} // namespace relais::tests
