// SPDX-License-Identifier: EUPL-1.2
#include "api/figure_desk.hpp"

#include "api/chart.hpp"
#include "api/figure_choices.hpp"
#include "api/figure_view.hpp"
#include "api/guards.hpp"
#include "api/parameters.hpp"
#include "api/share_text.hpp"
#include "api/view_parts.hpp"
#include "api/view_text.hpp"
#include "model/calendar_week.hpp"
#include "model/database.hpp"
#include "model/error.hpp"
#include "model/figure_fact.hpp"
#include "model/team.hpp"
#include "model/user.hpp"

#include <array>

namespace relais::api {

namespace {

using nlohmann::json;
namespace figures = model::figures;
using measures = model::figure_measures;

constexpr auto shown_ids = std::to_array<std::string_view>(
    {"K4", "K4.late", "K5", "K5.late", "K6", "K6.late", "K7", "K8", "K9", "K18", "K19", "K20", "K20.oldest"});
// Told by the hours of the day and by the days of the week.
constexpr auto curve_ids = std::to_array<std::string_view>({"K4", "K5", "K6", "K7", "K8", "K9", "K18", "K20"});

struct asked {
    std::string day;
    model::time_span today, week;
    std::string week_name;
    model::figure_filter whose;
};

asked read(const request& request) {
    asked out;
    out.day = request.parameter("day").empty() ? view_text::local_day(request.now) : std::string(request.parameter("day"));
    auto start = views::start_of_day(out.day, "day");
    auto local = model::calendars::day_of(view_text::paris, start);
    out.today = {start, model::calendars::instant(view_text::paris, date::local_seconds(local + date::days(1)))};
    auto week = model::calendar_weeks::of_day(local);
    out.week = model::calendar_weeks::span_of(week), out.week_name = model::calendar_weeks::text(week);
    out.whose = views::asked_filter(request);
    return out;
}

struct day_row {
    std::string key; // the day
    measures counted;
};
struct found {
    measures today, week;
    std::vector<std::pair<std::chrono::sys_seconds, measures>> hours; // of today, each
    std::vector<day_row> days;                                        // of the week, until today
    std::vector<model::team> teams;
    std::optional<std::chrono::sys_seconds> counted_until;
};

void add(measures& to, const measures& more) {
    for (const auto& [name, counted] : more) to[name] += counted;
}

// K20 at the end of each hour: what was old when the day began, those that became old and those that ended, hour by hour; the hour that
// runs is told as of now, and those to come not at all. From counts by hour that are read already: no ticket is looked at.
void add_backlog(found& to, soci::session& sql, const asked& wanted, std::chrono::sys_seconds now) {
    if (wanted.today.from > now) return;
    constexpr auto old = "backlog.old";
    auto left = figures::backlog(sql, wanted.today.from, wanted.whose, now)[old];
    for (auto& [at, counted] : to.hours) {
        if (at > now) return;
        left += counted["old.begun"] - counted["old.ended"];
        counted[old] = at + std::chrono::hours(1) > now ? to.today[old] : left;
    }
}

found measure(soci::session& sql, const asked& wanted, std::chrono::sys_seconds now) {
    found out;
    auto course = figures::course(sql, wanted.week, wanted.whose, now);
    for (const auto& each : figures::periods(wanted.week, "day", 7)) {
        if (each.span.from > now) break;
        auto& row = out.days.emplace_back(day_row{each.key, {}});
        for (auto hour = course.by_hour.lower_bound(each.span.from); hour != course.by_hour.end() && hour->first < each.span.to; ++hour)
            add(row.counted, hour->second);
        row.counted.merge(figures::backlog(sql, each.span.to, wanted.whose, now));
        if (each.key == wanted.day) out.today = row.counted;
    }
    for (auto at = wanted.today.from; at < wanted.today.to; at += std::chrono::hours(1))
        out.hours.emplace_back(at, course.by_hour.contains(at) ? course.by_hour[at] : measures{});
    add_backlog(out, sql, wanted, now);
    out.week = std::move(course.whole);
    out.teams = model::teams::all(sql);
    out.counted_until = model::figure_facts::counted_until(sql);
    return out;
}

std::int64_t number(const measures& in, std::string_view name) {
    auto known = in.find(name);
    return known == in.end() ? 0 : known->second;
}
// First answers, to letters too.
std::int64_t replied(const measures& in) { return number(in, "replied") + number(in, "letters"); }

template <class Ids> json some_figures(const Ids& ids, const measures& of, const lens& through) {
    auto out = json::array();
    for (auto id : ids) out.push_back(views::figure(*figures::find(id), of, through));
    return out;
}

json hours_of(const found& what, const lens& through) {
    auto out = json::array();
    for (const auto& [at, counted] : what.hours) {
        json row = {{"received", number(counted, "received")}, {"replied", replied(counted)}, {"closed", number(counted, "closed")}};
        row["old"] = counted.contains("backlog.old") ? json(number(counted, "backlog.old")) : json(nullptr);
        views::add_moment(row, through, "at", at);
        if (through.for_people) row["hour"] = view_text::short_moment(at).substr(11, 2) + " h";
        out.push_back(std::move(row));
    }
    return out;
}

json days_of(const found& what, const lens& through) {
    auto out = json::array();
    for (const auto& each : what.days) {
        json row = {{"day", each.key}, {"received", number(each.counted, "received")}, {"closed", number(each.counted, "closed")}};
        row["figures"] = some_figures(curve_ids, each.counted, through);
        if (through.for_people) row["shown"] = view_text::day(*through.texts, through.language, each.key);
        out.push_back(std::move(row));
    }
    return out;
}

std::string say(const lens& through, const char* key) { return through.texts->say(through.language, key, json::object()); }

json draw_day(const found& what, const lens& through) {
    std::vector<std::string> labels;
    chart_series received{"offered", say(through, "share.received"), {}}, closed{"answered", say(through, "share.closed"), {}};
    for (const auto& [at, counted] : what.hours) {
        labels.push_back(view_text::short_moment(at).substr(11, 2) + " h");
        received.values.push_back(static_cast<double>(number(counted, "received")));
        closed.values.push_back(static_cast<double>(number(counted, "closed")));
    }
    chart_options how;
    how.labels_each = 2;
    return draw_chart(labels, {received, closed}, how);
}

// One figure alone, small: its values at these places.
json draw_figure(const model::figure_definition& of, const std::vector<std::string>& labels, std::vector<std::optional<double>> values,
                 int labels_each, const char* period, const lens& through) {
    chart_options how;
    how.width = 380, how.height = 150, how.labels_each = labels_each, how.target = of.target;
    if (of.in == model::figure_definition::unit::percent) how.highest = 100, how.unit = " %";
    return draw_chart(labels, {{"answered", say(through, period), std::move(values)}}, how);
}

// Each figure by the hours of the day and by the days of the week.
json figure_curves(const found& what, const lens& through) {
    auto out = json::array();
    std::vector<std::string> hours, days;
    for (const auto& [at, counted] : what.hours) hours.push_back(view_text::short_moment(at).substr(11, 2) + " h");
    for (const auto& each : what.days) days.push_back(each.key.substr(8, 2) + "/" + each.key.substr(5, 2));
    for (auto id : curve_ids) {
        const auto& of = *figures::find(id);
        json item = {{"id", id}, {"t:name", share_text::key(id, "name")}};
        std::vector<std::optional<double>> in_hours, in_days;
        for (const auto& [at, counted] : what.hours) in_hours.push_back(figures::value(of, counted));
        for (const auto& each : what.days) in_days.push_back(figures::value(of, each.counted));
        item["by_hour"] = draw_figure(of, hours, std::move(in_hours), 4, "live.by_hour", through);
        item["by_day"] = draw_figure(of, days, std::move(in_days), 1, "live.by_day", through);
        out.push_back(std::move(item));
    }
    return out;
}

// The same by hours, for the table beneath.
json hour_figures(const found& what, const lens& through) {
    auto out = json::array();
    for (auto id : curve_ids) {
        json row = {{"id", id}, {"t:name", share_text::key(id, "name")}, {"cells", json::array()}};
        for (const auto& [at, counted] : what.hours) row["cells"].push_back(views::figure(*figures::find(id), counted, through));
        out.push_back(std::move(row));
    }
    return out;
}

json draw_week_volume(const found& what, const lens& through) {
    std::vector<std::string> labels;
    chart_series received{"offered", say(through, "share.received"), {}}, closed{"answered", say(through, "share.closed"), {}};
    for (const auto& each : what.days) {
        labels.push_back(each.key.substr(8, 2) + "/" + each.key.substr(5, 2));
        received.values.push_back(static_cast<double>(number(each.counted, "received")));
        closed.values.push_back(static_cast<double>(number(each.counted, "closed")));
    }
    return draw_chart(labels, {received, closed});
}

// Each figure today beside the week.
json summary_of(const found& what, const lens& through) {
    auto out = json::array();
    for (auto id : shown_ids) {
        const auto& of = *figures::find(id);
        out.push_back({{"today", views::figure(of, what.today, through)}, {"week", views::figure(of, what.week, through)}});
    }
    return out;
}

json data_of(const asked& wanted, const found& what, const lens& through) {
    json data = {{"day", wanted.day}, {"week", wanted.week_name}, {"hours", hours_of(what, through)}, {"days", days_of(what, through)}};
    views::add_moment(data, through, "counted_until", what.counted_until);
    if (!through.for_people) {
        data["today"] = some_figures(shown_ids, what.today, through), data["this_week"] = some_figures(shown_ids, what.week, through);
        return data;
    }
    data["summary"] = summary_of(what, through);
    data["heads"] = json::array();
    for (auto id : curve_ids) data["heads"].push_back({{"id", id}, {"t:name", share_text::key(id, "name")}});
    data["day_curve"] = draw_day(what, through);
    data["week_volume"] = draw_week_volume(what, through);
    data["figure_curves"] = figure_curves(what, through), data["hour_figures"] = hour_figures(what, through);
    data["day_shown"] = view_text::day(*through.texts, through.language, wanted.day);
    data["here_figures"] = true;
    data.update(views::figure_choices(wanted.whose, what.teams));
    return data;
}

asio::awaitable<reply> show(const request& request, app& app, const asked& wanted, const model::user* owner) {
    auto look = [wanted, now = request.now](soci::session& sql) { return measure(sql, wanted, now); };
    auto what = co_await app.database.read(std::move(look));
    auto through = lens_of(request, app);
    auto data = data_of(wanted, what, through);
    if (owner) data["agent"] = {{"id", owner->id}, {"name", owner->name}};
    if (!through.for_people) co_return api::json(std::move(data));
    data["address"] = request.path;
    data["is_whole"] = !owner;
    co_return page("console/figures_live", std::move(data));
}

asio::awaitable<reply> show_of(const request& request, app& app, std::int64_t agent) {
    auto look = [agent](soci::session& sql) { return model::users::get(sql, agent); };
    auto owner = co_await app.database.read(std::move(look));
    auto wanted = read(request);
    wanted.whose.agent = agent;
    co_return co_await show(request, app, wanted, &owner);
}

} // namespace

asio::awaitable<reply> show_live_figures(const request& request, app& app) {
    auto wanted = read(request);
    co_return co_await show(request, app, wanted, nullptr);
}

asio::awaitable<reply> show_own_figures(const request& request, app& app) {
    auto is_person = request.who.is == audience::kind::staff;
    if (!is_person) throw model::forbidden(); // a program answers no tickets
    co_return co_await show_of(request, app, request.who.id);
}

asio::awaitable<reply> show_agent_figures(const request& request, app& app) {
    auto agent = parameters::number_of(request.capture(0));
    if (!agent) throw model::not_found();
    auto is_own = request.who.is == audience::kind::staff && request.who.id == *agent;
    if (!is_own && (role_bit(request.who.role) & supervisor) == 0) throw model::forbidden();
    co_return co_await show_of(request, app, *agent);
}

} // namespace relais::api
