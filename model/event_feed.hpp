// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/event.hpp"

#include <soci/soci.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace relais::model {

// An event, and the public name of its ticket when it is about one.
struct fed_event {
    event what;
    std::string reference;
};

// Where a reader stands. Every event up to `settled` was given for good; those after it up to `given` were given and come again, since a
// slower transaction may still commit a lower number among them. Written "settled" or "settled.given".
struct feed_cursor {
    std::int64_t settled = 0, given = 0;
};

struct event_page {
    std::vector<fed_event> events;
    feed_cursor next;
};

namespace event_feed {

constexpr int page_limit = 200;

std::optional<feed_cursor> read_cursor(std::string_view text);
std::string write_cursor(const feed_cursor& cursor);

// Where a reader stands who has read these events, in order, in a view in which everything up to `settled` could be seen (event_mark.hpp).
// Once the end has been reached what has not settled comes again.
feed_cursor passed(feed_cursor at, const std::vector<std::int64_t>& events, std::int64_t settled, bool is_end);

// Events after the cursor, oldest first. The events of the last minute come again once the end has been reached: readers know an event by
// its id. whole: readings, sign-ins and accounts too.
event_page after(soci::session& sql, const feed_cursor& since, int limit, bool whole);

} // namespace event_feed

} // namespace relais::model
