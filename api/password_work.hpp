// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/app.hpp"

#include <boost/asio/awaitable.hpp>

#include <string>

// Password hashes on app.workers: 64 MiB and 130 ms each, so at most half the cores at once and 16 waiting; beyond, busy.
// Source: security.md line 33.
namespace relais::api {

constexpr int password_queue_limit = 16;

// Throws: busy.
boost::asio::awaitable<bool> verify_password(app& app, std::string hash, std::string clear);
boost::asio::awaitable<std::string> hash_password(app& app, std::string clear);

} // namespace relais::api
