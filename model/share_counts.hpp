// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/calendar.hpp"
#include "model/incident.hpp"

#include <nlohmann/json.hpp>
#include <soci/soci.h>

// How many people an incident concerns, as it may be published week after week. The journal of its tickets is cut into stretches of five
// persons at least: a week with fewer is told with the next one. Totals stand at the end of the last stretch, so that no difference between
// two shares, two totals or two weeks tells of fewer than five persons. A total moves by its stretches, and by what was regrouped, when
// that is enough. Source: docs/decisions/0045-small-cells.md, 0208-what-was-regrouped.md
namespace relais::model::share_counts {

// What the shares told of the incidents that joined another.
struct joined_counts {
    std::int64_t persons = 0, tickets = 0;
};

// {"counted_until", "persons", "dossiers", "tickets", "contacts", "silent", "stretches": [{"from_at", "until_at", "tickets", "persons"}],
// "departments": [{"code", "persons", "tickets"}], "rest": {"departments", "tickets"}, "is_held", "is_regrouped", "trend"}. Nothing may be
// told yet: the numbers are null. before: the same of the last share, or null. joined: in this week.
nlohmann::json tell(soci::session& sql, const incident& of, const time_span& week, const nlohmann::json& before,
                    const joined_counts& joined = {});
// The same as the last share told it: what is there is not what was there when the week ended.
nlohmann::json tell_again(soci::session& sql, const incident& of, const nlohmann::json& before);

} // namespace relais::model::share_counts
