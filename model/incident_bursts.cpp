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
constexpr std::int64_t day_hours = 24;
constexpr int learning_weeks = 10;
constexpr auto settles = 5min;

// The hour at which the week of this one began.
std::int64_t monday_of(std::int64_t hour) { return hour - (hour - first_monday) % grouping::week_hours; }

// Rhythms are learned from the last ten weeks, or from the first report on when the centre is younger: weeks before it would teach that
// nobody ever writes.
std::int64_t learned_from(soci::session& sql, std::int64_t end) {
    auto first = sql::first<std::optional<std::int64_t>>(sql, "SELECT MIN(received_at) FROM report").value_or(std::nullopt);
    if (!first) return end;
    return monday_of(std::max(end - learning_weeks * grouping::week_hours, *first / hour_s));
}

grouping::burst_options with_quiet_weeks(grouping::burst_options wanted) {
    wanted.quiet_hours = 2 * grouping::week_hours;
    return wanted;
}

} // namespace

incident_bursts::incident_bursts(grouping::burst_options wanted) : watch_(with_quiet_weeks(wanted)) {}

std::vector<incident_bursts::ended_hour> incident_bursts::due(soci::session& sql, sys_seconds now) const {
    auto end = seconds(now - settles) / hour_s; // the first hour that has not ended
    auto from = last_ ? *last_ + 1 : learned_from(sql, end);
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
        if (!last_) began_ = each.hour;
        for (const auto& alarm : watch_.close_hour(each.hour - began_, each.counts)) out.push_back({each.hour, alarm});
        last_ = each.hour;
    }
    return out;
}

void incident_bursts::record(soci::session& sql, const std::vector<found>& alarms, sys_seconds now) {
    for (const auto& [hour, alarm] : alarms) {
        if (now - at_seconds(hour * hour_s) > 2 * day_hours * 1h) continue; // learned from; whoever led then wrote it down
        auto known = sql::first<std::int64_t>(
            sql, "SELECT id FROM incident_burst WHERE incident_id = :incident AND hour > :from AND hour <= :until LIMIT 1", alarm.incident,
            hour - day_hours, hour + day_hours);
        if (known) continue; // the same burst, which another node may see begin an hour earlier or later
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
