// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/routes.hpp"
#include "model/callback.hpp"
#include "model/ticket.hpp"

#include <nlohmann/json.hpp>

#include <optional>

namespace relais::api {

// GET /suivi/rappel: the slots for another time, or for a new call. POST: moves the promise, or makes a new one about the same request.
asio::awaitable<reply> show_callback_change(const request& request, app& app);
asio::awaitable<reply> change_callback(const request& request, app& app);
// POST /suivi/annulation-rappel
asio::awaitable<reply> give_callback_up(const request& request, app& app);

// What the pages of a private link say of the promise.
namespace callback_promises {

struct seen {
    model::ticket ticket;
    model::callback what;
};
// The newest callback of the ticket of this browser's link; nothing when there is no link or no callback.
asio::awaitable<std::optional<seen>> read(const request& request, app& app);

nlohmann::json page_data(const seen& what, const request& request, const app& app);

} // namespace callback_promises
} // namespace relais::api
