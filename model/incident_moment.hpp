// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/incident.hpp"

#include <nlohmann/json.hpp>
#include <soci/soci.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace relais::model {

// What became of an incident, and when, as the journal says it.
struct incident_moment {
    std::int64_t incident = 0, at_us = 0;
    std::string action, text;
    auto fields() { return std::tie(incident, at_us, action, text); }
    bool is_before(sys_seconds at) const;
    nlohmann::json data() const; // an object, empty when it cannot be read
};

// An incident as it was at an instant, told by its journal: its row tells how it is today.
namespace incident_moments {

constexpr std::int64_t us_in_s = 1'000'000;

// Of some incidents, each in order.
std::map<std::int64_t, std::vector<incident_moment>> read(soci::session& sql, const std::vector<std::string>& numbers);
// Under which heading a share tells what happened; empty: it does not.
std::string_view heading_of(std::string_view action);
// Whether many of its tickets came or went at once.
bool is_regrouping(const incident_moment& one);
// The incident whose tickets all came then.
std::optional<std::int64_t> joined_by(const incident_moment& one);
std::string state_at(const std::vector<incident_moment>& all, const incident& of, sys_seconds at);
// Whether another incident told of it already; one that was merged later was there.
bool is_merged_before(soci::session& sql, const std::vector<incident_moment>& all, const incident& of, sys_seconds at);

} // namespace incident_moments

} // namespace relais::model
