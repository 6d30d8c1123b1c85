// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/callback.hpp"
#include "model/ticket.hpp"

#include <soci/soci.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace relais::model {

// Which callbacks are asked for; empty members do not matter.
struct callback_filter {
    std::string state = "open"; // "open"; "due"; or one of callback_state.hpp
    std::optional<sys_seconds> due_before;
};

struct callback_page {
    std::vector<callback> items;
    std::string next; // where the next page begins; empty: this was the last
};

// How the queue stands.
struct callback_counts {
    std::int64_t due = 0, claimed = 0, later = 0;
    std::optional<sys_seconds> oldest_due_at;
};

namespace callback_lists {

constexpr int page_limit = 200;

// Open ones in the order in which they are due; those that ended, the last first. after: the `next` of the page before.
// Throws: invalid on "after" or "state".
callback_page list(soci::session& sql, const callback_filter& filter, std::string_view after, int limit, sys_seconds now);

// Counted up to 1,000 of each.
callback_counts count(soci::session& sql, sys_seconds now);

// The reference of its ticket; empty when it has none.
std::string reference_of(soci::session& sql, const callback& of);

// The other tickets of whoever has this number or wrote this ticket, the open ones first, so that one call settles all. At most `limit`.
std::vector<ticket> tickets_of(soci::session& sql, const callback& of, int limit = 10);

} // namespace callback_lists
} // namespace relais::model
