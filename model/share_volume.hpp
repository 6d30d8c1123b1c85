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

// A row whose tickets are no longer those that were told, by "channels.email".
struct moved_row {
    std::string id;
    std::int64_t was = 0, is = 0;
    std::int64_t step() const { return is - was; }
};
// The rows that may be corrected: neither their step nor what all other rows gained together since the total was told is of one to four.
// last: what was last said of a row, or of the total ("received"): a number, or null.
std::vector<moved_row> moves(const nlohmann::json& now, const std::function<nlohmann::json(const std::string& id)>& last);

} // namespace relais::model::share_volumes
