// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/routes.hpp"

namespace relais::api {

// GET /console/calls/{id}: who may be calling, their dossiers, tickets and earlier calls, and the form of what was said.
asio::awaitable<reply> show_call(const request& request, app& app);
// POST .../search: the same page with the holders of the dossiers that agree with what was typed (never in the address).
asio::awaitable<reply> search_caller(const request& request, app& app);
// POST .../identity: two facts were checked.
asio::awaitable<reply> confirm_caller(const request& request, app& app);
// POST .../report: what was said, on which ticket; opens it, links it, closes it as asked.
asio::awaitable<reply> report_call(const request& request, app& app);

} // namespace relais::api
