// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/grouping/tail.hpp"

#include <cstdint>

namespace relais::tests {

inline constexpr double days_a_week = 7;

// The chance that a burst is found on its first day by the best of all detectors, one that is told what nobody knows: how many tickets to
// expect of the incident at each hour, how much it bursts and at which hour it may begin. Such a day's evidence is the number of its
// tickets alone (a Poisson law), and the most powerful use of it is a threshold (Neyman and Pearson), the one that days without a burst
// pass as rarely as the false alarms allowed say: whoever may raise `false_a_week` in a week of an incident may raise a seventh of it in
// a day. expected: tickets of that day without the burst.
// Source: docs/decisions/0160-the-bursts-that-can-be-found.md
inline double most_found(double expected, double times, double false_a_week) {
    const auto chance = [](std::int64_t tickets, double mean) { return model::grouping::chance_of_at_least(tickets, mean, 0); };
    const auto allowed = false_a_week / days_a_week;
    std::int64_t threshold = 1;
    while (chance(threshold, expected) > allowed) ++threshold;
    // Of the days with one ticket less it may raise some, drawn by lot, until the allowance is used up.
    const auto by_lot = (allowed - chance(threshold, expected)) / (chance(threshold - 1, expected) - chance(threshold, expected));
    const auto sure = chance(threshold, expected * times);
    return sure + by_lot * (chance(threshold - 1, expected * times) - sure);
}

} // namespace relais::tests
