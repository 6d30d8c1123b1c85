// SPDX-License-Identifier: EUPL-1.2
#include "model/roster.hpp"

#include "model/error.hpp"
#include "model/setting.hpp"
#include "model/sql.hpp"

namespace relais::model::rosters {
namespace {

constexpr std::int64_t most = 10'000;

std::string setting_of(std::string_view week) { return "roster." + std::string(week); }

void check(const roster_line& line) {
    std::vector<field_fault> faults;
    auto is_count = [](std::int64_t value) { return value >= 0 && value <= most; };
    if (seconds(line.starts_at) % half_hour.count() != 0) faults.push_back({"starts_at", "malformed", "fault.roster.starts_at"});
    if (!is_count(line.agents)) faults.push_back({"agents", "range", "fault.roster.count"});
    if (!is_count(line.callback_seats.value_or(0))) faults.push_back({"callback_seats", "range", "fault.roster.count"});
    if (!faults.empty()) throw invalid(std::move(faults));
}

} // namespace

std::vector<roster_line> between(soci::session& sql, sys_seconds from, sys_seconds to) {
    return sql::all<roster_line>(sql,
                                 "SELECT starts_at, agents, callback_seats FROM roster WHERE starts_at >= :from_at AND starts_at < :to_at "
                                 "ORDER BY starts_at",
                                 from, to);
}

void set(soci::session& sql, const roster_line& line, sys_seconds now) {
    check(line);
    auto changed = sql::change(sql,
                               "UPDATE roster SET agents = :agents, callback_seats = :callback_seats, updated_at = :updated_at "
                               "WHERE starts_at = :starts_at",
                               line.agents, line.callback_seats, now, line.starts_at);
    if (changed == 1) return;
    sql::change(sql,
                "INSERT INTO roster (starts_at, agents, callback_seats, updated_at) "
                "VALUES (:starts_at, :agents, :callback_seats, :updated_at)",
                line.starts_at, line.agents, line.callback_seats, now);
}

bool remove(soci::session& sql, sys_seconds starts_at) {
    return sql::change(sql, "DELETE FROM roster WHERE starts_at = :starts_at", starts_at) == 1;
}

std::int64_t version(soci::session& sql, std::string_view week) { return std::stoll(settings::find(sql, setting_of(week)).value_or("1")); }

void take(soci::session& sql, std::string_view week, std::int64_t seen) {
    settings::keep_first(sql, setting_of(week), "1");
    auto taken = sql::change(sql, "UPDATE setting SET value = :next WHERE name = :name AND value = :seen", std::to_string(seen + 1),
                             setting_of(week), std::to_string(seen));
    if (taken == 0) throw conflict("conflict.roster");
}

} // namespace relais::model::rosters
