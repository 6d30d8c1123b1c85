// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/routes.hpp"

namespace relais::api {

// GET .../incidents/{number}/pack: what goes to those who correct it, without a name, an address or an identifier. A page to print.
asio::awaitable<reply> show_incident_pack(const request& request, app& app);

} // namespace relais::api
