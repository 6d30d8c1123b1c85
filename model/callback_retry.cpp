// SPDX-License-Identifier: EUPL-1.2
#include "model/callback_retry.hpp"

#include <date/tz.h>

#include <algorithm>

namespace relais::model::callback_retries {
namespace {

using date::days;

constexpr auto noon = std::chrono::hours(13);         // decent hours stop for lunch before it and begin after it
constexpr auto horizon = std::chrono::hours(24 * 40); // longer than any closure
constexpr auto too_short = std::chrono::minutes(5);   // what remains of a half-day is not worth a try

std::vector<time_span> halves(const time_span& whole, std::string_view zone) {
    auto middle = calendars::instant(zone, calendars::day_of(zone, whole.from) + noon);
    if (middle <= whole.from || middle >= whole.to) return {whole};
    return {{whole.from, middle}, {middle, whole.to}};
}

// The half-days of the three calling days, from the midnight of the first on.
std::vector<time_span> chances(const callback_rules& rules, const callback_place& place, sys_seconds first) {
    auto from = calendars::instant(place.zone, calendars::day_of(place.zone, first));
    std::vector<time_span> out;
    int counted = 0;
    date::local_days day{};
    for (const auto& span : calendar_books::callable(rules.book(), place.zone, place.department, from, from + horizon)) {
        if (span.to <= first) continue;
        auto its_day = calendars::day_of(place.zone, span.from);
        if (counted == 0 || its_day != day) ++counted, day = its_day;
        if (counted > callback_days) break;
        for (const auto& half : halves(span, place.zone)) out.push_back(half);
    }
    return out;
}

} // namespace

std::string half_day(std::string_view zone, sys_seconds at) {
    auto local = date::locate_zone(std::string(zone))->to_local(at);
    auto day = date::floor<days>(local);
    return date::format("%F", day) + (local - day < noon ? " morning" : " afternoon");
}

sys_seconds last_moment(const callback_rules& rules, const callback_place& place, sys_seconds first) {
    auto found = chances(rules, place, first);
    return found.empty() ? first + days(callback_days) : found.back().to;
}

std::optional<sys_seconds> next(const callback_rules& rules, const callback_place& place, const std::vector<sys_seconds>& used,
                                sys_seconds now) {
    auto earliest = std::max(now, used.back() + std::chrono::minutes(rules.retry_gap_minutes));
    auto is_used = [&](sys_seconds at) {
        return std::any_of(used.begin(), used.end(), [&](auto each) { return half_day(place.zone, each) == half_day(place.zone, at); });
    };
    for (const auto& half : chances(rules, place, used.front())) {
        auto start = std::max(half.from, earliest);
        if (start + too_short <= half.to && !is_used(start)) return start;
    }
    return std::nullopt;
}

} // namespace relais::model::callback_retries
