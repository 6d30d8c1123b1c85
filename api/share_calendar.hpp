// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/views.hpp"
#include "model/weekly_share.hpp"

#include <nlohmann/json.hpp>
#include <soci/soci.h>

#include <string_view>
#include <vector>

// The shares of a year, week by week: each of its 52 or 53 weeks has its place, whether it was shared and read or not.
namespace relais::api::share_calendar {

struct year {
    int number = 0;
    int first = 0, last = 0; // years that have a share; zero: none has
    std::vector<model::weekly_share_line> shares;
};
// wanted: a year of four digits; empty: the year of the last share or, when there is none, of now.
// Throws: invalid on "year" when it is another thing.
year read(soci::session& sql, std::string_view wanted, std::chrono::sys_seconds now);

// {"year", "weeks": [{"week", "state"}]}; state: acknowledged, waiting, none (no share) or ahead (not over yet). For people, with words.
nlohmann::json view(const year& of, const lens& through);

} // namespace relais::api::share_calendar
