// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/clock.hpp"
#include "model/figure_scope.hpp"

#include <soci/soci.h>

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>

// How well incidents are dealt with. Source: domain.md 4.6, K13 to K15; working days are the contact centre's.
namespace relais::model::incident_figures {

constexpr int acceptance_days = 1, workaround_days = 5, date_days = 10; // working days after the hand-over

// Kept of those whose time has come or that were answered: one still within its time is not counted.
struct commitment {
    std::int64_t kept = 0, of = 0;
};

struct figures {
    std::optional<std::chrono::seconds> lead_p50, lead_p90; // K13: from the first report to the proposal
    commitment attached;                                    // K14: tickets of known incidents attached within a day of their receipt
    commitment accepted, workaround, dated;                 // K15
    std::int64_t returned = 0;                              // hand-overs sent back, with a reason
};

// Over the incidents proposed, the tickets received and the hand-overs made in [from, until).
figures compute(soci::session& sql, sys_seconds from, sys_seconds until);

// The same apart, by what tickets have. K13: the ticket that told of the incident first.
struct lead {
    std::chrono::seconds p50{}, p90{};
};
std::map<std::string, lead> lead_times(soci::session& sql, sys_seconds from, sys_seconds until, const figure_scope& of);
// K14: by the ticket itself.
std::map<std::string, commitment> attached(soci::session& sql, sys_seconds from, sys_seconds until, const figure_scope& of);
// K15: by the procedure of the first ticket, and by nothing else: what is handed over is an incident, whoever wrote about it.
struct judgement {
    commitment accepted, workaround, dated;
    std::int64_t returned = 0;
};
std::map<std::string, judgement> hand_overs(soci::session& sql, sys_seconds from, sys_seconds until, const figure_scope& of);

// One hand-over and what came of it. Each has its own workaround and date of correction: those of another one, before or after, are not
// its.
struct hand_over {
    std::int64_t incident = 0;
    sys_seconds at;
    std::optional<sys_seconds> answered_at, workaround_at, dated_at;
    auto fields() { return std::tie(incident, at, answered_at, workaround_at, dated_at); }
};
// The last hand-over of each incident before an instant. What came of it may be later than that.
std::map<std::int64_t, hand_over> last_hand_overs(soci::session& sql, sys_seconds until);

// The last moment at which something promised within n working days of another keeps its promise: the end of that day in Paris.
sys_seconds deadline(sys_seconds from, int working_days);

} // namespace relais::model::incident_figures
