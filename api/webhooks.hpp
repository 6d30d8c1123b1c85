// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/app.hpp"
#include "api/reply.hpp"
#include "api/request.hpp"

#include <boost/asio/awaitable.hpp>

// The programs that are told what changes; administrators only.
namespace relais::api {

namespace asio = boost::asio;

// {url, actions?} -> 201 {id, url, actions, created_at, secret}. The secret is shown this once. Faults: url, actions.
asio::awaitable<reply> add_webhook(const request& request, app& app);
asio::awaitable<reply> list_webhooks(const request& request, app& app);
asio::awaitable<reply> remove_webhook(const request& request, app& app);
// The log of what was sent to one, newest first.
asio::awaitable<reply> list_webhook_deliveries(const request& request, app& app);

} // namespace relais::api
