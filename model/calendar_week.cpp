// SPDX-License-Identifier: EUPL-1.2
#include "model/calendar_week.hpp"

#include "model/digits.hpp"

#include <fmt/format.h>

namespace relais::model::calendar_weeks {
namespace {

using date::days;
using namespace date::literals;

date::local_days monday_of(date::local_days day) { return day - (date::weekday(day) - date::Monday); }

} // namespace

date::local_days monday(calendar_week week) {
    auto fourth_of_january = date::local_days(date::year(week.year) / 1 / 4); // always in week 1
    return monday_of(fourth_of_january) + days(7 * (week.number - 1));
}

calendar_week of_day(date::local_days day) {
    auto thursday = monday_of(day) + days(3);
    auto year = static_cast<int>(date::year_month_day(thursday).year());
    return {year, static_cast<int>((monday_of(day) - monday({year, 1})).count() / 7 + 1)};
}

calendar_week of(sys_seconds at, std::string_view zone) { return of_day(calendars::day_of(zone, at)); }
calendar_week next(calendar_week week) { return of_day(monday(week) + days(7)); }
calendar_week previous(calendar_week week) { return of_day(monday(week) - days(7)); }

time_span span_of(calendar_week week, std::string_view zone) {
    auto first = monday(week);
    return {calendars::instant(zone, first), calendars::instant(zone, first + days(7))};
}

std::string text(calendar_week week) { return fmt::format("{:04}-W{:02}", week.year, week.number); }

std::optional<calendar_week> parse(std::string_view text) {
    if (text.size() != 8 || text.substr(4, 2) != "-W") return {};
    auto year = digits::value(text.substr(0, 4)), number = digits::value(text.substr(6));
    if (!year || !number) return {};
    calendar_week out{*year, *number};
    if (out.year < 1 || out.number < 1 || of_day(monday(out)) != out) return {};
    return out;
}

} // namespace relais::model::calendar_weeks
