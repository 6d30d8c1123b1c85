// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/routes.hpp"

namespace relais::api {

// GET /console/roster?week=2026-W48: who is on duty in each half hour of a week, and how many calls may be promised in it.
asio::awaitable<reply> show_roster(const request& request, app& app);
// POST /console/roster: one stretch of one or several days of that week.
asio::awaitable<reply> set_roster(const request& request, app& app);

} // namespace relais::api
