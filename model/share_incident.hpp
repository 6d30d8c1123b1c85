// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/calendar.hpp"
#include "model/incident.hpp"
#include "model/told_words.hpp"

#include <nlohmann/json.hpp>
#include <soci/soci.h>

#include <cstdint>
#include <string>
#include <vector>

// An incident as the weekly share tells it: as it was at the end of the week, whenever that is written, and with nothing of anybody.
namespace relais::model::share_incidents {

constexpr int trend_weeks = 4; // shown before the week of the share

// The incidents that a share of this week tells of: everything that was open at its end, and what happened to others in it.
// Merged ones are told by the incident they joined.
std::vector<incident> of_week(soci::session& sql, const time_span& week);

// The state at an instant, from the journal of the incident: its present state may be later.
std::string state_at(soci::session& sql, const incident& of, sys_seconds at);

// One incident of the share. words: what colleagues wrote goes through it. before: the same incident in the last share that told of it, or
// null: counts that may not move by fewer than five persons stay what they were there.
nlohmann::json tell(soci::session& sql, told_words& words, const incident& of, const time_span& week, const nlohmann::json& before);

} // namespace relais::model::share_incidents
