// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/calendar.hpp"
#include "model/incident.hpp"
#include "model/incident_facts.hpp"
#include "model/incident_figures.hpp"
#include "model/incident_moment.hpp"
#include "model/share_counts.hpp"
#include "model/told_words.hpp"

#include <nlohmann/json.hpp>
#include <soci/soci.h>

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

// An incident as the weekly share tells it: as it was at the end of the week, whenever that is written, and with nothing of anybody.
namespace relais::model::share_incidents {

// The state at an instant, from the journal of the incident: its present state may be later.
std::string state_at(soci::session& sql, const incident& of, sys_seconds at);

// An incident in the last share that told of it, or null.
using last_telling = std::function<nlohmann::json(std::int64_t number)>;

// The incidents that a share of this week tells of: everything that was open at its end, and what happened to others in it. Merged ones are
// told by the incident they joined. What is kept of all of them is read at once.
class told_incidents {
public:
    told_incidents(soci::session& sql, const time_span& week);
    const std::vector<incident>& all() const { return all_; }
    // One of them. words: what colleagues wrote goes through it. Counts that may not move by fewer than five persons stay what they were
    // told to be.
    nlohmann::json tell(soci::session& sql, told_words& words, const incident& of, const last_telling& told) const;

private:
    bool is_regrouped_since(std::int64_t number) const;
    share_counts::joined_counts joined(std::int64_t number, const last_telling& told) const;
    nlohmann::json headings(std::int64_t number) const;
    nlohmann::json commitments(const incident& of) const;

    time_span week_;
    std::vector<incident> all_;
    std::map<std::int64_t, std::vector<incident_moment>> journals_;
    std::map<std::int64_t, std::vector<incident_fact>> facts_;
    std::map<std::int64_t, incident_figures::hand_over> escalated_; // the last before the end of the week
    std::set<std::int64_t> bursting_;
};

} // namespace relais::model::share_incidents
