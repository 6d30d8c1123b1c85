// SPDX-License-Identifier: EUPL-1.2
#include "api/rosters.hpp"

#include "api/action_fields.hpp"
#include "api/callback_booking.hpp"
#include "api/callback_view.hpp"
#include "api/guards.hpp"
#include "api/pages.hpp"
#include "api/refusal.hpp"
#include "api/settings.hpp"
#include "api/view_text.hpp"
#include "api/write_once.hpp"
#include "model/calendar_week.hpp"
#include "model/database.hpp"
#include "model/digits.hpp"
#include "model/roster.hpp"

#include <map>

namespace relais::api {
namespace {

using callback_bookings::rules_of;
using model::calendar_week;
using nlohmann::json;

constexpr int days_shown = 6; // Monday to Saturday
constexpr auto first_hour = std::chrono::minutes(7 * 60 + 30), last_hour = std::chrono::minutes(22 * 60);
constexpr auto half = std::chrono::minutes(30);

calendar_week week_of(const request& request) {
    auto typed = request.method == "POST" ? request.field("week") : request.parameter("week");
    if (typed.empty()) return model::calendar_weeks::of(request.now);
    auto found = model::calendar_weeks::parse(typed);
    if (!found) throw model::invalid({{"week", "malformed", "fault.parameter.malformed"}});
    return *found;
}

std::string clock_text(std::chrono::minutes at) { return date::format("%R", at); }

json cell(const std::map<std::chrono::sys_seconds, model::roster_line>& lines, std::chrono::sys_seconds at, const model::calendar& centre) {
    auto found = lines.find(at);
    auto is_open = model::calendars::is_open(centre, at);
    if (found == lines.end()) return {{"is_open", is_open}, {"is_planned", false}};
    const auto& seats = found->second.callback_seats;
    return {{"is_open", is_open},
            {"is_planned", true},
            {"agents", found->second.agents},
            {"seats", seats ? json(*seats) : json(nullptr)},
            {"has_seats", seats.has_value()}};
}

std::string address_of(calendar_week week) { return "/console/roster?week=" + model::calendar_weeks::text(week); }

json page_data(const request& request, const app& app, calendar_week week, const std::vector<model::roster_line>& lines) {
    const auto& centre = rules_of(app).book().centre;
    std::map<std::chrono::sys_seconds, model::roster_line> by_time;
    for (const auto& each : lines) by_time[each.starts_at] = each;
    auto monday = model::calendar_weeks::monday(week);
    json data = {{"week", model::calendar_weeks::text(week)},
                 {"previous", address_of(model::calendar_weeks::previous(week))},
                 {"next", address_of(model::calendar_weeks::next(week))},
                 {"days", json::array()},
                 {"rows", json::array()},
                 {"clocks", json::array()},
                 {"seats_per_slot", rules_of(app).seats_per_slot},
                 {"here_roster", true}};
    for (int day = 0; day < days_shown; ++day)
        data["days"].push_back(
            {{"number", day + 1},
             {"name", view_text::day(app.templates.texts(), request.language, date::format("%F", monday + date::days(day)))},
             {"is_ticked", day < days_shown - 1}});
    for (auto clock = first_hour; clock < last_hour; clock += half) {
        json row = {{"clock", clock_text(clock)}, {"cells", json::array()}};
        for (int day = 0; day < days_shown; ++day)
            row["cells"].push_back(cell(by_time, model::calendars::instant(centre.zone, monday + date::days(day) + clock), centre));
        data["rows"].push_back(std::move(row));
    }
    for (auto clock = first_hour; clock <= last_hour; clock += half)
        data["clocks"].push_back(
            {{"clock", clock_text(clock)}, {"is_first", clock == std::chrono::hours(9)}, {"is_last", clock == std::chrono::hours(17)}});
    data["agents"] = "10", data["seats"] = "";
    return data;
}

asio::awaitable<reply> page_of(const request& request, app& app, calendar_week week) {
    auto span = model::calendar_weeks::span_of(week, rules_of(app).book().centre.zone);
    auto visit = [span, name = model::calendar_weeks::text(week)](soci::session& sql) {
        return std::pair(model::rosters::between(sql, span.from, span.to), model::rosters::version(sql, name));
    };
    auto [lines, version] = co_await app.database.read(std::move(visit));
    auto data = page_data(request, app, week, lines);
    data["version"] = version;
    co_return page("console/roster", std::move(data));
}

// What was chosen stays chosen.
void keep_typed(json& data, const request& request) {
    for (auto& each : data["days"]) each["is_ticked"] = !request.field("day" + std::to_string(each["number"].get<int>())).empty();
    for (auto& each : data["clocks"])
        each["is_first"] = each["clock"] == request.field("from"), each["is_last"] = each["clock"] == request.field("to");
    data["agents"] = request.field("agents"), data["seats"] = request.field("seats");
}

// What the form plans: a stretch of half hours, on the days that are ticked.
struct plan {
    std::vector<model::roster_line> lines;
    bool removes = false;
};

std::chrono::minutes clock_of(const request& request, std::string_view name) {
    auto text = request.field(name);
    auto hours = text.size() == 5 ? model::digits::value(text.substr(0, 2)) : std::nullopt;
    auto past = text.size() == 5 ? model::digits::value(text.substr(3)) : std::nullopt;
    if (!hours || !past || *past % 30 != 0 || *hours > 24)
        throw model::invalid({{std::string(name), "malformed", "fault.roster.starts_at"}});
    return std::chrono::minutes(*hours * 60 + *past);
}

plan read_plan(const request& request, const model::calendar& centre, calendar_week week) {
    plan out;
    out.removes = request.field("go") == "remove";
    auto number = [&](std::string_view name) -> std::optional<std::int64_t> {
        if (request.field(name).empty()) return std::nullopt;
        return model::digits::value(request.field(name)).value_or(-1); // what is not a number is refused by the model
    };
    auto from = clock_of(request, "from"), to = clock_of(request, "to");
    for (int day = 0; day < days_shown; ++day) {
        if (request.field("day" + std::to_string(day + 1)).empty()) continue;
        for (auto clock = from; clock < to; clock += half) {
            auto at = model::calendars::instant(centre.zone, model::calendar_weeks::monday(week) + date::days(day) + clock);
            out.lines.push_back({at, number("agents").value_or(0), number("seats")});
        }
    }
    if (out.lines.empty()) throw model::invalid({{"from", "empty", "fault.roster.empty"}});
    return out;
}

void write_plan(soci::session& sql, const plan& wanted, const model::actor& who, std::chrono::sys_seconds now) {
    for (const auto& each : wanted.lines)
        if (wanted.removes)
            model::rosters::remove(sql, each.starts_at);
        else
            model::rosters::set(sql, each, now);
    model::events::record(sql, who, "roster.planned", "roster", model::seconds(wanted.lines.front().starts_at),
                          {{"half_hours", wanted.lines.size()}, {"removed", wanted.removes}}, now);
}

} // namespace

asio::awaitable<reply> show_roster(const request& request, app& app) {
    auto out = co_await page_of(request, app, week_of(request));
    if (request.parameter("fait") == "1") out.data["is_done"] = true;
    co_return out;
}

asio::awaitable<reply> set_roster(const request& request, app& app) {
    auto week = week_of(request);
    make_visit prepare = [&request, &app, week]() -> std::function<reply(soci::session&)> {
        return [wanted = read_plan(request, rules_of(app).book().centre, week), name = model::calendar_weeks::text(week),
                seen = seen_version(request), who = actor_of(request), now = request.now](soci::session& sql) {
            model::rosters::take(sql, name, seen);
            write_plan(sql, wanted, who, now);
            return reply{};
        };
    };
    auto [done, refused] = co_await attempt_once(request, app, std::move(prepare));
    if (!refused) co_return see_other(address_of(week) + "&fait=1");
    auto out = co_await page_of(request, app, week);
    keep_typed(out.data, request);
    put_refusal(out, json::object(), refused);
    co_return out;
}

} // namespace relais::api
