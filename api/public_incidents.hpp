// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/routes.hpp"

// Known problems as everybody may read them, and "me too".
namespace relais::api {

// GET /incidents: those that are published.
asio::awaitable<reply> list_known_incidents(const request& request, app& app);
// GET /incidents/{number}: 404 for one that is not published, as for one that does not exist.
asio::awaitable<reply> show_known_incident(const request& request, app& app);
// POST /incidents/{number}/moi-aussi {email?}: counted; with an address, told of what follows. The contact form under way gives its own.
asio::awaitable<reply> follow_incident(const request& request, app& app);
// GET and POST /incidents/arret/{token}: the link of a mail, and its button: no more mails about this problem.
asio::awaitable<reply> show_follower_end(const request& request, app& app);
asio::awaitable<reply> end_follower(const request& request, app& app);
// GET /tri-des-messages: how messages are sorted (CRPA L.312-1-3).
asio::awaitable<reply> show_sorting(const request& request, app& app);

} // namespace relais::api
