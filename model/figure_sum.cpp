// SPDX-License-Identifier: EUPL-1.2
#include "model/figure_sum.hpp"

#include "model/figure_group.hpp"
#include "model/sql_bulk.hpp"

#include <algorithm>
#include <array>

namespace relais::model::figure_sums {

namespace {

using figure_groups::sums_limit;
using counted_row = std::tuple<std::int64_t, std::int64_t, std::int64_t, std::int64_t, std::int64_t, std::int64_t, std::int64_t>;

constexpr std::string_view paris = "Europe/Paris";
constexpr std::int64_t hour_s = 3600;

sys_seconds start_of(date::local_days day) { return calendars::instant(paris, date::local_seconds(day)); }
sys_seconds day_of(sys_seconds at) { return start_of(calendars::day_of(paris, at)); }
sys_seconds day_after(sys_seconds day) { return start_of(calendars::day_of(paris, day) + date::days(1)); }

// By hour: every change of clock of ours is at a whole hour, and a day is a matter of the calendar.
std::string select_of(const figure_groups::group& group) {
    std::string hour = std::string(group.at) + " - " + group.at + " % " + std::to_string(hour_s);
    std::string text = "SELECT " + hour;
    for (const auto& each : group.sums) text += std::string(", COALESCE(SUM(") + each.expression + "), 0)";
    return text + " FROM figure_fact WHERE " + group.at;
}
std::string group_by_hour(const figure_groups::group& group) {
    return std::string(" GROUP BY ") + group.at + " - " + group.at + " % " + std::to_string(hour_s);
}

// Read as they are now, and kept so: a transaction of another node waits. SQLite writes one transaction after the other.
std::string locking(soci::session& sql) { return sql.get_backend_name() == "mysql" ? " FOR UPDATE" : ""; }

void take(days& into, const figure_groups::group& group, const std::vector<counted_row>& rows) {
    for (const auto& [hour, a, b, c, d, e, f] : rows) {
        const std::array<std::int64_t, sums_limit> counted = {a, b, c, d, e, f};
        auto& day = into[day_of(at_seconds(hour))];
        for (std::size_t i = 0; i < sums_limit; ++i)
            if (group.sums[i].name && counted[i] != 0) day[group.sums[i].name] += counted[i];
    }
}

void change(soci::session& sql, sys_seconds day, const std::string& name, std::int64_t by) {
    if (by == 0) return;
    if (sql::change(sql, "UPDATE figure_sum SET counted = counted + :by WHERE day_at = :day AND name = :name", by, day, name) > 0) return;
    sql::change(sql, "INSERT INTO figure_sum (name, day_at, counted) VALUES (:name, :day, :counted)", name, day, by);
}

// The first day after another in which anything is counted.
std::optional<sys_seconds> next_day(soci::session& sql, sys_seconds after) {
    std::optional<sys_seconds> out;
    auto first = [&](const char* column, const char* table, sys_seconds from) {
        auto found = sql::first<std::int64_t>(
            sql, std::string("SELECT ") + column + " FROM " + table + " WHERE " + column + " >= :from ORDER BY " + column + " LIMIT 1",
            from);
        if (found) out = out ? std::min(*out, at_seconds(*found)) : at_seconds(*found);
    };
    auto from = day_after(after);
    for (const auto& group : figure_groups::tickets) first(group.at, "figure_fact", from);
    first("day_at", "figure_sum", from);
    return out ? std::optional(day_of(*out)) : std::nullopt;
}

} // namespace

days of_tickets(soci::session& sql, const std::vector<std::string>& keys) {
    days out;
    auto in = " IS NOT NULL AND ticket_id IN (" + sql::placeholders(keys.size()) + ")";
    for (const auto& group : figure_groups::tickets)
        take(out, group, sql::all_bulk<counted_row>(sql, select_of(group) + in + group_by_hour(group) + locking(sql), keys));
    return out;
}

void add(soci::session& sql, const days& before, const days& after) {
    auto difference = after;
    for (const auto& [day, counted] : before)
        for (const auto& [name, count] : counted) difference[day][name] -= count;
    for (const auto& [day, counted] : difference)
        for (const auto& [name, by] : counted) change(sql, day, name, by);
}

bool are_days(const time_span& over) { return day_of(over.from) == over.from && day_of(over.to) == over.to; }

figure_measures between(soci::session& sql, const time_span& over) {
    figure_measures out;
    for (const auto& group : figure_groups::tickets)
        for (const auto& each : group.sums)
            if (each.name) out[each.name] = 0;
    using row = std::tuple<std::string, std::int64_t>;
    for (auto& [name, counted] : sql::all<row>(
             sql, "SELECT name, SUM(counted) FROM figure_sum WHERE day_at >= :from AND day_at < :to GROUP BY name", over.from, over.to))
        out[name] = counted;
    return out;
}

std::int64_t old_at(soci::session& sql, sys_seconds at) {
    return *sql::first<std::int64_t>(sql,
                                     "SELECT COALESCE(SUM(CASE WHEN name = 'old.begun' THEN counted ELSE -counted END), 0) FROM figure_sum "
                                     "WHERE name IN ('old.begun', 'old.ended') AND day_at < :at",
                                     at);
}

std::optional<std::int64_t> rebuild_next(soci::session& sql, std::int64_t after) {
    auto day = next_day(sql, at_seconds(after));
    if (!day) return std::nullopt;
    days made;
    std::vector<std::string> span = {std::to_string(seconds(*day)), std::to_string(seconds(day_after(*day)))};
    for (const auto& group : figure_groups::tickets) {
        auto in_day = std::string(" >= :v0 AND ") + group.at + " < :v1";
        take(made, group, sql::all_bulk<counted_row>(sql, select_of(group) + in_day + group_by_hour(group) + locking(sql), span));
    }
    sql::change(sql, "DELETE FROM figure_sum WHERE day_at = :day", *day);
    for (const auto& [name, counted] : made[*day]) change(sql, *day, name, counted);
    return seconds(*day);
}

} // namespace relais::model::figure_sums
