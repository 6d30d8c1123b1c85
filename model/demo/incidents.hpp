// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/database.hpp"
#include "model/demo/records.hpp"
#include "model/escalation_rule.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <string>

namespace relais::model::demo {

// The bug of each ticket, as the generator knows it: what the people of the demonstration would find out. The engine never sees it.
using ticket_truths = std::map<std::int64_t, std::string>; // ticket row -> bug

// Lives the ten weeks again: the grouping engine reads the tickets of each day in order, and people confirm, take on, date, fix and close
// what it proposes, so that incidents stand in every state at the end. Sends and queues no mail. Returns how many tickets were grouped.
// resolver, supervisor: the names that the demonstration's accounts have. progress: called after each day, may be empty.
struct incident_ways {
    std::string resolver, resolver_quality, supervisor;
    escalation_terms terms;
    std::function<void(std::uint64_t tickets)> progress;
};
std::uint64_t fill_incidents(database& into, const options& wanted, const ticket_truths& truths, const incident_ways& ways);

} // namespace relais::model::demo
