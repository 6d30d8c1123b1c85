// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/routes.hpp"

// The weekly shares in the console and for programs.
namespace relais::api {

asio::awaitable<reply> list_shares(const request& request, app& app);
// "2026-W47", and the same as .xlsx, .csv and .json: the frozen bytes.
asio::awaitable<reply> show_share(const request& request, app& app);
asio::awaitable<reply> compare_shares(const request& request, app& app);
asio::awaitable<reply> show_share_feed(const request& request, app& app);
asio::awaitable<reply> post_acknowledgement(const request& request, app& app);
// Ends the link of one recipient before its time.
asio::awaitable<reply> post_link_revocation(const request& request, app& app);
asio::awaitable<reply> post_decision(const request& request, app& app);
// What is said about a decision: the owner comments; the resolution team answers, carries out, takes up again.
asio::awaitable<reply> post_decision_step(const request& request, app& app);

} // namespace relais::api
