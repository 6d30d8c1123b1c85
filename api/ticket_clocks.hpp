// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/routes.hpp"
#include "api/views.hpp"
#include "model/ticket_clock.hpp"

// The clocks of a ticket, and what it waits for.
namespace relais::api {

// Lets the ticket wait for the citizen, the centre, an incident or an external owner; and ends that.
asio::awaitable<reply> post_waiting(const request& request, app& app);
asio::awaitable<reply> post_resumption(const request& request, app& app);

namespace views {

// "clocks" and "waiting" of a ticket.
nlohmann::json ticket_clocks(const std::vector<model::ticket_clock>& clocks, const std::optional<model::ticket_wait>& waits,
                             const lens& through);
// For people, beside a line of a list: `due_clock`, the clock that is due first, and `paused_clock`, one that stands still. When nothing
// else runs, nothing is due.
void add_line_clocks(nlohmann::json& to, std::int64_t ticket_id, const std::vector<model::ticket_clock>& pending, const lens& through);

} // namespace views

} // namespace relais::api
