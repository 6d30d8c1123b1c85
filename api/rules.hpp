// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/routes.hpp"

namespace relais::api {

// Rules that act on tickets by themselves; supervisors and administrators write them. The same under /api/v1/rules.
asio::awaitable<reply> list_rules(const request& request, app& app);      // GET /console/rules: in the order in which they act
asio::awaitable<reply> show_new_rule(const request& request, app& app);   // GET /console/rules/new
asio::awaitable<reply> add_rule(const request& request, app& app);        // POST /console/rules
asio::awaitable<reply> try_rule(const request& request, app& app);        // POST /console/rules/trial: the last week, had it been on
asio::awaitable<reply> show_rule(const request& request, app& app);       // GET /console/rules/{id}: and what it did
asio::awaitable<reply> change_rule(const request& request, app& app);     // POST /console/rules/{id} with the version that was seen
asio::awaitable<reply> post_rule_state(const request& request, app& app); // POST /console/rules/{id}/activation {on}
asio::awaitable<reply> post_rule_place(const request& request, app& app); // POST /console/rules/{id}/position {direction: up, down}
asio::awaitable<reply> remove_rule(const request& request, app& app);     // POST /console/rules/{id}/removal, DELETE

} // namespace relais::api
