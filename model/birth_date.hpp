// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/checked.hpp"

#include <date/date.h>
#include <optional>
#include <string>
#include <string_view>

namespace relais::model {

// How much of a birth date is known; the unknown parts are written 00 and never made up.
enum class birth_precision { day, month, year };

namespace birth_dates {

// Text "YYYY-MM-DD" from JJ/MM/AAAA (or with dots, hyphens, spaces, nothing) or AAAA-MM-JJ. 00 for an unknown day, or day and month.
// Suspect: old (over 110 years), young (under 14).
// Invalid: empty, format, short_year (with a suggestion), day, month (a suggestion when both are swapped), future, year (before 1850).
// Source: FranceConnect emits YYYY-MM-00 and YYYY-00-00 for people whose date is presumed; docs/decisions/0009-identifiers-are-hints.md
checked check(std::string_view typed, date::year_month_day today);

// Of a text as check() normalises it; nothing for any other text.
std::optional<birth_precision> precision(std::string_view normalised);

// "day", "month", "year": as stored and in the API.
std::string_view name(birth_precision precision);

// True when both may be the same person's: an unknown part matches anything, and 31 December or 1 January may stand for an unknown
// day, so they match each other and any incomplete date of that year. False when either is not a normalised text.
// Source: instruction of 2 November 2004 on births without a day
bool compatible(std::string_view a, std::string_view b);

// For people: "03/05/1984", "00/05/1984", "00/00/1984" as on French papers.
std::string display(std::string_view normalised);

} // namespace birth_dates
} // namespace relais::model
