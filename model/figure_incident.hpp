// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/calendar.hpp"
#include "model/figure_scope.hpp"

#include <soci/soci.h>

#include <map>
#include <string>

// The measures of what tickets are behind: callbacks promised (K12), incidents (K13 to K15) and people told of a fix (K17), of the whole
// centre or by what their tickets have. Source: domain.md 4.6; docs/decisions/0181-what-a-figure-can-be-told-by.md
namespace relais::model::figure_incidents {

using by_key = std::map<std::string, figure_measures>;

void add_callbacks(soci::session& sql, by_key& to, const time_span& over, const figure_scope& of, sys_seconds now);
// K13 and K15.
void add_incidents(soci::session& sql, by_key& to, const time_span& over, const figure_scope& of, sys_seconds now);
// K14.
void add_attached(soci::session& sql, by_key& to, const time_span& over, const figure_scope& of, sys_seconds now);
// A fix counts in the period in which its two working days end. Source: docs/decisions/0141-a-fix-counts-when-its-days-end.md
void add_told(soci::session& sql, by_key& to, const time_span& over, const figure_scope& of, sys_seconds now);

} // namespace relais::model::figure_incidents
