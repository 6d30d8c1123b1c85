// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/routes.hpp"

// The fix and what follows it: telling people, each in private, and reading their dossiers again.
namespace relais::api {

// POST .../fix {released_at, release, message?}: fixed since then; with a message, everyone attached is told.
asio::awaitable<reply> post_fix(const request& request, app& app);
// POST .../broadcast {message, audience?: attached or silent, preview?}: with preview, five recipients drawn at random and what each would
// read, and nothing leaves.
asio::awaitable<reply> post_broadcast(const request& request, app& app);
// POST .../broadcast/stop and .../broadcast/resumption {broadcast}
asio::awaitable<reply> post_broadcast_stop(const request& request, app& app);
asio::awaitable<reply> post_broadcast_resumption(const request& request, app& app);
// POST .../verification {message?}: every dossier is read again; tickets of those that moved are closed with the message.
asio::awaitable<reply> post_verification(const request& request, app& app);

} // namespace relais::api
