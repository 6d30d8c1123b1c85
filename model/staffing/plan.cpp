// SPDX-License-Identifier: EUPL-1.2
#include "model/staffing/plan.hpp"

#include "model/call_figures.hpp"
#include "model/holidays.hpp"
#include "model/roster.hpp"
#include "model/sql.hpp"
#include "model/staffing/forecast.hpp"

#include <date/tz.h>

#include <algorithm>
#include <cmath>
#include <map>

namespace relais::model::staffing {

namespace {

constexpr std::int64_t half_hour_s = 1800;
constexpr double worth_planning = 0.05; // calls in a half hour: below, nothing is expected

const date::time_zone* paris() {
    static const auto* zone = date::locate_zone("Europe/Paris");
    return zone;
}

date::local_days local_day(std::string_view text) {
    date::local_days out;
    std::istringstream in{std::string(text)};
    in >> date::parse("%F", out);
    return out;
}

// The first instant of a local day.
sys_seconds begin_of(date::local_days day) { return date::floor<std::chrono::seconds>(paris()->to_sys(day, date::choose::earliest)); }

int weekday_of(date::local_days day) { return static_cast<int>(date::weekday(day).iso_encoding()) - 1; }

struct learnt {
    std::vector<past_day> days;
    double talk_s = 0; // of one answered call
};

// The volumes of the past, by local day and half hour. Half hours come in UTC: Paris is whole hours away.
void add_volume(std::map<std::string, past_day>& days, sys_seconds starts_at, double volume) {
    auto local = paris()->to_local(starts_at);
    auto day = date::floor<date::days>(local);
    auto& into = days[date::format("%F", day)];
    into.calls[static_cast<std::size_t>((local - day).count() / half_hour_s)] += volume;
}

// Every day of the window, quiet ones too: a half hour without a call is a fact.
std::map<std::string, past_day> empty_days(date::local_days from, date::local_days to) {
    std::map<std::string, past_day> out;
    for (auto day = from; day < to; day += date::days(1)) {
        past_day one;
        one.date = date::format("%F", day);
        one.weekday = weekday_of(day);
        one.is_closed = holidays::is_holiday(date::year_month_day(day));
        out.emplace(one.date, one);
    }
    return out;
}

std::vector<past_day> list_of(std::map<std::string, past_day> days) {
    std::vector<past_day> out;
    for (auto& [date, day] : days) out.push_back(std::move(day));
    return out;
}

learnt calls_of(soci::session& sql, date::local_days from, date::local_days to) {
    learnt out;
    auto days = empty_days(from, to);
    std::int64_t answered = 0, talk_s = 0;
    for (const auto& each : call_stats::half_hours(sql, begin_of(from), begin_of(to))) {
        add_volume(days, each.starts_at, static_cast<double>(each.offered));
        answered += each.answered, talk_s += each.talk_s;
    }
    out.days = list_of(std::move(days));
    out.talk_s = answered > 0 ? static_cast<double>(talk_s) / static_cast<double>(answered) : 0;
    return out;
}

using count_row = std::tuple<std::int64_t, std::int64_t>; // the half hour, how many

std::vector<past_day> callbacks_of(soci::session& sql, date::local_days from, date::local_days to) {
    auto days = empty_days(from, to);
    for (const auto& [start, count] : sql::all<count_row>(sql,
                                                          "SELECT due_at - due_at % 1800, COUNT(*) FROM callback "
                                                          "WHERE due_at >= :from AND due_at < :to GROUP BY due_at - due_at % 1800",
                                                          begin_of(from), begin_of(to)))
        add_volume(days, at_seconds(start), static_cast<double>(count));
    return list_of(std::move(days));
}

std::map<std::int64_t, double> booked(soci::session& sql, sys_seconds from, sys_seconds to) {
    std::map<std::int64_t, double> out;
    for (const auto& [start, count] :
         sql::all<count_row>(sql,
                             "SELECT due_at - due_at % 1800, COUNT(*) FROM callback WHERE due_at >= :from AND due_at < :to "
                             "AND open_phone IS NOT NULL GROUP BY due_at - due_at % 1800",
                             from, to))
        out[start] = static_cast<double>(count);
    return out;
}

std::map<std::int64_t, std::int64_t> planned(soci::session& sql, sys_seconds from, sys_seconds to) {
    std::map<std::int64_t, std::int64_t> out;
    for (const auto& each : rosters::between(sql, from, to)) out[seconds(each.starts_at)] = each.agents;
    return out;
}

// Callbacks are spread over their half hour: they keep so many people busy, beside those who answer.
int callback_agents(double callbacks, double each_s) { return static_cast<int>(std::ceil(callbacks * each_s / half_hour_s)); }

void fill(plan_line& line, const plan_options& how, double handling_s) {
    load offered{line.calls / half_hour_s, handling_s};
    auto aim = how.aim;
    auto aside = callback_agents(line.callbacks, how.callback_s);
    line.needed_for_calls = agents_needed(offered, aim);
    line.needed = line.needed_for_calls + aside;
    auto patient = aim;
    patient.mean_patience_s = 0;
    line.needed_patient = agents_needed(offered, patient) + aside;
    if (!line.planned) return;
    auto answering = static_cast<int>(*line.planned) - aside;
    line.reached = answering > 0                 ? erlang_a(answering, offered, aim.mean_patience_s, aim.within_s).answered_in_time
                   : line.calls > worth_planning ? 0.0
                                                 : 1.0;
}

} // namespace

week_plan plan_week(soci::session& sql, const std::string& monday, const plan_options& how, sys_seconds now) {
    auto today = date::floor<date::days>(paris()->to_local(now));
    auto oldest = today - date::days(7 * how.history_weeks);
    auto calls = calls_of(sql, oldest, today);
    auto today_text = date::format("%F", today);
    auto usual = expected_week(calls.days, today_text);
    auto usual_callbacks = expected_week(callbacks_of(sql, oldest, today), today_text);

    week_plan out;
    out.monday = monday;
    out.handling_s = (calls.talk_s > 0 ? calls.talk_s : how.mean_talk_s) + how.wrap_up_s;
    out.history_days = std::count_if(calls.days.begin(), calls.days.end(), [](const past_day& day) {
        return std::any_of(day.calls.begin(), day.calls.end(), [](double volume) { return volume > 0; });
    });
    auto first = local_day(monday), last = first + date::days(7);
    auto promised = booked(sql, begin_of(first), begin_of(last));
    auto roster = planned(sql, begin_of(first), begin_of(last));
    for (auto at = begin_of(first); at < begin_of(last); at += std::chrono::seconds(half_hour_s)) {
        auto local = paris()->to_local(at);
        auto day = date::floor<date::days>(local);
        auto slot = static_cast<std::size_t>((local - day).count() / half_hour_s);
        auto weekday = static_cast<std::size_t>(weekday_of(day));
        auto is_closed = holidays::is_holiday(date::year_month_day(day));
        plan_line line;
        line.starts_at = at, line.date = date::format("%F", day), line.hour = date::format("%R", local);
        line.calls = is_closed ? 0 : usual[weekday][slot];
        line.callbacks =
            std::max(is_closed ? 0 : usual_callbacks[weekday][slot], promised.contains(seconds(at)) ? promised.at(seconds(at)) : 0);
        if (roster.contains(seconds(at))) line.planned = roster.at(seconds(at));
        if (line.calls < worth_planning && line.callbacks < worth_planning && !line.planned) continue;
        fill(line, how, out.handling_s);
        out.lines.push_back(std::move(line));
    }
    return out;
}

int set_callback_seats(soci::session& sql, const week_plan& plan, const plan_options& how, const actor& who, sys_seconds now) {
    int written = 0;
    for (const auto& each : plan.lines) {
        if (!each.planned) continue;
        auto free = std::max<std::int64_t>(0, *each.planned - each.needed_for_calls);
        auto seats = static_cast<std::int64_t>(static_cast<double>(free * half_hour_s) / how.callback_s);
        rosters::set(sql, {each.starts_at, *each.planned, seats}, now);
        ++written;
    }
    events::record(sql, who, "roster.seats_set", "roster", 0, {{"week", plan.monday}, {"half_hours", written}}, now);
    return written;
}

std::string next_monday(sys_seconds now) {
    auto today = date::floor<date::days>(paris()->to_local(now));
    return date::format("%F", today + date::days(7 - weekday_of(today)));
}

} // namespace relais::model::staffing
