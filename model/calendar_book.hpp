// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/calendar.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace relais::model {

// A legal time that people may choose, who lives by it, and which telephones are there.
struct calendar_zone {
    std::string zone;                                      // IANA
    std::map<std::string, std::string, std::less<>> place; // by language: "Fort-de-France (Martinique)"
    std::vector<std::string> departments;                  // the first one's holidays are kept when nobody says which
    std::vector<std::string> prefixes;                     // of E.164 numbers; the longest that fits decides
};

// The calendars of an installation, as data: config/calendars.json.
struct calendar_book {
    calendar centre;                  // when the centre answers: every clock counts by it
    calendar extended;                // when it calls those for whom its own hours are the middle of the night; may be empty
    calendar citizen;                 // when people may decently be called, in their own legal time and less their own holidays
    std::vector<calendar_zone> zones; // in the order in which they are offered
};

namespace calendar_books {

// Reads and checks the file. Throws: std::runtime_error with a sentence that says what is wrong.
calendar_book load(const std::string& file);

const calendar_zone* find_zone(const calendar_book& book, std::string_view zone);
// Where the people of a department live: the first zone that names it, else Paris.
const std::string& zone_of_department(const calendar_book& book, std::string_view department);
// Where a number is: by its longest prefix, else Paris.
const std::string& zone_of_phone(const calendar_book& book, std::string_view e164);
// Whose holidays are kept in a zone when the department is not known; empty for metropolitan France and abroad.
std::string department_of_zone(const calendar_book& book, std::string_view zone);

// True when the centre's ordinary hours leave less than two hours a day in common with the decent hours of that legal time, around that
// instant: people there are called in the extended hours too. Source: domain.md 6.2 ("extended slots or written reply")
bool needs_extended(const calendar_book& book, std::string_view zone, sys_seconds around);

// When somebody of that legal time and department may be called, within [from, to): the centre works, their hour is decent, it is
// neither Sunday nor a holiday there.
std::vector<time_span> callable(const calendar_book& book, std::string_view zone, std::string_view department, sys_seconds from,
                                sys_seconds to);
// True when it is decent to call them now, whoever works.
bool is_decent(const calendar_book& book, std::string_view zone, std::string_view department, sys_seconds at);

} // namespace calendar_books
} // namespace relais::model
