// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/clock.hpp"
#include "model/grouping/burst.hpp"

#include <soci/soci.h>

#include <cstdint>
#include <optional>
#include <vector>

namespace relais::model {

// Watches the hours of every incident, hour after hour, from the reports in the database. For the node that leads.
class incident_bursts {
public:
    // What began to burst in an hour, counted since 1970.
    struct found {
        std::int64_t hour = 0;
        grouping::burst_alarm alarm;
    };
    // One hour that ended, with its tickets.
    struct ended_hour {
        std::int64_t hour = 0;
        std::vector<grouping::hour_count> counts;
    };

    // wanted: how sure an alarm must be. The first two weeks only teach, whatever it says: a new centre waits no longer.
    explicit incident_bursts(grouping::burst_options wanted = {});

    // The hours that have ended and were not watched yet: at first those of the weeks from which rhythms are learned, from a Monday on.
    // An hour is read some minutes after its end, when its tickets have been grouped.
    std::vector<ended_hour> due(soci::session& sql, sys_seconds now) const;
    // Watches them, in order. Changes this object only: call it outside a visit.
    std::vector<found> watch(const std::vector<ended_hour>& hours);

    // Writes the alarms of the last two days down, each burst once: the incident's page marks the hour, and a rule may hand it over.
    static void record(soci::session& sql, const std::vector<found>& alarms, sys_seconds now);

private:
    grouping::burst_watch watch_;
    std::int64_t began_ = 0;           // the first hour that was watched, of a Monday
    std::optional<std::int64_t> last_; // the last one
};

} // namespace relais::model
