// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/request.hpp"
#include "model/figure.hpp"
#include "model/team.hpp"

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace relais::api::views {

// What a page of figures can be narrowed to: teams, departments, procedures and channels, each with is_chosen. A team that was asked
// and is none of them is added, so that the page shows it.
nlohmann::json figure_choices(const model::figure_filter& whose, const std::vector<model::team>& teams);

// What was asked, by these names. Throws: invalid on each that is unknown.
model::figure_filter asked_filter(const request& request);

// What was asked as the end of an address, "&team=3&channel=phone": what is listed alone.
std::string figure_query(const nlohmann::json& choices);

} // namespace relais::api::views
