// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <nlohmann/json.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

// The map of the departments and collectivities, coloured by how many tickets come from each.
namespace relais::api::department_map {

// {"departments": the 96 of the metropolitan map, "overseas": the others and abroad, as tiles beside it}, each
// {"code", "t:name", "tickets", "shown", "shade" 0 to 5, "has_shape"}: the shape d-<code> of departments.svg, when somebody drew it.
// none: what is shown of a department that is not among them, "moins de 5" where small numbers are kept back.
nlohmann::json of(const std::map<std::string, std::int64_t, std::less<>>& tickets, const std::string& none = "0");

} // namespace relais::api::department_map
