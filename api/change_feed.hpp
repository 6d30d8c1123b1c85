// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/routes.hpp"

namespace relais::api {

// GET /api/v1/events?since=: what changed, oldest first. The last seconds come again at each call, since numbers are given before commits:
// a reader knows an event by its id. `next` is the next `since`.
asio::awaitable<reply> list_events(const request& request, app& app);

} // namespace relais::api
