// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/routes.hpp"

namespace relais::api {

// POST .../incidents/{number}/trackers {tracker}: opens the incident in a tracker outside, with the pack and nothing personal.
asio::awaitable<reply> post_incident_tracker(const request& request, app& app);
// POST /trackers/{name}: the tracker tells the state of what it follows; its secret stands in the header or the parameter agreed on.
// 404 for a wrong name, secret or reference alike.
asio::awaitable<reply> hear_tracker(const request& request, app& app);

} // namespace relais::api
