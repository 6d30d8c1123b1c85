// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/incident_actions.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace relais::model {

// An incident as it is followed in a tracker outside (GitLab, Jira...), whose names the configuration gives.
struct tracker_link {
    std::int64_t id = 0, incident_id = 0;
    std::string tracker;
    std::string state; // waiting (to be sent), sent, failed (tried for a day)
    std::string reference, address, outside_state;
    std::int64_t attempts = 0;
    std::string error; // for operators: no personal data
    sys_seconds updated_at;
    static constexpr auto columns = "id, incident_id, tracker, state, reference, address, outside_state, attempts, error, updated_at";
    auto fields() { return std::tie(id, incident_id, tracker, state, reference, address, outside_state, attempts, error, updated_at); }
};

namespace tracker_links {

// Asks for the incident to be opened there. Once: throws conflict("conflict.tracker") when it is followed there already, unless it failed.
void ask(soci::session& sql, const incidents::action& act, std::string_view tracker);
std::vector<tracker_link> of_incident(soci::session& sql, std::int64_t incident_id);

// Those to be sent now; each is put off first, so that another node or a crash does not send it twice within a minute.
std::vector<tracker_link> take_due(soci::session& sql, int limit, sys_seconds now);
// It was opened there: under which reference and at which address.
void opened(soci::session& sql, const tracker_link& link, std::string_view reference, std::string_view address, sys_seconds now);
// It was not: tried again for a day, less and less often.
void failed(soci::session& sql, const tracker_link& link, std::string_view error, sys_seconds now);

// The tracker says how the thing it calls `reference` is now; written in the incident's history when it changed.
// Throws: not_found, when no incident has that reference there.
void hear(soci::session& sql, std::string_view tracker, std::string_view reference, std::string_view outside_state, sys_seconds now);

} // namespace tracker_links

} // namespace relais::model
