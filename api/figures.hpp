// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/routes.hpp"

namespace relais::api {

// The key figures K1 to K20 of a period, live: whole, then by day, week, month, team, department, procedure or channel.
asio::awaitable<reply> show_figures(const request& request, app& app);
// Those that the agency publishes, from the frozen shares, with their dictionary. Source: domain.md 4.6 and 5.8
asio::awaitable<reply> show_open_data(const request& request, app& app);
asio::awaitable<reply> get_open_data(const request& request, app& app);

} // namespace relais::api
