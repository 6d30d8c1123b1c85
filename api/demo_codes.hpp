// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/routes.hpp"

namespace relais::api {

// GET /demo/codes: the demonstration's accounts with their passwords and the second factor's code of the moment. 404 elsewhere.
asio::awaitable<reply> show_demo_codes(const request& request, app& app);

} // namespace relais::api
