// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/callback_wishes.hpp"
#include "api/routes.hpp"

#include <soci/soci.h>

#include <string_view>
#include <vector>

namespace relais::api {

// Programs: GET /api/v1/callbacks/slots and POST /api/v1/callbacks.
asio::awaitable<reply> list_callback_slots(const request& request, app& app);
asio::awaitable<reply> book_callback(const request& request, app& app);

// What the pages and the programs share.
namespace callback_bookings {

callback_wishes::terms terms_of(const request& request, const app& app);
const model::callback_rules& rules_of(const app& app);
// The slots offered to somebody there, full or not, from now to the last day that may be chosen.
std::vector<model::callback_slot> offered(soci::session& sql, const model::callback_rules& rules, const model::callback_place& place,
                                          std::chrono::sys_seconds now);
// 409 for programs, with the nearest free slots.
reply full_reply(const request& request, const std::vector<model::callback_slot>& nearest, std::string_view zone);
// The instant of a slot as it was sent. Throws: invalid on the field.
std::chrono::sys_seconds slot_start(std::string_view text, std::string_view field);

} // namespace callback_bookings
} // namespace relais::api
