// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/calendar.hpp"
#include "model/calendar_week.hpp"

#include <nlohmann/json.hpp>
#include <soci/soci.h>

#include <vector>

// What is known now of the last weeks and differs from what their shares said, with the corrections made since:
// [{week, id, was: {value, part, whole}, is: {value, part, whole}}]. A step of one to four persons waits for more.
// Source: docs/decisions/0045-small-cells.md
namespace relais::model::share_corrections {

constexpr int corrected_weeks = 8;

// Whether a week's K8 would tell of few: it counts the tickets closed two weeks before that are closed still, of which that week's share
// told how many were. bodies: of earlier shares, the last first.
bool settles_few(const std::vector<nlohmann::json>& bodies, calendar_week week, const nlohmann::json& settled);

// bodies: of earlier shares, the last first.
nlohmann::json since(soci::session& sql, const std::vector<nlohmann::json>& bodies, sys_seconds now);

} // namespace relais::model::share_corrections
