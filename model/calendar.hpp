// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/clock.hpp"

#include <date/date.h>

#include <array>
#include <chrono>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace relais::model {

// Hours of one local day: from included, to excluded. 24:00 is the next midnight.
struct opening {
    std::chrono::minutes from{}, to{};
    bool operator==(const opening&) const = default;
};

// A stretch of time, UTC: from included, to excluded.
struct time_span {
    sys_seconds from, to;
    bool operator==(const time_span&) const = default;
    bool holds(sys_seconds at) const { return from <= at && at < to; }
};

// When somebody works, or may decently be called: hours of the week in a legal time, less the public holidays, but for the days that have
// hours of their own.
struct calendar {
    std::string zone = "Europe/Paris"; // IANA
    std::string department;            // whose public holidays close it; empty: the national ones
    bool keeps_holidays = true;
    std::array<std::vector<opening>, 7> week;                    // Monday first; in order, never overlapping
    std::map<date::local_days, std::vector<opening>> exceptions; // these hours instead, holiday or not
};

namespace calendars {

// The local day of an instant.
date::local_days day_of(std::string_view zone, sys_seconds at);

// The instant of a local time. One that is skipped in spring is the instant of the change; one that comes twice in autumn is the first:
// so hours that touch never overlap and leave no hole.
sys_seconds instant(std::string_view zone, date::local_seconds local);

// The hours of a local day, holidays and exceptions counted.
std::vector<opening> hours_on(const calendar& of, date::local_days day);
// The same as instants.
std::vector<time_span> open_on(const calendar& of, date::local_days day);
// Every open stretch within [from, to), in order, cut at both ends.
std::vector<time_span> open_between(const calendar& of, sys_seconds from, sys_seconds to);

bool is_open(const calendar& of, sys_seconds at);

// The first instant, from `from` on, when `amount` of open time has passed since. Nothing passes while it is closed.
// Throws: std::domain_error, when the calendar does not open so much in ten years.
sys_seconds add_business_time(const calendar& of, sys_seconds from, std::chrono::seconds amount);

// How much open time lies between two instants; negative when the second is earlier.
std::chrono::seconds business_seconds_between(const calendar& of, sys_seconds from, sys_seconds to);

// What two ordered lists of stretches have in common.
std::vector<time_span> common(const std::vector<time_span>& a, const std::vector<time_span>& b);

} // namespace calendars
} // namespace relais::model
