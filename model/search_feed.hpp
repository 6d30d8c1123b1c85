// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/database.hpp"
#include "model/search_index.hpp"

#include <cstdint>
#include <functional>
#include <set>

namespace relais::model {

// Keeps one node's search index up with the database, from the events of the change feed.
// Ids commit out of order: the last seconds are read again each time, since a plain "greater than the last id" loses rows.
class search_feed {
public:
    search_feed(database& from, search_index& into) : database_(from), index_(into), safe_id_(into.fed_until_event()) {}

    // Reads what changed and makes it findable; everything, when the index is new or another version's. Returns how many tickets were read
    // again; 0 when there was nothing new.
    int step();
    // Forgets the index and reads every ticket again. progress: tickets done.
    void rebuild(const std::function<void(std::int64_t)>& progress);

private:
    database& database_;
    search_index& index_;
    std::int64_t safe_id_;          // every event up to here has been read for good
    std::set<std::int64_t> recent_; // later ones that were read already
};

} // namespace relais::model
