// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/incident.hpp"
#include "model/incident_moment.hpp"

#include <nlohmann/json.hpp>
#include <soci/soci.h>

#include <string>
#include <vector>

// What a weekly share asks of the product owner.
namespace relais::model::share_questions {

// An incident at the end of a week, with its whole journal and what was promised of it.
struct subject {
    const incident& of;
    const std::vector<incident_moment>& journal;
    const std::string& state;
    const nlohmann::json& commitments;
    sys_seconds until;
};

// rule, priority, date or arbitration: what only the product owner can give. A decision that stood at the end of the week answers what was
// asked before it, and nothing that came up since; a question that the owner asks does until the team has answered it.
nlohmann::json tell(soci::session& sql, const subject& one);

} // namespace relais::model::share_questions
