// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/clock.hpp"
#include "model/event.hpp"

#include <soci/soci.h>

#include <cstdint>
#include <string>
#include <vector>

namespace relais::model {

// An event, and the public name of its ticket when it is about one.
struct fed_event {
    event what;
    std::string reference;
};

struct event_page {
    std::vector<fed_event> events;
    std::int64_t next = 0; // where to go on; never passes an event that a slower transaction may still precede
};

namespace event_feed {

constexpr int page_limit = 200;
constexpr std::int64_t settle_s = 10; // numbers are given before commits: within that time a lower one may still appear

// Events after `since`, oldest first. The last seconds come again at each call: readers know an event by its id.
// whole: readings, sign-ins and accounts too.
event_page after(soci::session& sql, std::int64_t since, int limit, bool whole, sys_seconds now);

} // namespace event_feed

} // namespace relais::model
