// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <date/date.h>
#include <string_view>

// "Jours ouvrés", the days the law counts: Monday to Friday, public holidays excepted. No department: the centre's national calendar.
// Source: CRPA
namespace relais::model::working_days {

bool is_working_day(date::year_month_day day, std::string_view department = {});

// The n-th working day after that day; n = 0 gives the day itself, or the next working day when it is not one. n is 0 or more.
date::year_month_day add(date::year_month_day day, int n, std::string_view department = {});

// How many working days lie after the first day, up to and including the second; negative when the second is earlier.
int between(date::year_month_day from, date::year_month_day to, std::string_view department = {});

} // namespace relais::model::working_days
