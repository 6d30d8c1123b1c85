// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/calendar.hpp"

#include <nlohmann/json.hpp>
#include <soci/soci.h>

#include <functional>
#include <string>

// The tickets of a week by what they have, as a share tells them: {"rows": [{code, tickets}], "rest": {rows, tickets}} of "channels" and of
// "procedures", the greatest first, with the rows of fewer than five persons gone into the rest.
namespace relais::model::share_volumes {

nlohmann::json tell(soci::session& sql, const time_span& week);

// What became of the rows of two such tables of one week: those that both show and whose step tells of nobody, by "channels.email".
// last: what was last said of a row, a number or null.
struct moved_row {
    std::string id;
    std::int64_t was = 0, is = 0;
};
std::vector<moved_row> moves(const nlohmann::json& told, const nlohmann::json& now,
                             const std::function<nlohmann::json(const std::string& id)>& last);

} // namespace relais::model::share_volumes
