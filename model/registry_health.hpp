// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/clock.hpp"

#include <soci/soci.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace relais::model {

// How a node finds the registry, as it wrote it last.
struct registry_node {
    std::string node;
    sys_seconds seen_at{};
    std::string health; // JSON, by server/registry_hour
    auto fields() { return std::tie(node, seen_at, health); }
};

// Values that were no dossier's, of one column, for one reason, on one day of UTC.
struct registry_refusal {
    std::string day, column, reason; // malformed, unknown, too_long, too_short, empty, future
    std::int64_t times = 0;
    sys_seconds last_at{};
    auto fields() { return std::tie(day, column, reason, times, last_at); }
};

namespace registry_nodes {

constexpr std::int64_t alive_s = 120; // a node that wrote nothing for longer is gone

void keep(soci::session& sql, std::string_view node, std::string_view health, sys_seconds now);
// It stops.
void leave(soci::session& sql, std::string_view node);
// Those that live, by name.
std::vector<registry_node> all(soci::session& sql, sys_seconds now);

} // namespace registry_nodes

namespace registry_refusals {

constexpr int kept_days = 30, shown = 50;

// column: of the agency's view.
void note(soci::session& sql, std::string_view column, std::string_view reason, sys_seconds now);
// The latest first, at most `shown`.
std::vector<registry_refusal> recent(soci::session& sql);
// Forgets those older than kept_days; returns how many.
std::int64_t purge(soci::session& sql, sys_seconds now);

} // namespace registry_refusals

} // namespace relais::model
