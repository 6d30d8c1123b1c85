// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <date/date.h>
#include <string_view>
#include <vector>

namespace relais::model {

// A public holiday; its name in either language is the locale key holiday.<key>.
struct holiday {
    date::year_month_day day;
    std::string_view key;
};

// Two calendars: the centre's is the national one (no department), the citizen's is that of their department.
namespace holidays {

// Gregorian Easter Sunday. Source: Meeus, Astronomical Algorithms, chapter 8
date::year_month_day easter(date::year year);

// The national eleven, and those of the department: Alsace-Moselle, overseas. In the order of the year.
// Source: Labour code L.3133-1, L.3134-13, L.3422-2
std::vector<holiday> of(date::year year, std::string_view department = {});

bool is_holiday(date::year_month_day day, std::string_view department = {});

} // namespace holidays
} // namespace relais::model
