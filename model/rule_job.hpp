// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/calendar.hpp"
#include "model/database.hpp"
#include "model/event_feed.hpp"
#include "model/rule_occasion.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace relais::model {

// Lets rules act on what happens to tickets and on what does not happen for a while, each once whatever number of nodes run it: whoever
// holds the lease works, every transaction shows its token, and an occasion is written down in the transaction that acts on it.
class rule_job {
public:
    // centre: the hours that "waited" counts.
    rule_job(database& from, calendar centre, std::string owner) : database_(from), centre_(std::move(centre)), owner_(std::move(owner)) {}

    // One page of what happened, and of the waits that ended. True when there is more to do at once.
    bool step(sys_seconds now);
    // Gives the lease back.
    void stop();

private:
    struct ended_wait {
        sys_seconds at;
        std::size_t rule; // its place in the order
        rule_occasion of;
    };
    void begin(sys_seconds now);
    bool follow(sys_seconds now);
    bool end_waits(sys_seconds now);
    void handle(soci::session& sql, const event& what, const std::vector<rule>& on, sys_seconds now);
    void handle(soci::session& sql, const ended_wait& what, const std::vector<rule>& on, sys_seconds now);
    void perform(soci::session& sql, const std::vector<rule_decision>& decided, const rule_occasion& on, sys_seconds now);
    std::vector<ended_wait> waits_ended(soci::session& sql, const std::vector<rule>& on, sys_seconds now);
    template <class Visit> void write(Visit visit);

    database& database_;
    calendar centre_;
    std::string owner_;
    std::optional<std::int64_t> token_;
    sys_seconds began_at_{}; // when Relais began to look
    feed_cursor cursor_;
    bool has_begun_ = false;
    std::set<std::int64_t> seen_;                                          // events of the last seconds: the feed gives them again
    std::map<std::pair<std::int64_t, std::int64_t>, std::string> refused_; // rule and event: why a first try was undone
};

} // namespace relais::model
