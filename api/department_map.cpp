// SPDX-License-Identifier: EUPL-1.2
#include "api/department_map.hpp"

#include "model/department.hpp"

#include <algorithm>
#include <array>

namespace relais::api::department_map {

namespace {

using json = nlohmann::json;
constexpr int shades = 5;
// The collectivities have no shape under an open licence: docs/decisions/0103-charts-from-the-table.md
constexpr auto drawn_overseas = std::to_array<std::string_view>({"971", "972", "973", "974", "976"});

} // namespace

json of(const std::map<std::string, std::int64_t, std::less<>>& tickets, const std::string& none) {
    std::int64_t most = 1;
    for (const auto& [code, count] : tickets) most = std::max(most, count);
    json out = {{"departments", json::array()}, {"overseas", json::array()}};
    for (const auto& each : model::departments::all()) {
        auto found = tickets.find(each.code);
        auto count = found == tickets.end() ? 0 : found->second;
        auto is_metropolitan = each.code.size() == 2 && each.code != "99";
        auto is_drawn = is_metropolitan || std::find(drawn_overseas.begin(), drawn_overseas.end(), each.code) != drawn_overseas.end();
        out[is_metropolitan ? "departments" : "overseas"].push_back({{"code", each.code},
                                                                     {"t:name", "department." + std::string(each.code)},
                                                                     {"tickets", count},
                                                                     {"shown", count == 0 ? none : std::to_string(count)},
                                                                     {"shade", (count * shades + most - 1) / most},
                                                                     {"has_shape", is_drawn}});
    }
    return out;
}

} // namespace relais::api::department_map
