// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

// How many calls to expect, from those of the last weeks. Pure functions: a day is a text YYYY-MM-DD, a slot a half hour of it, 0 to 47,
// both on the clock of Paris.
namespace relais::model::staffing {

constexpr int slots_a_day = 48;
using day_volume = std::array<double, slots_a_day>;

// What one day of the past brought.
struct past_day {
    std::string date;
    int weekday = 0; // 0: Monday
    day_volume calls{};
    bool is_closed = false; // a holiday or another day without service: teaches nothing
};

struct forecast_options {
    double weekly_weight = 0.85; // of each week further in the past, against the one after it
    double odd_day_share = 0.25; // a day with less than this share of its usual volume was no ordinary day: left out
};

// The calls expected in each half hour of each day of the week (0: Monday): the weighted mean of the same half hour of the past weeks.
// today: past_day::date of the first day that is not yet known. A weekday never seen open expects nothing.
std::array<day_volume, 7> expected_week(const std::vector<past_day>& past, std::string_view today, const forecast_options& how = {});

// The number of days between two texts YYYY-MM-DD.
int days_between(std::string_view from, std::string_view to);

} // namespace relais::model::staffing
