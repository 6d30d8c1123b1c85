// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/calendar.hpp"

#include <compare>
#include <optional>
#include <string>
#include <string_view>

namespace relais::model {

// A week of ISO 8601: Monday to Sunday, in the year that holds its Thursday. Some years have 53.
struct calendar_week {
    int year = 0;
    int number = 0;
    auto operator<=>(const calendar_week&) const = default;
};

namespace calendar_weeks {

calendar_week of_day(date::local_days day);
// The week of an instant in a legal time.
calendar_week of(sys_seconds at, std::string_view zone = "Europe/Paris");
calendar_week next(calendar_week week);
calendar_week previous(calendar_week week);
date::local_days monday(calendar_week week);
// From its Monday 0:00 to the next, in a legal time: 168 hours, or 167 and 169 where the hour changes.
time_span span_of(calendar_week week, std::string_view zone = "Europe/Paris");
// "2026-W13"
std::string text(calendar_week week);
// Nothing for another form, or for a week that its year does not have.
std::optional<calendar_week> parse(std::string_view text);

} // namespace calendar_weeks
} // namespace relais::model
