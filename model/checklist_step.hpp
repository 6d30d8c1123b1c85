// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/ticket.hpp"

#include <set>
#include <string>
#include <tuple>
#include <vector>

namespace relais::model {

// A step of a checklist that was done for a ticket: "identity.two_facts". The lists are data (config/checklists.json).
struct checklist_step {
    std::string step, done_by;
    sys_seconds done_at;
    auto fields() { return std::tie(step, done_by, done_at); }
};

namespace checklist_steps {

std::vector<checklist_step> of(soci::session& sql, std::int64_t ticket_id);

// What a page showed, and what it was sent back with.
struct ticks {
    std::set<std::string> known; // the steps of this ticket's lists
    std::set<std::string> shown; // ticked on the page
    std::set<std::string> done;  // ticked now
};
// Ticks and unticks what the person changed; what a colleague ticked since the page was read is left alone. What changed is written down,
// one event a step; the ticket's version is left alone, since two colleagues may tick two steps. on: from tickets::hold.
void set(soci::session& sql, const ticket& on, const ticks& what, const actor& who, sys_seconds now);

} // namespace checklist_steps

} // namespace relais::model
