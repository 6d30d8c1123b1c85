// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/routes.hpp"

namespace relais::api {

// GET /api/v1/openapi.json: docs/api/openapi.json as it is.
asio::awaitable<reply> show_openapi(const request& request, app& app);

} // namespace relais::api
