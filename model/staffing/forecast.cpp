// SPDX-License-Identifier: EUPL-1.2
#include "model/staffing/forecast.hpp"

#include <date/date.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <sstream>

namespace relais::model::staffing {

namespace {

date::sys_days day_of(std::string_view text) {
    date::sys_days out;
    std::istringstream in{std::string(text)};
    in >> date::parse("%F", out);
    return out;
}

double sum(const day_volume& of) { return std::accumulate(of.begin(), of.end(), 0.0); }

// The middle one of the daily volumes: what a day of the week usually brings.
double usual_volume(const std::vector<const past_day*>& days) {
    std::vector<double> volumes;
    for (const auto* each : days) volumes.push_back(sum(each->calls));
    auto middle = volumes.begin() + static_cast<std::ptrdiff_t>(volumes.size() / 2);
    std::nth_element(volumes.begin(), middle, volumes.end());
    return volumes.empty() ? 0 : *middle;
}

day_volume expected_day(const std::vector<const past_day*>& days, std::string_view today, const forecast_options& how) {
    day_volume out{};
    double whole = 0;
    auto least = usual_volume(days) * how.odd_day_share;
    for (const auto* each : days) {
        if (sum(each->calls) < least) continue;
        auto weight = std::pow(how.weekly_weight, days_between(each->date, today) / 7.0);
        for (std::size_t slot = 0; slot < out.size(); ++slot) out[slot] += weight * each->calls[slot];
        whole += weight;
    }
    for (auto& each : out) each = whole > 0 ? each / whole : 0;
    return out;
}

} // namespace

int days_between(std::string_view from, std::string_view to) { return (day_of(to) - day_of(from)).count(); }

std::array<day_volume, 7> expected_week(const std::vector<past_day>& past, std::string_view today, const forecast_options& how) {
    std::array<std::vector<const past_day*>, 7> by_weekday;
    for (const auto& each : past)
        if (!each.is_closed) by_weekday[static_cast<std::size_t>(each.weekday)].push_back(&each);
    std::array<day_volume, 7> out{};
    for (std::size_t weekday = 0; weekday < out.size(); ++weekday) out[weekday] = expected_day(by_weekday[weekday], today, how);
    return out;
}

} // namespace relais::model::staffing
