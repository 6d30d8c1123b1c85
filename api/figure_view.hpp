// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/views.hpp"
#include "model/figure.hpp"

#include <chrono>
#include <string>

// What the pages of figures are made of.
namespace relais::api::views {

// One figure: id, value, part, whole, target, is_met and, for people, its words. is_told: whether it has a meaning for what was asked;
// without one it has no value.
nlohmann::json figure(const model::figure_definition& of, const model::figure_measures& measured, const lens& through, bool is_told = true);

// The beginning of a day of Paris, YYYY-MM-DD. Throws: invalid on `field`.
std::chrono::sys_seconds start_of_day(const std::string& day, const char* field);

} // namespace relais::api::views
