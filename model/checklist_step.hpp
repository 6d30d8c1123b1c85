// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/ticket_actions.hpp"

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

// Of these steps, those that are done from now on. What changed is written down, one event a step; the ticket's version is left alone,
// since two colleagues may tick two steps. Throws: not_found.
void set(soci::session& sql, const tickets::action& act, const std::set<std::string>& known, const std::set<std::string>& done);

} // namespace checklist_steps

} // namespace relais::model
