// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/database.hpp"
#include "model/event_feed.hpp"
#include "model/search_index.hpp"

#include <cstdint>
#include <functional>
#include <set>

namespace relais::model {

// Keeps one node's search index up with the database, from the events of the change feed.
// Ids commit out of order: what has not settled is read again, since a plain "greater than the last id" loses rows.
class search_feed {
public:
    search_feed(database& from, search_index& into)
        : database_(from), index_(into), place_{into.fed_until_event(), into.fed_until_event()} {}

    // Reads what changed and makes it findable; everything, when the index is new, another version's or damaged. Returns how many tickets
    // were read again; 0 when there was nothing new. When it throws, what changed is read again by the next step.
    int step();
    // Forgets the index and reads every ticket again. progress: tickets done.
    void rebuild(const std::function<void(std::int64_t)>& progress);

private:
    int feed();
    int fill();

    database& database_;
    search_index& index_;
    feed_cursor place_;
    std::set<std::int64_t> recent_; // events that have not settled and were read already
};

} // namespace relais::model
