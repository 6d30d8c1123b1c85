// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/routes.hpp"

// The callbacks of those who call: the same handlers for the console and for programs.
namespace relais::api {

// GET /console/callbacks and /api/v1/callbacks: in the order of what is due.
asio::awaitable<reply> list_callbacks(const request& request, app& app);
// GET .../{id}: the person, what about, how it went so far, their other tickets.
asio::awaitable<reply> show_callback(const request& request, app& app);
// POST .../next-claim: the next one due, under a lease.
asio::awaitable<reply> claim_next_callback(const request& request, app& app);
// POST .../{id}/dialling: an attempt begins.
asio::awaitable<reply> dial_callback(const request& request, app& app);
// POST .../{id}/outcome: how it ended; with `summary`, what was said goes to the citizen in writing.
asio::awaitable<reply> finish_callback(const request& request, app& app);
// POST .../{id}/release: gives it back untried.
asio::awaitable<reply> release_callback(const request& request, app& app);
// POST .../{id}/cancellation, with a reason.
asio::awaitable<reply> cancel_callback(const request& request, app& app);
// POST .../{id}/rescheduling, to another slot.
asio::awaitable<reply> move_callback(const request& request, app& app);
// GET /console/callbacks/figures: K12 by week, for supervisors.
asio::awaitable<reply> show_callback_figures(const request& request, app& app);

} // namespace relais::api
