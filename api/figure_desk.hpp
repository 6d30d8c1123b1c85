// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/routes.hpp"

// The figures of tickets (K4 to K9, K18 to K20) of a day and of its week, as they are now: drawn, with the tables beneath.
namespace relais::api {

// For those who supervise, by team, department, procedure and channel; the filters are the address.
asio::awaitable<reply> show_live_figures(const request& request, app& app);
// A colleague's own. Throws: forbidden, when it is somebody else's and the asker does not supervise; not_found, when there is none.
asio::awaitable<reply> show_agent_figures(const request& request, app& app);
asio::awaitable<reply> show_own_figures(const request& request, app& app);

} // namespace relais::api
