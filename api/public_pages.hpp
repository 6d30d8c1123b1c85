// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/routes.hpp"

// The pages that need nothing but their text.
namespace relais::api {

asio::awaitable<reply> show_home(const request& request, app& app);
asio::awaitable<reply> show_accessibility(const request& request, app& app);
asio::awaitable<reply> show_privacy(const request& request, app& app);
asio::awaitable<reply> show_legal(const request& request, app& app);
asio::awaitable<reply> list_help(const request& request, app& app);
asio::awaitable<reply> show_help(const request& request, app& app);

} // namespace relais::api
