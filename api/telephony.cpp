// SPDX-License-Identifier: EUPL-1.2
#include "api/telephony.hpp"

#include "api/action_fields.hpp"
#include "api/guards.hpp"
#include "api/refusal.hpp"
#include "api/settings.hpp"
#include "api/view_parts.hpp"
#include "api/write_once.hpp"
#include "model/cti.hpp"
#include "model/database.hpp"
#include "model/error.hpp"
#include "model/phone.hpp"

#include <charconv>

namespace relais::api {

namespace {

using nlohmann::json;

constexpr int usual_block_days = 30;

struct telephony_sheet {
    std::vector<model::cti_line> events;
    std::vector<model::extension_line> extensions;
    std::vector<model::phone_queue_line> queues;
    std::vector<model::blocked_number> blocked;
    std::vector<std::pair<std::int64_t, std::string>> teams;
};

telephony_sheet look_at(soci::session& sql, bool only_unread, std::chrono::sys_seconds now) {
    telephony_sheet out;
    out.events = model::cti::recent(sql, only_unread);
    out.extensions = model::extensions::list(sql);
    out.queues = model::phone_queues::list(sql);
    out.blocked = model::blocked_numbers::list(sql, now);
    out.teams = model::phone_queues::teams(sql);
    return out;
}

json events_of(const telephony_sheet& sheet, const lens& through) {
    auto out = json::array();
    for (const auto& each : sheet.events) {
        json line = {
            {"sender", each.sender}, {"raw", each.raw}, {"kind", each.kind}, {"call", each.public_id}, {"is_unread", !each.call_id}};
        views::add_code(line, through, "verdict", "cti_verdict", each.verdict);
        views::add_moment(line, through, "received_at", each.received_at);
        out.push_back(std::move(line));
    }
    return out;
}

json queues_of(const telephony_sheet& sheet) {
    auto out = json::array();
    for (const auto& each : sheet.queues) {
        json line = {{"name", each.name}, {"teams", json::array()}};
        line["seen"] = each.team_id ? json(*each.team_id) : json("");
        for (const auto& [id, name] : sheet.teams) line["teams"].push_back({{"id", id}, {"name", name}, {"is_chosen", each.team_id == id}});
        out.push_back(std::move(line));
    }
    return out;
}

json blocked_of(const telephony_sheet& sheet, const lens& through) {
    auto out = json::array();
    for (const auto& each : sheet.blocked) {
        json line = {
            {"phone", each.phone}, {"phone_shown", model::phones::display(each.phone)}, {"reason", each.reason}, {"by", each.blocked_by}};
        views::add_moment(line, through, "until", each.until_at);
        out.push_back(std::move(line));
    }
    return out;
}

asio::awaitable<reply> telephony_page(const request& request, app& app) {
    auto only_unread = !request.parameter("unread").empty();
    auto look = [only_unread, now = request.now](soci::session& sql) { return look_at(sql, only_unread, now); };
    auto sheet = co_await app.database.read(std::move(look));
    auto through = lens_of(request, app);
    json data = {{"events", events_of(sheet, through)},   {"extensions", json::array()}, {"queues", queues_of(sheet)},
                 {"blocked", blocked_of(sheet, through)}, {"only_unread", only_unread},  {"here_calls", true}};
    for (const auto& each : sheet.extensions)
        data["extensions"].push_back({{"user", each.user_id},
                                      {"login", each.login},
                                      {"name", each.name},
                                      {"numbers", each.numbers},
                                      {"typed", each.numbers},
                                      {"version", each.version}});
    data["has_events"] = !sheet.events.empty(), data["has_queues"] = !sheet.queues.empty(), data["has_blocked"] = !sheet.blocked.empty();
    data["is_signed"] = !app.config.telephony.signature_key.empty();
    data["blocking"] = {{"phone", ""}, {"reason", ""}, {"days", std::to_string(usual_block_days)}};
    data["address"] = app.config.base_url + "/api/v1/cti/";
    co_return page("console/telephony", std::move(data));
}

// What was typed stays in its form, beside what is saved.
void keep_typed(json& data, const request& request) {
    for (auto& each : data["extensions"]) {
        if (std::to_string(each["user"].get<std::int64_t>()) != request.field("user")) continue;
        each["typed"] = request.field("extension"), each["is_refused"] = true;
    }
    for (auto& each : data["queues"]) {
        if (each["name"] != request.field("queue")) continue;
        each["is_refused"] = true;
        for (auto& team : each["teams"]) {
            if (team["is_chosen"] == true) each["now_in"] = team["name"];
            team["is_chosen"] = std::to_string(team["id"].get<std::int64_t>()) == request.field("team");
        }
    }
    if (!request.field("phone").empty() || !request.field("reason").empty())
        data["blocking"] = {{"phone", request.field("phone")}, {"reason", request.field("reason")}, {"days", request.field("days")}};
}

// Does it, then shows the page again; what was refused is told on top.
asio::awaitable<reply> change(const request& request, app& app, std::function<void(soci::session&)> what) {
    make_visit prepare = [what]() -> std::function<reply(soci::session&)> {
        return [what](soci::session& sql) {
            what(sql);
            return reply{};
        };
    };
    auto [done, refused] = co_await attempt_once(request, app, std::move(prepare));
    if (!refused) co_return see_other("/console/telephony?done=1");
    auto out = co_await telephony_page(request, app);
    keep_typed(out.data, request);
    put_refusal(out, json::object(), refused);
    co_return out;
}

template <class Number> std::optional<Number> number_in(const request& request, std::string_view name) {
    auto text = request.field(name);
    Number out{};
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return out;
}

} // namespace

asio::awaitable<reply> show_telephony(const request& request, app& app) {
    auto out = co_await telephony_page(request, app);
    if (!request.parameter("done").empty()) out.data["t:done"] = "telephony.done";
    co_return out;
}

asio::awaitable<reply> set_extension(const request& request, app& app) {
    auto user = number_in<std::int64_t>(request, "user");
    if (!user) throw model::not_found();
    std::function<void(soci::session&)> what =
        [user = *user, numbers = std::string(request.field("extension")), seen = seen_version(request), who = actor_of(request),
         now = request.now](soci::session& sql) { model::extensions::set(sql, user, numbers, who, now, seen); };
    co_return co_await change(request, app, std::move(what));
}

asio::awaitable<reply> set_queue_team(const request& request, app& app) {
    std::function<void(soci::session&)> what =
        [queue = std::string(request.field("queue")), team = number_in<std::int64_t>(request, "team"),
         seen = number_in<std::int64_t>(request, "seen"), who = actor_of(request),
         now = request.now](soci::session& sql) { model::phone_queues::set_team(sql, queue, team, seen, who, now); };
    co_return co_await change(request, app, std::move(what));
}

asio::awaitable<reply> block_number(const request& request, app& app) {
    std::function<void(soci::session&)> what = [phone = std::string(request.field("phone")), reason = std::string(request.field("reason")),
                                                days = number_in<int>(request, "days").value_or(usual_block_days), who = actor_of(request),
                                                now = request.now](soci::session& sql) {
        model::blocked_numbers::add(sql, phone, reason, days, who, now);
    };
    co_return co_await change(request, app, std::move(what));
}

asio::awaitable<reply> unblock_number(const request& request, app& app) {
    std::function<void(soci::session&)> what = [phone = std::string(request.field("phone")), who = actor_of(request), now = request.now](
                                                   soci::session& sql) { model::blocked_numbers::remove(sql, phone, who, now); };
    co_return co_await change(request, app, std::move(what));
}

} // namespace relais::api
