// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/clock.hpp"
#include "model/figure_scope.hpp"

#include <soci/soci.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

namespace relais::model {

// K12: of the calls promised in a period and not given up by the citizen, how many reached the person within their slot. Beside it, those
// called within the slot (the person may not have answered) and those reached in the end. Source: domain.md 4.6
struct callback_rate {
    std::int64_t promised = 0, called_in_slot = 0, reached_in_slot = 0, reached = 0;

    auto fields() { return std::tie(promised, called_in_slot, reached_in_slot, reached); }
    // Per cent, rounded down: 95 means that the target is met. Nothing without a promise.
    std::optional<std::int64_t> kept_percent() const {
        return promised == 0 ? std::nullopt : std::optional(reached_in_slot * 100 / promised);
    }
};

namespace callback_rates {

constexpr std::int64_t target_percent = 95;
constexpr int public_days = 28; // what the home page shows

// Of the slots that ended by `now`, begun within [from, to).
callback_rate between(soci::session& sql, sys_seconds from, sys_seconds to, sys_seconds now);

// The same by what the tickets of the callbacks have.
std::map<std::string, callback_rate> by(soci::session& sql, const time_span& over, const figure_scope& of, sys_seconds now);

struct week {
    std::string name; // "2026-W47"
    callback_rate rate;
};
// The last weeks of Paris, the present one last.
std::vector<week> weekly(soci::session& sql, int weeks, sys_seconds now);

// What the home page may show, worked out by `publish` once in a while: nobody's visit counts rows.
void publish(soci::session& sql, sys_seconds now);
std::optional<callback_rate> published(soci::session& sql);

} // namespace callback_rates
} // namespace relais::model
