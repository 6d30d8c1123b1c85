// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/routes.hpp"
#include "api/views.hpp"
#include "model/dossier_pace.hpp"
#include "model/dossier_timeline.hpp"
#include "model/legal_clock.hpp"

// What time does to a dossier: legal deadlines, days in its state beside those of its like, its life drawn.
namespace relais::api {

// Notes a date from which the law counts.
asio::awaitable<reply> post_legal_date(const request& request, app& app);

namespace views {

nlohmann::json legal_deadlines(const std::vector<model::legal_deadline>& deadlines, const lens& through);
// "dates", "deadlines", "days_in_status", "median_days".
nlohmann::json dossier_clocks(const model::dossier& of, const std::vector<model::legal_date>& dates,
                              const std::vector<model::legal_deadline>& deadlines, const std::optional<model::dossier_pace>& pace,
                              const lens& through);
// The states of a dossier as parts of a strip of 1000, in proportion of their days, and its contacts at their places.
nlohmann::json dossier_strip(const std::vector<model::dossier_contact>& timeline, const lens& through);

} // namespace views

} // namespace relais::api
