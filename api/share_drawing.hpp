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
// The stretch whose departments a share tells: the last in which anybody wrote. None when no department is told, or when that was too long
// ago for the share to hold it still.
const nlohmann::json* mapped_stretch(const nlohmann::json& counts);
// The departments of that stretch, for the map: those that may be told.
nlohmann::json map(const nlohmann::json& counts, const lens& through);
// Tickets received, and the figures with a target, over the last shares: {"received": chart, "rates": chart, "rows": table}.
nlohmann::json curves(const nlohmann::json& body, const std::vector<std::string>& earlier, const lens& through);

} // namespace relais::api::share_drawing
