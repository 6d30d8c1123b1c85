// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/routes.hpp"

namespace relais::api {

// GET /console/recherche?q=&sort=&after=: tickets by their words and names, the dossiers that a number or a name may mean.
asio::awaitable<reply> show_search(const request& request, app& app);

// GET /console/recherche/apercu?q=: what the few characters typed so far may mean, as a piece of page (or JSON), at once.
asio::awaitable<reply> show_quick_find(const request& request, app& app);

} // namespace relais::api
