// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/routes.hpp"

namespace relais::api {

// GET /console/calls/figures: K1 to K3 (domain.md 4.6) by day, hour and team over ?from= to ?to=, drawn, with the tables beneath.
asio::awaitable<reply> show_call_figures(const request& request, app& app);

// GET /console/calls/staffing: what next week (?week=YYYY-MM-DD, a Monday) is expected to bring, and who is needed, against the roster.
asio::awaitable<reply> show_staffing(const request& request, app& app);
// POST /console/calls/staffing/seats {week}: the callbacks that may be promised follow the plan.
asio::awaitable<reply> follow_staffing(const request& request, app& app);

} // namespace relais::api
