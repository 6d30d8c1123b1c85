// SPDX-License-Identifier: EUPL-1.2
#include "model/small_cell.hpp"

#include <algorithm>

namespace relais::model::small_cells {

table protect(std::vector<cell> rows) {
    table out;
    std::erase_if(rows, [](const cell& each) { return each.persons == 0 && each.value == 0; });
    std::sort(rows.begin(), rows.end(), [](const cell& one, const cell& other) {
        return one.persons != other.persons ? one.persons > other.persons : one.key < other.key;
    });
    std::int64_t all = 0, rest = 0;
    for (const auto& each : rows) all += each.persons;
    if (is_small(all)) {
        out.is_hidden = true;
        return out;
    }
    // A row of nobody is of people who count in another: once there is a rest, it has five persons.
    while (!rows.empty() && (rows.back().persons < least || (out.rest_rows > 0 && rest < least))) {
        rest += rows.back().persons, out.rest_value += rows.back().value, ++out.rest_rows;
        rows.pop_back();
    }
    out.shown = std::move(rows);
    return out;
}

} // namespace relais::model::small_cells
