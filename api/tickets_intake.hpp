// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/routes.hpp"

namespace relais::api {

// POST /api/v1/tickets: opens a ticket, for anybody (limited, as the form is) or with a token. Without a staff token the answer never
// depends on what the dossier holds. Source: contract.md
asio::awaitable<reply> open_ticket(const request& request, app& app);

} // namespace relais::api
