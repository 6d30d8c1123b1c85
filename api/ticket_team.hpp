// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/routes.hpp"

namespace relais::api {

asio::awaitable<reply> post_ticket_team(const request& request, app& app); // {team: its code, or ""}

} // namespace relais::api
