// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/database.hpp"
#include "model/demo/records.hpp"

#include <string>

namespace relais::model::demo {

// The weekly shares of the ten weeks, each as it would have been written on its Monday: the product owner reads most of them, decides, and
// the resolution team carries out part of it; a supervisor reads answers again each week. The server sends the last one. Once a database;
// returns how many.
// owner, resolver, supervisor: the names that the demonstration's accounts have.
int fill_shares(database& into, const options& wanted, const std::string& owner, const std::string& resolver,
                const std::string& supervisor);

} // namespace relais::model::demo
