// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/routes.hpp"

namespace relais::api {

// GET .../incidents. For people without a filter: the resolution team's board, by state, the most urgent first. Otherwise a list by pages:
// state (one of them, "open", or all but watched), updated_since, after, limit.
asio::awaitable<reply> list_incidents(const request& request, app& app);
// POST .../incidents {title, nature, cause_owner, description}: somebody names a problem that no group shows yet.
asio::awaitable<reply> post_incident(const request& request, app& app);

// GET /api/v1/incident-figures?from=&to=: K13 to K15 (model/incident_figures.hpp), of the last 90 days unless said otherwise.
asio::awaitable<reply> show_incident_figures(const request& request, app& app);

} // namespace relais::api
