// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/calendar.hpp"
#include "model/figure.hpp"

#include <soci/soci.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

// The facts of all tickets, added up by day of Paris: the measures of any whole days cost the days, not the tickets. They change in the
// transaction that changes the facts, by the difference, and are made again from the facts at will.
// Source: docs/decisions/0180-figures-summed-by-day.md
namespace relais::model::figure_sums {

using days = std::map<sys_seconds, figure_measures>; // by the first second of each day of Paris

// What the facts of these tickets count now. keys: their numbers, as texts, padded at will. Locks the facts until the transaction ends.
days of_tickets(soci::session& sql, const std::vector<std::string>& keys);
// Counts the difference of two of them.
void add(soci::session& sql, const days& before, const days& after);

// Whether a period begins and ends with days of Paris.
bool are_days(const time_span& over);
// The measures of tickets in such a period, K20's aside. Every name is there.
figure_measures between(soci::session& sql, const time_span& over);
// Tickets that were old at an instant that begins a day.
std::int64_t old_at(soci::session& sql, sys_seconds at);

// Makes the first day after another again from the facts. Returns it, to go on from; nothing at the end.
std::optional<std::int64_t> rebuild_next(soci::session& sql, std::int64_t after);

} // namespace relais::model::figure_sums
