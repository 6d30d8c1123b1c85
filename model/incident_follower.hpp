// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/clock.hpp"

#include <soci/soci.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace relais::model {

// Somebody who asked to be told without opening a ticket.
struct incident_follower {
    std::int64_t id = 0;
    std::string email, language, token;
    auto fields() { return std::tie(id, email, language, token); }
};

// Who follows an incident follows what it becomes part of: the row stays with the incident of whoever asked, and is counted and told with
// the one that is left. So an incident that comes out of a merge has its followers again.
namespace incident_followers {

// Counts a "me too"; with a mail address, follows the incident too. The same address twice is counted once. True when it was counted.
bool add(soci::session& sql, std::int64_t incident_id, std::string_view email, std::string_view language, std::string_view token,
         sys_seconds now);
// The link of a mail: no more mails about this incident, nor about those merged with it. False when the token is nobody's.
bool end(soci::session& sql, std::string_view token, sys_seconds now);

// An incident and all that became part of it, however often merged.
std::vector<std::int64_t> family_of(soci::session& sql, std::int64_t incident_id);

// Those of an incident and of the ones merged into it who still want to be told, from after on.
std::vector<incident_follower> page(soci::session& sql, std::int64_t incident_id, std::int64_t after, int limit);

// Once merged_into says so: `from` is counted with `into`, and with whatever that is part of; or no longer.
void go_along(soci::session& sql, std::int64_t from, std::int64_t into);
void come_back(soci::session& sql, std::int64_t from, std::int64_t into);

} // namespace incident_followers

} // namespace relais::model
