// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/routes.hpp"

namespace relais::api {

// GET /console/telephony: the last raw events and what became of each, extensions, queues, refused numbers.
asio::awaitable<reply> show_telephony(const request& request, app& app);
asio::awaitable<reply> set_extension(const request& request, app& app);  // POST /console/telephony/extensions {user, extension}
asio::awaitable<reply> set_queue_team(const request& request, app& app); // POST /console/telephony/queues {queue, team}
asio::awaitable<reply> block_number(const request& request, app& app);   // POST /console/telephony/blocked {phone, reason, days}
asio::awaitable<reply> unblock_number(const request& request, app& app); // POST /console/telephony/blocked/removal {phone}

} // namespace relais::api
