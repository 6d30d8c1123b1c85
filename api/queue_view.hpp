// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/routes.hpp"
#include "model/saved_view.hpp"
#include "model/team.hpp"
#include "model/user.hpp"

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace relais::api {

// Views of the queue under a name, and the next ticket of a view.
asio::awaitable<reply> post_view(const request& request, app& app);        // {query, columns[], name?, shared?}: without a name, shown only
asio::awaitable<reply> open_view(const request& request, app& app);        // GET /console/views/{id}: goes to the queue
asio::awaitable<reply> show_view_counts(const request& request, app& app); // GET /console/views/counts: read again when something changes
asio::awaitable<reply> remove_view(const request& request, app& app);      // POST /console/views/{id}/removal
asio::awaitable<reply> take_next(const request& request, app& app);        // POST /console/tickets/next {view}: goes to the ticket
asio::awaitable<reply> post_release(const request& request, app& app);     // POST /console/tickets/{reference}/release

namespace queue_views {

// What stands around the queue: the views, the teams, and the tickets that this colleague holds.
struct desk {
    std::vector<model::saved_view> views;
    std::vector<model::team> teams;
    std::vector<std::string> held;
    std::vector<model::user> colleagues;
};
desk read(soci::session& sql, std::int64_t user_id);
void put(nlohmann::json& data, const desk& seen, const request& request);

} // namespace queue_views

} // namespace relais::api
