// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/action_fields.hpp"
#include "api/routes.hpp"

#include <exception>

// The page of one callback, for whoever makes the call.
namespace relais::api::callback_sheets {

asio::awaitable<reply> show(const request& request, app& app);
// The same after an action that was refused, with why and what was typed.
asio::awaitable<reply> show_refused(const request& request, app& app, const action_fields& typed, std::exception_ptr why);

} // namespace relais::api::callback_sheets
