// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/views.hpp"

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

// What of a share is looked at: plain SVG, each with its table beside it.
namespace relais::api::share_drawing {

// Tickets by stretch, for parts/chart.html.
nlohmann::json stretches(const nlohmann::json& counts, const lens& through);
// The departments of the last stretch, for the map: those that may be told.
nlohmann::json map(const nlohmann::json& counts);
// Tickets received, and the figures with a target, over the last shares: {"received": chart, "rates": chart, "rows": table}.
nlohmann::json curves(const nlohmann::json& body, const std::vector<std::string>& earlier, const lens& through);

} // namespace relais::api::share_drawing
