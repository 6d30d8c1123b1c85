// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/routes.hpp"

// What each colleague is told of tickets that become late or wait too long (model/staff_notice.hpp).
namespace relais::api {

asio::awaitable<reply> list_notices(const request& request, app& app);
// The few words on every page that say how many are new.
asio::awaitable<reply> show_new_notices(const request& request, app& app);
asio::awaitable<reply> mark_notices(const request& request, app& app);

} // namespace relais::api
