// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/views.hpp"
#include "model/incident_sheet.hpp"

// What of an incident is looked at rather than read: its trend and where it is. Numbers for the API; for people the positions of an SVG
// too, since templates do no arithmetic.
namespace relais::api::incident_drawing {

// {"hours": [...], "days": [...], "weeks": [...]}: the last 48 hours, the last 70 days, the last 26 weeks, each
// {"unit", "total", "most", "points": [{"at", "tickets"}], "marks": [{"kind": burst, release, fixed, "at"}]} and, for people, bars and
// places to draw.
nlohmann::json trend(const model::incident_sheet& sheet, const lens& through);

// {"departments": [{"code", "name", "tickets", "shade" 0 to 5}], "overseas": [...]}: the 96 of the map, then the tiles beside it.
// told: the facts that whoever looks may know.
nlohmann::json map(const std::vector<model::incident_fact>& told, const lens& through);

} // namespace relais::api::incident_drawing
