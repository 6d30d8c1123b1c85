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
    auto typed = request.parameter("since");
    auto since = model::event_feed::read_cursor(typed.empty() ? "0" : typed);
    if (!since) faults.push_back({"since", "malformed", "fault.parameter.malformed"});
    auto limit = parameters::number(request, "limit", 1, model::event_feed::page_limit, model::event_feed::page_limit, faults);
    if (!faults.empty()) throw model::invalid(std::move(faults));
    // Who read what and who signed in is the business of those who oversee.
    auto whole = (role_bit(request.who.role) & (admin | dpo)) != 0;
    auto look = [since = *since, limit, whole](soci::session& sql) {
        return model::event_feed::after(sql, since, static_cast<int>(limit), whole);
    };
    auto found = co_await app.database.read(std::move(look));
    auto through = lens_of(request, app);
    nlohmann::json data = {{"items", nlohmann::json::array()}, {"next", model::event_feed::write_cursor(found.next)}};
    for (const auto& each : found.events) {
        auto item = views::event(each.what, through);
        item["object"]["reference"] = each.reference.empty() ? nlohmann::json(nullptr) : nlohmann::json(each.reference);
        data["items"].push_back(std::move(item));
    }
    co_return json(std::move(data));
}

} // namespace relais::api
