// SPDX-License-Identifier: EUPL-1.2
#include "model/figure_fact_rows.hpp"

#include "model/sql_bulk.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace relais::model::figure_fact_rows {

namespace {

constexpr std::size_t column_count = 29;

// What is absent cannot be bound beside texts: these words stand for it.
constexpr std::string_view nothing = "-1";

std::string text(bool value) { return value ? "1" : "0"; }
std::string text(std::int64_t value) { return std::to_string(value); }
std::string text(sys_seconds value) { return std::to_string(seconds(value)); }
std::string text(std::optional<sys_seconds> value) { return value ? text(*value) : std::string(nothing); }

std::vector<std::string> values_of(const figure_fact& from) {
    return {text(from.ticket_id),
            text(from.team_id),
            from.department,
            from.procedure,
            from.channel,
            from.dossier_id ? text(*from.dossier_id) : std::string(nothing),
            text(from.received_at),
            text(from.is_repeat),
            text(from.is_acknowledged),
            text(from.is_acknowledged_fast),
            text(from.is_acknowledged_late),
            text(from.judged_at),
            text(from.is_fast),
            text(from.is_in_time),
            text(from.closed_at),
            text(from.is_announced),
            text(from.is_kept),
            text(from.is_linkable),
            text(from.is_linked),
            text(from.settled_at),
            text(from.is_first_contact),
            text(from.rated_at),
            text(from.rating),
            text(from.access_at),
            text(from.is_access_kept),
            text(from.again_at),
            text(from.agent_id),
            text(from.is_merged),
            text(from.old_at)};
}

// One row's placeholders: NULLIF turns the word for nothing into nothing.
std::string row_placeholders(std::size_t row) {
    constexpr std::array<std::size_t, 8> absent = {5, 11, 14, 19, 21, 23, 25, 28};
    std::string out = "(";
    for (std::size_t i = 0; i < column_count; ++i) {
        auto name = ":v" + std::to_string(row * column_count + i);
        auto may_be_absent = std::find(absent.begin(), absent.end(), i) != absent.end();
        out += (i ? ", " : "") + (may_be_absent ? "NULLIF(" + name + ", '-1')" : name);
    }
    return out + ")";
}

} // namespace

void write(soci::session& sql, const std::vector<figure_fact>& facts) {
    constexpr std::size_t at_once = 100; // few texts to keep prepared: full pages and the rest one by one
    for (std::size_t at = 0; at < facts.size();) {
        auto count = facts.size() - at >= at_once ? at_once : 1;
        std::string rows;
        std::vector<std::string> values;
        for (std::size_t i = 0; i < count; ++i) {
            rows += (i ? ", " : "") + row_placeholders(i);
            auto of_row = values_of(facts[at + i]);
            values.insert(values.end(), of_row.begin(), of_row.end());
        }
        sql::change_bulk(sql, "INSERT INTO figure_fact (" + std::string(figure_fact::columns) + ") VALUES " + rows, values);
        at += count;
    }
}

} // namespace relais::model::figure_fact_rows
