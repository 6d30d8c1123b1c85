// SPDX-License-Identifier: EUPL-1.2
#include "api/call_figures.hpp"
#include "api/call_view.hpp"
#include "api/chart.hpp"
#include "api/guards.hpp"
#include "api/pages.hpp"
#include "api/settings.hpp"
#include "api/time_text.hpp"
#include "api/view_text.hpp"
#include "model/database.hpp"
#include "model/error.hpp"
#include "model/staffing/plan.hpp"

#include <date/date.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace relais::api {

namespace {

using model::staffing::plan_line;
using nlohmann::json;

model::staffing::plan_options options_of(const settings& config) {
    const auto& given = config.telephony;
    model::staffing::plan_options out;
    out.aim = {given.target_percent / 100.0, static_cast<double>(given.target_within_s), static_cast<double>(given.patience_s), 0.1};
    out.history_weeks = given.history_weeks;
    out.wrap_up_s = given.wrap_up_s, out.callback_s = given.callback_s;
    return out;
}

std::string week_of(std::string_view given, std::chrono::sys_seconds now) {
    auto text = std::string(given);
    if (text.empty()) return model::staffing::next_monday(now);
    auto day = time_text::parse(text);
    if (!day || text.size() != 10 || date::weekday(date::floor<date::days>(*day)) != date::Monday)
        throw model::invalid({{"week", "malformed", "fault.staffing.week"}});
    return text;
}

std::string address_of_week(const std::string& monday, int weeks_later) {
    auto day = *time_text::parse(monday) + std::chrono::hours(24 * 7) * weeks_later;
    return "/console/calls/staffing?week=" + view_text::rfc3339(day).substr(0, 10);
}

json line(const plan_line& of) {
    json out = {{"starts_at", view_text::rfc3339(of.starts_at)},
                {"hour", of.hour},
                {"calls", std::round(of.calls * 10) / 10},
                {"callbacks", std::round(of.callbacks * 10) / 10},
                {"needed", of.needed},
                {"needed_patient", of.needed_patient},
                {"planned", of.planned ? json(*of.planned) : json(nullptr)},
                {"reached", of.reached ? json(std::round(*of.reached * 1000) / 10) : json(nullptr)}};
    return out;
}

void show(json& to, const plan_line& of, const lens& through) {
    auto number = [&](double value) {
        auto text = fmt::format("{:.1f}", value);
        if (through.language == "fr") text[text.size() - 2] = ',';
        return text;
    };
    to["calls_shown"] = number(of.calls), to["callbacks_shown"] = number(of.callbacks);
    to["planned_shown"] = of.planned ? std::to_string(*of.planned) : "-";
    to["reached_shown"] = of.reached ? number(*of.reached * 100) + " %" : "-";
    to["is_short"] = of.planned && *of.planned < of.needed;
    if (of.planned && *of.planned != of.needed) to["gap"] = fmt::format("{:+d}", *of.planned - of.needed);
}

json drawing(const std::vector<plan_line>& lines, const lens& through) {
    auto say = [&](const char* key) { return through.texts->say(through.language, key, json::object()); };
    chart_series needed{"needed", say("staffing.needed"), {}}, planned{"planned", say("staffing.planned"), {}, true};
    std::vector<std::string> labels;
    for (const auto& each : lines) {
        labels.push_back(each.hour);
        needed.values.push_back(each.needed);
        planned.values.push_back(each.planned ? std::optional(static_cast<double>(*each.planned)) : std::nullopt);
    }
    chart_options how;
    how.height = 200, how.labels_each = 2;
    return draw_chart(labels, {needed, planned}, how);
}

json by_day(const model::staffing::week_plan& plan, const lens& through) {
    auto out = json::array();
    std::vector<plan_line> day;
    auto finish = [&] {
        if (day.empty()) return;
        json one = {{"date", day.front().date}, {"lines", json::array()}};
        double calls = 0, callbacks = 0;
        int most = 0;
        for (const auto& each : day) {
            one["lines"].push_back(line(each));
            if (through.for_people) show(one["lines"].back(), each, through);
            calls += each.calls, callbacks += each.callbacks, most = std::max(most, each.needed);
        }
        one["calls"] = std::llround(calls), one["callbacks"] = std::llround(callbacks), one["most"] = most;
        if (through.for_people) {
            one["shown"] = view_text::day(*through.texts, through.language, day.front().date);
            one["chart"] = drawing(day, through);
        }
        out.push_back(std::move(one));
        day.clear();
    };
    for (const auto& each : plan.lines) {
        if (!day.empty() && day.front().date != each.date) finish();
        day.push_back(each);
    }
    finish();
    return out;
}

} // namespace

asio::awaitable<reply> show_staffing(const request& request, app& app) {
    auto monday = week_of(request.parameter("week"), request.now);
    auto how = options_of(app.config);
    auto look = [monday, how, now = request.now](soci::session& sql) { return model::staffing::plan_week(sql, monday, how, now); };
    auto plan = co_await app.database.read(std::move(look));
    auto through = lens_of(request, app);
    nlohmann::json data = {{"week", monday},
                           {"handling_s", std::llround(plan.handling_s)},
                           {"history_days", plan.history_days},
                           {"days", by_day(plan, through)}};
    if (request.wants_json()) co_return api::json(std::move(data));
    data["week_shown"] = view_text::day(*through.texts, through.language, monday);
    data["previous"] = address_of_week(monday, -1), data["next"] = address_of_week(monday, 1);
    data["handling_shown"] = views::seconds_text(std::llround(plan.handling_s));
    data["target_percent"] = app.config.telephony.target_percent;
    data["target_within"] = views::seconds_text(app.config.telephony.target_within_s);
    data["patience"] = views::seconds_text(app.config.telephony.patience_s);
    auto has_roster = std::any_of(plan.lines.begin(), plan.lines.end(), [](const auto& each) { return each.planned.has_value(); });
    data["has_roster"] = has_roster;
    if (!request.parameter("done").empty()) data["t:done"] = "staffing.done";
    data["is_learnt"] = plan.history_days > 0, data["here_calls"] = true;
    co_return page("console/staffing", std::move(data));
}

asio::awaitable<reply> follow_staffing(const request& request, app& app) {
    auto monday = week_of(request.field("week"), request.now);
    auto how = options_of(app.config);
    auto write = [monday, how, who = actor_of(request), now = request.now](soci::session& sql) {
        auto plan = model::staffing::plan_week(sql, monday, how, now);
        model::staffing::set_callback_seats(sql, plan, how, who, now);
    };
    co_await app.database.write(std::move(write));
    co_return see_other("/console/calls/staffing?done=1&week=" + monday);
}

} // namespace relais::api
