// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/calendar.hpp"
#include "model/told_count.hpp"

#include <nlohmann/json.hpp>
#include <soci/soci.h>

namespace relais::model::share_figures {

// What may be told of a week.
told_counts counts_of(soci::session& sql, const time_span& week, const figure_measures& measured);

// Every key figure as a share tells it: {id, value, part, whole, target, is_met, is_hidden}.
nlohmann::json tell(const figure_measures& measured, const told_counts& counts);

} // namespace relais::model::share_figures
