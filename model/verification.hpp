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

// Reading the dossiers of an incident again after the fix: the tickets of those that moved are closed with a message, the others stay open
// and mark the fix incomplete. A ticket without a dossier stays open: nothing proves that it is over. So does one whose dossier could not
// be read: nothing proves that it is stuck. Source: docs/decisions/0207-what-could-not-be-read.md
struct verification_run {
    std::int64_t id = 0, incident_id = 0, episode = 1;
    std::string state; // running, done, stopped
    std::int64_t after_id = 0;
    std::string body, author, why_file_again;
    std::int64_t moved = 0, stuck = 0, no_dossier = 0;
    std::int64_t unread = 0; // the registry did not tell of them, and they have not moved as far as we know
    sys_seconds started_at;
    std::optional<sys_seconds> page_at; // when the page to be read began to wait; nothing: with the run
    std::optional<sys_seconds> finished_at;
    static constexpr auto columns =
        "id, incident_id, episode, state, after_id, body, author, why_file_again, moved, stuck, no_dossier, unread, started_at, "
        "page_at, finished_at";
    auto fields() {
        return std::tie(id, incident_id, episode, state, after_id, body, author, why_file_again, moved, stuck, no_dossier, unread,
                        started_at, page_at, finished_at);
    }
};

namespace verifications {

constexpr int page = 200; // tickets in one transaction

// Begins a run on a fixed incident, and asks the registry, if a node does, about its first dossiers again. body: what the writers of closed
// tickets are told; why_file_again: see model/refiling.hpp. Throws: conflict("conflict.incident_state") unless it is fixed;
// conflict("conflict.verification") while a run goes on; invalid on "new_request_reason".
std::int64_t start(soci::session& sql, const incidents::action& act, std::string_view body, std::string_view why_file_again = {});

// Reads the next tickets, at most limit; waits for the registry for a minute at most, if a node asks one, and asks it about those after.
// False when the run is over: the incident is then verified when all dossiers moved, or marked as incompletely fixed when some are stuck. A
// run stops when its incident is merged, regresses or is reopened meanwhile.
bool step(soci::session& sql, std::int64_t id, int limit, sys_seconds now);
std::vector<std::int64_t> running(soci::session& sql);

// The last run of an incident.
std::optional<verification_run> last(soci::session& sql, std::int64_t incident_id);

} // namespace verifications

} // namespace relais::model
