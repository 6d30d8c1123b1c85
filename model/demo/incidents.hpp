// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/database.hpp"
#include "model/demo/records.hpp"
#include "model/escalation_rule.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace relais::model::demo {

// The bug of each ticket, as the generator knows it: what the people of the demonstration would find out. The engine never sees it.
// Two bytes a ticket: the rows of a new database follow one another.
class ticket_truths {
public:
    void note(std::int64_t ticket, const std::string& bug);
    // Empty when the ticket has none; nothing when it is not the generator's.
    const std::string* bug_of(std::int64_t ticket) const;

private:
    std::vector<std::string> bugs_;
    std::vector<std::uint16_t> of_ticket_; // by row from the first: which of bugs_, counted from 1
    std::int64_t first_ = 0;
};

// Lives the ten weeks again: the grouping engine reads the tickets of each day in order, and people confirm, take on, date, fix and close
// what it proposes, so that incidents stand in every state at the end. Whoever wrote about what is fixed is told: these mails have left,
// the letters of the last day are still to print. Returns how many tickets were grouped. resolver, supervisor: the names that the
// demonstration's accounts have. progress: called after each day with how many of all are grouped, may be empty.
struct incident_ways {
    std::string resolver, resolver_quality, supervisor;
    escalation_terms terms;
    std::function<void(std::uint64_t tickets, std::uint64_t all)> progress;
};
std::uint64_t fill_incidents(database& into, const options& wanted, const ticket_truths& truths, const incident_ways& ways);

} // namespace relais::model::demo
