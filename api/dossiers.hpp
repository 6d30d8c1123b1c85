// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/routes.hpp"

namespace relais::api {

// POST /api/v1/dossiers/search and the console's form: {number?, neph?, name?, birth_date?, q?}. Never in an address: personal data.
asio::awaitable<reply> search_dossiers(const request& request, app& app);
// GET /console/dossiers: the empty form.
asio::awaitable<reply> show_dossier_search(const request& request, app& app);
// GET /api/v1/dossiers/{id}, GET /console/dossiers/{id}: the dossier, all contacts about it in one timeline, its frozen states.
asio::awaitable<reply> show_dossier(const request& request, app& app);

} // namespace relais::api
