// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/routes.hpp"

// Two tickets of one person become one thread, or one ticket two. Versions and refusals as in api/ticket_actions.hpp.
namespace relais::api {

asio::awaitable<reply> post_merge(const request& request, app& app);   // {into}
asio::awaitable<reply> post_unmerge(const request& request, app& app); // {}
asio::awaitable<reply> post_split(const request& request, app& app);   // {messages: [numbers]} -> 201, the new ticket

} // namespace relais::api
