// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/routes.hpp"

// A ticket and its incident, from the ticket's side.
namespace relais::api {

// POST .../tickets/{reference}/incident {incident?: number, waits?}: attaches it; without a number, to the one that is suggested.
// waits: the ticket waits for the incident and leaves the queue.
asio::awaitable<reply> post_ticket_incident(const request& request, app& app);
// POST .../tickets/{reference}/incident/removal and DELETE .../incident: takes it out, or refuses the suggestion; remembered for ever.
asio::awaitable<reply> remove_ticket_incident(const request& request, app& app);

} // namespace relais::api
