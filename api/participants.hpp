// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/routes.hpp"

// Who else is on a ticket (model/participant.hpp), from the console's forms and from the API alike.
namespace relais::api {

asio::awaitable<reply> list_participants(const request& request, app& app);     // the requester first
asio::awaitable<reply> post_participant(const request& request, app& app);      // {role, name, email?, phone?, language?, until?}
asio::awaitable<reply> post_participant_link(const request& request, app& app); // a new link, mailed to them
asio::awaitable<reply> remove_participant(const request& request, app& app);    // their link opens nothing any more

} // namespace relais::api
