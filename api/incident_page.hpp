// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/action_fields.hpp"
#include "api/routes.hpp"

#include <cstdint>
#include <exception>

namespace relais::api {

// GET .../incidents/{number}: everything about it, as far as the role may see.
asio::awaitable<reply> show_incident(const request& request, app& app);
// GET .../incidents/{number}/tickets, /dossiers (those of its tickets, then the silent ones), /timeline, /trend.
asio::awaitable<reply> list_incident_tickets(const request& request, app& app);
asio::awaitable<reply> list_incident_dossiers(const request& request, app& app);
asio::awaitable<reply> show_incident_timeline(const request& request, app& app);
asio::awaitable<reply> show_incident_trend(const request& request, app& app);

// The page again after an action that was refused: why, and what was typed, kept. Other errors than conflict and invalid are thrown on.
asio::awaitable<reply> show_refused_incident(const request& request, app& app, const action_fields& typed, std::exception_ptr why);

// Who acts, for model/incident_state.hpp; 0: somebody whom its table does not know.
unsigned table_role(const request& request);
// The number in the address. Throws: not_found.
std::int64_t incident_number(const request& request);

} // namespace relais::api
