// SPDX-License-Identifier: EUPL-1.2
#include "model/incident_bursts.hpp"

#include "model/event.hpp"
#include "model/sql.hpp"

#include <nlohmann/json.hpp>

#include <cmath>

namespace relais::model {

namespace {

using namespace std::chrono_literals;

constexpr std::int64_t hour_s = 3600;
constexpr std::int64_t first_monday = 96; // hours from 1970, a Thursday, to the first Monday
constexpr int learning_weeks = 10;
constexpr auto settles = 5min;

} // namespace

std::vector<incident_bursts::ended_hour> incident_bursts::due(soci::session& sql, sys_seconds now) const {
    auto end = seconds(now - settles) / hour_s; // the first hour that has not ended
    auto from = last_ ? *last_ + 1 : end - learning_weeks * grouping::week_hours;
    std::vector<ended_hour> out;
    if (from >= end) return out;
    for (auto hour = from; hour < end; ++hour) out.push_back({hour, {}});
    using row = std::tuple<std::int64_t, std::int64_t, std::int64_t>;
    // Whole hours by a remainder: the two databases divide differently.
    for (const auto& [start, incident, tickets] : sql::all<row>(
             sql,
             "SELECT received_at - received_at % 3600, incident_id, COUNT(*) FROM report WHERE incident_id > 0 AND received_at >= "
             ":from AND received_at < :until GROUP BY received_at - received_at % 3600, incident_id",
             from * hour_s, end * hour_s))
        out[static_cast<std::size_t>(start / hour_s - from)].counts.push_back({incident, static_cast<int>(tickets)});
    return out;
}

std::vector<incident_bursts::found> incident_bursts::watch(const std::vector<ended_hour>& hours) {
    std::vector<found> out;
    for (const auto& each : hours) {
        for (const auto& alarm : watch_.close_hour(each.hour - first_monday, each.counts)) out.push_back({each.hour, alarm});
        last_ = each.hour;
    }
    return out;
}

void incident_bursts::record(soci::session& sql, const std::vector<found>& alarms, sys_seconds now) {
    for (const auto& [hour, alarm] : alarms) {
        auto known = sql::first<std::int64_t>(sql, "SELECT id FROM incident_burst WHERE incident_id = :incident AND hour = :hour",
                                              alarm.incident, hour);
        if (known) continue;
        nlohmann::json numbers = {
            {"tickets", alarm.tickets}, {"hours", alarm.window_hours}, {"expected", std::round(alarm.expected * 10) / 10}};
        sql::change(sql, "INSERT INTO incident_burst (incident_id, hour, numbers) VALUES (:incident, :hour, :numbers)", alarm.incident,
                    hour, numbers.dump());
        auto at = at_seconds((hour + 1) * hour_s);
        sql::change(sql, "UPDATE incident SET burst_at = :at WHERE id = :id AND (burst_at IS NULL OR burst_at < :again)", at,
                    alarm.incident, at);
        events::record(sql, actor{}, "incident.burst", "incident", alarm.incident, numbers, std::min(now, at));
    }
}

} // namespace relais::model
