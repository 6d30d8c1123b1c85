// SPDX-License-Identifier: EUPL-1.2
#include "api/notices.hpp"

#include "api/action_fields.hpp"
#include "api/notice_text.hpp"
#include "api/pages.hpp"
#include "api/parameters.hpp"
#include "api/view_parts.hpp"
#include "api/views.hpp"
#include "model/database.hpp"
#include "model/error.hpp"
#include "model/staff_notice.hpp"

namespace relais::api {

namespace {

using nlohmann::json;

json notice(const model::staff_notice& of, const lens& through) {
    auto about = json::parse(of.data, nullptr, false);
    json out = {{"id", of.id}, {"kind", of.kind}, {"ticket", of.reference}, {"about", about}};
    views::add_moment(out, through, "created_at", of.created_at);
    views::add_moment(out, through, "seen_at", of.seen_at);
    if (!through.for_people) return out;
    out["words"] = notice_texts::say(*through.texts, through.language, of.kind, about);
    out["is_new"] = !of.seen_at;
    return out;
}

std::optional<std::int64_t> number_of(std::string_view text, const char* name) {
    if (text.empty()) return std::nullopt;
    auto out = parameters::number_of(text);
    if (!out) throw model::invalid({{name, "malformed", "fault.parameter.malformed"}});
    return out;
}

} // namespace

asio::awaitable<reply> list_notices(const request& request, app& app) {
    auto before = number_of(request.parameter("after"), "after");
    auto look = [me = request.who.id, before](soci::session& sql) { return model::staff_notices::of(sql, me, before); };
    auto found = co_await app.database.read(std::move(look));
    auto through = lens_of(request, app);
    nlohmann::json data = {{"items", nlohmann::json::array()}, {"next", nullptr}};
    auto has_new = false;
    for (const auto& each : found) {
        data["items"].push_back(notice(each, through));
        has_new |= !each.seen_at.has_value();
    }
    if (static_cast<int>(found.size()) == model::staff_notices::page_limit) data["next"] = std::to_string(found.back().id);
    if (!through.for_people) co_return api::json(std::move(data));
    if (data["next"].is_string()) data["next_address"] = "/console/alertes?after=" + data["next"].get<std::string>();
    data["has_new"] = has_new, data["is_empty"] = found.empty(), data["here_notices"] = true;
    co_return page("console/notices", std::move(data));
}

asio::awaitable<reply> show_new_notices(const request& request, app& app) {
    auto look = [me = request.who.id](soci::session& sql) { return model::staff_notices::unseen(sql, me); };
    auto count = co_await app.database.read(std::move(look));
    auto through = lens_of(request, app);
    nlohmann::json data = {{"count", count}, {"has_new", count > 0}};
    data["words"] = through.texts->say(through.language, count == 1 ? "notice.one_new" : "notice.some_new", {{"count", count}});
    co_return page("fragment/notices", std::move(data));
}

asio::awaitable<reply> mark_notices(const request& request, app& app) {
    action_fields given(request, {"id"});
    auto id = number_of(given.text("id"), "id");
    auto mark = [me = request.who.id, id, now = request.now](soci::session& sql) {
        model::staff_notices::mark_seen(sql, me, id, now);
        return model::staff_notices::unseen(sql, me);
    };
    auto left = co_await app.database.write(std::move(mark));
    if (request.wants_json()) co_return api::json({{"unseen", left}});
    co_return see_other("/console/alertes");
}

} // namespace relais::api
