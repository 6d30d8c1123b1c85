// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/calendar.hpp"
#include "model/incident.hpp"

#include <nlohmann/json.hpp>
#include <soci/soci.h>

// How many people an incident concerns, as it may be published week after week. The journal of its tickets is cut into stretches of five
// persons at least: a week with fewer is told with the next one. Totals stand at the end of the last stretch, so that no difference between
// two shares, two totals or two weeks tells of fewer than five persons. Source: docs/decisions/0045-small-cells.md
namespace relais::model::share_counts {

// {"counted_until", "persons", "dossiers", "tickets", "contacts", "silent", "stretches": [{"from_at", "until_at", "tickets", "persons"}],
// "departments": [{"code", "persons", "tickets"}], "rest": {"departments", "tickets"}, "is_held", "trend"}. Nothing may be told yet: the
// numbers are null. before: the same of the last share, or null.
nlohmann::json tell(soci::session& sql, const incident& of, const time_span& week, const nlohmann::json& before);

} // namespace relais::model::share_counts
