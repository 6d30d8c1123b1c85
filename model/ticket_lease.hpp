// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/event.hpp"
#include "model/ticket_queue.hpp"

#include <soci/soci.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace relais::model {

// A ticket that was given to a colleague for a while by "next ticket": it is given to nobody else meanwhile, and to them not twice.
struct ticket_lease {
    std::int64_t user_id = 0;
    std::string holder; // their name
    std::string view;   // the query of the queue that it was taken from
    std::int64_t left_s = 0;
    auto fields() { return std::tie(user_id, holder, view, left_s); }
};

namespace ticket_leases {

constexpr int lease_s = 15 * 60;

// Gives the most urgent ticket of the filter, whatever its order, that is new or open, is nobody's or this colleague's, and is not held:
// its reference, or nothing when none is left. Two calls never give the same. view: kept beside it.
std::optional<std::string> take_next(soci::session& sql, queue_filter filter, const actor& who, std::string_view view, sys_seconds now);

// Who holds it now.
std::optional<ticket_lease> find(soci::session& sql, std::int64_t ticket_id);
// Gives it back. False when it was not theirs.
bool release(soci::session& sql, std::int64_t ticket_id, const actor& who, sys_seconds now);
// The references that a colleague holds, the last given first, at most 50.
std::vector<std::string> held_by(soci::session& sql, std::int64_t user_id);

} // namespace ticket_leases

} // namespace relais::model
