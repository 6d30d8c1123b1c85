// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/routes.hpp"

namespace relais::api {

// GET /console/stream and GET /api/v1/stream: the change feed as server-sent events, limited to what the role may see. A reader that
// comes back with Last-Event-ID (or ?after=) is first told what it missed. An event may come twice: readers know it by its id.
asio::awaitable<reply> stream_events(const request& request, app& app);

} // namespace relais::api
