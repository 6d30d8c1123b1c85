// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/catalogue.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

// How people read dates and sizes: in words, in their language, on the clock of Paris unless another zone is named.
// Views put these texts in the data beside the machine's form.
namespace relais::api::view_text {

constexpr std::string_view paris = "Europe/Paris";

// "lundi 23 novembre 2026", "mardi 1er décembre 2026"; "Monday 23 November 2026". iso_day: YYYY-MM-DD; anything else comes back as it is.
std::string day(const catalogue& texts, std::string_view language, std::string_view iso_day);
// "lundi 23 novembre 2026 à 11 h 39".
std::string moment(const catalogue& texts, std::string_view language, std::chrono::sys_seconds at, std::string_view zone = paris);
// "23/11/2026 11:39", for lists.
std::string short_moment(std::chrono::sys_seconds at, std::string_view zone = paris);
// The calendar day of an instant, YYYY-MM-DD.
std::string local_day(std::chrono::sys_seconds at, std::string_view zone = paris);
// RFC 3339 in UTC: "2026-11-23T10:39:00Z".
std::string rfc3339(std::chrono::sys_seconds at);
// "340 octets", "12 Ko", "1,2 Mo".
std::string file_size(const catalogue& texts, std::string_view language, std::int64_t size_bytes);

} // namespace relais::api::view_text
