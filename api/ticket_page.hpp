// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/action_fields.hpp"
#include "api/routes.hpp"

#include <exception>

namespace relais::api {

// GET /console/tickets/{reference} and GET /api/v1/tickets/{reference}: all that the role may see. The reading is written down first.
asio::awaitable<reply> show_ticket(const request& request, app& app);

// The ticket's page again after an action that was refused: why, what colleagues did meanwhile, and what was typed, kept.
// Other errors than conflict and invalid are thrown on.
asio::awaitable<reply> show_refused(const request& request, app& app, const action_fields& typed, std::exception_ptr why);

// The canonical form of the reference in the address.
std::string ticket_reference(const request& request);
std::string ticket_etag(std::int64_t version);

} // namespace relais::api
