// SPDX-License-Identifier: EUPL-1.2
#include "model/figure_people.hpp"

#include "model/figure_group.hpp"
#include "model/small_cell.hpp"
#include "model/sql_bulk.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace relais::model::figure_people {

namespace {

const std::string person = "COALESCE((SELECT person_key FROM report WHERE report.ticket_id = figure_fact.ticket_id), "
                           "CAST(figure_fact.ticket_id AS CHAR(20)))";

const char* expression_of(const figure_groups::group& group, std::string_view measure) {
    auto found = std::find_if(group.sums.begin(), group.sums.end(), [&](const auto& each) { return each.name && each.name == measure; });
    return found == group.sums.end() ? nullptr : found->expression;
}

// Whether the facts that meet a condition are of one to four persons. values: of the condition.
bool is_of_few(soci::session& sql, const std::string& from, const std::string& condition, const std::vector<std::string>& values) {
    auto text = "SELECT DISTINCT " + person + " FROM " + from + " WHERE " + condition + " LIMIT " + std::to_string(small_cells::least);
    return small_cells::is_small(static_cast<std::int64_t>(sql::all_bulk<std::string>(sql, text, values).size()));
}

} // namespace

bool are_few(soci::session& sql, const time_span& over, std::string_view measure, std::span<const std::string_view> but_not) {
    auto end = std::to_string(seconds(over.to));
    if (measure == "backlog.old") // K20: open at the end, and old by then
        return is_of_few(sql, "figure_fact", "old_at < :v0 AND (closed_at IS NULL OR closed_at >= :v1)", {end, end});
    auto groups = std::vector(figure_groups::tickets.begin(), figure_groups::tickets.end());
    groups.push_back(figure_groups::reviews);
    for (const auto& group : groups) {
        const auto* counted = expression_of(group, measure);
        if (!counted) continue;
        auto where = std::string(group.at) + " >= :v0 AND " + group.at + " < :v1 AND " + counted + " > 0";
        for (auto each : but_not) {
            const auto* out = expression_of(group, each);
            if (!out) return false;
            where += std::string(" AND COALESCE(") + out + ", 0) = 0";
        }
        return is_of_few(sql, group.from, where, {std::to_string(seconds(over.from)), end});
    }
    return false;
}

} // namespace relais::model::figure_people
