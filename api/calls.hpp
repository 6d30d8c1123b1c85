// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/routes.hpp"

#include <string>

namespace relais::api {

// GET /console/calls, GET /api/v1/calls: the log, newest first; ?phone_ending=, ?ticket=, ?from=, ?to=, ?direction=, ?outcome=, ?lost=1,
// ?mine=1.
asio::awaitable<reply> list_calls(const request& request, app& app);
// POST /api/v1/calls: a call that no telephone system told us of; with `ticket` it becomes a message there.
asio::awaitable<reply> add_call(const request& request, app& app);
// POST /console/calls: an agent notes a call, or asks the telephone system to dial; then its card.
asio::awaitable<reply> start_call(const request& request, app& app);
// Asks the telephone system to dial for whoever is signed in: a call of theirs that rings until it tells more. ticket: a reference, or
// empty. Returns the call's public id.
asio::awaitable<std::string> dial_out(const request& request, app& app, std::string phone, std::string ticket);
// GET /console/calls/current: the calls of whoever is signed in, for the bar of every page.
asio::awaitable<reply> show_current_calls(const request& request, app& app);

} // namespace relais::api
