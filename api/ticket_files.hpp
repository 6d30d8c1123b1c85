// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/routes.hpp"

namespace relais::api {

// GET .../tickets/{reference}/pieces/{id}: a file of the ticket, as a download and nothing else; held until the scanner's verdict.
// Each is written down as read.
asio::awaitable<reply> get_ticket_file(const request& request, app& app);

} // namespace relais::api
