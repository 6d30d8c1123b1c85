// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/database.hpp"
#include "model/demo/records.hpp"

#include <cstdint>
#include <vector>

namespace relais::model::demo {

// Calls of an ordinary day, for so many tickets.
int calls_a_day(const options& wanted);

// Somebody of the demonstration who answers the telephone; colleagues of the other site have no account (user_id 0).
struct call_taker {
    std::int64_t user_id = 0;
    std::string name, extension;
    std::int64_t team_id = 0;
};

// Writes ten weeks of calls that end yesterday evening: Monday mornings are busy, Friday afternoons calm, each day has two humps, holidays
// have none; waits grow when it is busy. Some come from the telephones of tickets and are linked to them. Makes two
// teams and gives the colleagues their extensions. Does nothing in a database that holds calls. Returns how many calls were written.
std::int64_t fill_calls(database& into, const options& wanted, std::vector<call_taker> takers);

} // namespace relais::model::demo
