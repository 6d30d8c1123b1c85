// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/clock.hpp"
#include "model/demo/random.hpp"

#include <string>
#include <string_view>

// How French people write dates, durations and letters. Months and weekdays are data of the demonstration, not messages.
namespace relais::model::demo {

using std::chrono::days;
using std::chrono::hours;

// The clock on a wall in Paris, as if it were UTC (European rule: last Sundays of March and October, 01:00 UTC).
sys_seconds paris_clock(sys_seconds at);
// 0 Monday to 6 Sunday, on that clock.
int paris_weekday(sys_seconds at);
int paris_hour(sys_seconds at);
// The instant at which that clock shows this hour and minute, on the day of `at`.
sys_seconds paris_moment(sys_seconds at, int hour, int minute);

// Appends the text without accents (œ as oe), in lower case when asked. Letters outside Latin are left out.
void append_plain(std::string_view text, std::string& out, bool lower);
std::string plain(std::string_view text, bool lower);
// Upper or lower case of ASCII and Latin-1 letters.
std::string upper(std::string_view text);
std::string lower(std::string_view text);

void append_number(std::string& out, std::int64_t number, int width = 0);
// "trois" or "3".
void append_count(std::string& out, int count, dice& roll);
// A moment in the past as said at `now`: hier, mardi, le 12, le 12 octobre, début octobre.
void append_past_day(std::string& out, sys_seconds then, sys_seconds now, dice& roll);
// A day to come: vendredi, le 18, le 18 décembre.
void append_coming_day(std::string& out, sys_seconds then, sys_seconds now, dice& roll);
// How long: deux jours, trois semaines, 2 mois.
void append_duration(std::string& out, sys_seconds then, sys_seconds now, dice& roll);
// A birth date YYYY-MM-DD as DD/MM/YYYY.
std::string slashed(std::string_view iso);

} // namespace relais::model::demo
