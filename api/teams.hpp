// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/routes.hpp"

// Who answers with whom: the teams and their members, for those who oversee.
namespace relais::api {

asio::awaitable<reply> show_teams(const request& request, app& app);
// A new team.
asio::awaitable<reply> post_team(const request& request, app& app);
// Puts a colleague in a team, or in none ("" or null).
asio::awaitable<reply> post_team_member(const request& request, app& app);

} // namespace relais::api
