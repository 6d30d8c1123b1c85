// SPDX-License-Identifier: EUPL-1.2
#include "api/change_feed.hpp"

#include "api/guards.hpp"
#include "api/parameters.hpp"
#include "api/views.hpp"
#include "model/database.hpp"
#include "model/error.hpp"
#include "model/event_feed.hpp"

namespace relais::api {

asio::awaitable<reply> list_events(const request& request, app& app) {
    std::vector<model::field_fault> faults;
    auto since = parameters::number(request, "since", 0, INT64_MAX, 0, faults);
    auto limit = parameters::number(request, "limit", 1, model::event_feed::page_limit, model::event_feed::page_limit, faults);
    if (!faults.empty()) throw model::invalid(std::move(faults));
    // Who read what and who signed in is the business of those who oversee.
    auto whole = (role_bit(request.who.role) & (admin | dpo)) != 0;
    auto look = [since, limit, whole, now = request.now](soci::session& sql) {
        return model::event_feed::after(sql, since, static_cast<int>(limit), whole, now);
    };
    auto found = co_await app.database.read(std::move(look));
    auto through = lens_of(request, app);
    nlohmann::json data = {{"items", nlohmann::json::array()}, {"next", std::to_string(found.next)}};
    for (const auto& each : found.events) {
        auto item = views::event(each.what, through);
        item["object"]["reference"] = each.reference.empty() ? nlohmann::json(nullptr) : nlohmann::json(each.reference);
        data["items"].push_back(std::move(item));
    }
    co_return json(std::move(data));
}

} // namespace relais::api
