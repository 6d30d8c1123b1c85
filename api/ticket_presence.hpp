// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/routes.hpp"

namespace relais::api {

// Seeing each other on a ticket.
asio::awaitable<reply> post_presence(const request& request, app& app); // POST .../presence {writes?, left?}: this screen is there, or gone
asio::awaitable<reply> show_presence(const request& request, app& app); // GET .../presence: who else is
// GET .../changes?seen=: what colleagues did since that event
asio::awaitable<reply> show_changes(const request& request, app& app);

} // namespace relais::api
