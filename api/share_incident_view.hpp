// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/views.hpp"

#include <nlohmann/json.hpp>

// The incidents of a weekly share for its page, on the screen and on paper.
namespace relais::api::views {

// Adds `groups`: every incident once and whole, folded under the first heading it belongs to, what is open and quiet last; `choices`: all
// of them by number; `oldest` and `legal_cases`. On paper the lists are cut (cut_on_paper), and of an incident what is unfolded is printed.
void add_share_incidents(nlohmann::json& to, const nlohmann::json& body, const lens& through);

// Marks what of a list paper leaves to the workbook (`is_beyond` in each) and puts "and 12 more: see the workbook" into to["beyond_" +
// name].
void cut_on_paper(nlohmann::json& to, const char* name, std::size_t limit, const lens& through);

} // namespace relais::api::views
