// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/routes.hpp"

namespace relais::api {

// GET /console/tickets and GET /api/v1/tickets: the queue, most urgent first; filters stand in the address.
asio::awaitable<reply> list_tickets(const request& request, app& app);

// GET /console/tickets/counts: how many there are, read again when something changes.
asio::awaitable<reply> show_queue_counts(const request& request, app& app);

// GET /console/: the queue.
asio::awaitable<reply> show_console(const request& request, app& app);

} // namespace relais::api
