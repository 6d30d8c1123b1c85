// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/routes.hpp"

namespace relais::api {

// GET /console/courriers: the letters that wait, and the batches that left.
asio::awaitable<reply> list_letters(const request& request, app& app);
// POST /console/courriers/impression {ids[]}: the letters to print, one a page. Changes nothing.
asio::awaitable<reply> print_letters(const request& request, app& app);
// POST /console/courriers/envoi {ids[], sent_on}: they left that day; what was printed is kept as it is.
asio::awaitable<reply> send_letters(const request& request, app& app);

} // namespace relais::api
