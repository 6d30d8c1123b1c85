// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

// The French telephone numbering plan: which country code a national number has, which numbers are short, special or fictional.
// A number is written here as the nine digits that follow the trunk 0.
// Source: ARCEP numbering plan, decision 2018-0881 and its changes
namespace relais::model::numbering_plan {

constexpr std::size_t national_digits = 9;

struct zone {
    std::string_view country_code; // "+262"
    std::string_view department;   // one that dials local numbers there, for local_digits
    bool is_pacific = false;       // nobody there has nine digits
};

// Every country code of the plan, metropolitan France last.
std::span<const zone> zones();

bool is_french(std::string_view e164);

// "+262692123456" for "692123456"; metropolitan when no overseas prefix fits.
std::string e164(std::string_view nine);

// "surcharged" (081, 082, 089), "special_number" (other 08 except those of Saint-Pierre), or an empty text.
std::string_view special_code(std::string_view nine);

// The ranges that films and tests use: 01 99 00, 02 61 91, 03 53 01, 04 65 71, 05 36 49, 06 39 98.
bool is_reserved_for_fiction(std::string_view nine);

// 6 or 8 where people dial no prefix at home (975, 986, 987, 988), otherwise 0.
std::size_t local_digits(std::string_view department);

// "+33" unless the department has another.
std::string_view country_code(std::string_view department);

} // namespace relais::model::numbering_plan
