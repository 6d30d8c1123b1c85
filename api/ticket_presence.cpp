// SPDX-License-Identifier: EUPL-1.2
#include "api/ticket_presence.hpp"

#include "api/guards.hpp"
#include "api/parameters.hpp"
#include "api/ticket_page.hpp"
#include "api/views.hpp"
#include "model/database.hpp"
#include "model/ticket_presence.hpp"

namespace relais::api {

asio::awaitable<reply> post_presence(const request& request, app& app) {
    auto tell = [reference = ticket_reference(request), who = actor_of(request), writes = !request.field("writes").empty(),
                 has_left = !request.field("left").empty(), now = request.now](soci::session& sql) {
        auto id = model::tickets::get(sql, reference).id;
        if (has_left) return model::ticket_presences::left(sql, id, who, now);
        model::ticket_presences::seen(sql, id, who, writes, now);
    };
    co_await app.database.write(std::move(tell));
    co_return json(nlohmann::json::object());
}

asio::awaitable<reply> show_presence(const request& request, app& app) {
    auto look = [reference = ticket_reference(request), me = request.who.id](soci::session& sql) {
        return model::ticket_presences::others(sql, model::tickets::get(sql, reference).id, me);
    };
    auto others = co_await app.database.read(std::move(look));
    nlohmann::json data = {{"others", nlohmann::json::array()}};
    for (const auto& each : others) data["others"].push_back({{"name", each.name}, {"writes", each.is_writing}});
    data["is_shared"] = !others.empty();
    co_return page("fragment/presence", std::move(data));
}

asio::awaitable<reply> show_changes(const request& request, app& app) {
    auto since = parameters::number_of(request.parameter("seen")).value_or(0);
    auto look = [reference = ticket_reference(request), since](soci::session& sql) {
        return model::ticket_sheets::changes_since(sql, model::tickets::get(sql, reference).id, since);
    };
    auto found = co_await app.database.read(std::move(look));
    auto through = lens_of(request, app);
    nlohmann::json data = {{"reference", ticket_reference(request)}, {"changes", nlohmann::json::array()}};
    for (const auto& each : found)
        if (each.actor_kind != "staff" || each.actor_id != request.who.id) data["changes"].push_back(views::event(each, through));
    data["has_changes"] = !data["changes"].empty();
    co_return page("fragment/ticket_changes", std::move(data));
}

} // namespace relais::api
