// SPDX-License-Identifier: EUPL-1.2
#include "model/event_watch.hpp"

#include "model/sql.hpp"

#include <algorithm>

namespace relais::model {

namespace {

constexpr std::int64_t us_in_s = 1'000'000;
constexpr std::int64_t overlap_us = 10 * us_in_s; // no visit lasts longer
constexpr std::int64_t overlap_events = 500;
constexpr std::int64_t slow_events = 50; // numbers that a transaction under way may still hold when the watch starts (MariaDB)

const std::string select_events =
    "SELECT event.id, event.at_us, event.actor_kind, event.actor_id, event.actor_name, event.action, event.object_kind, event.object_id, "
    "event.data, COALESCE(ticket.reference, '') FROM event "
    "LEFT JOIN ticket ON ticket.id = event.object_id AND event.object_kind = 'ticket' ";

std::int64_t last_event(soci::session& sql) {
    return sql::first<std::optional<std::int64_t>>(sql, "SELECT MAX(id) FROM event").value_or(std::nullopt).value_or(0);
}

} // namespace

void event_watch::start() {
    auto look = [is_slow = database_.is_mariadb()](soci::session& sql) {
        auto last = last_event(sql);
        auto safe = is_slow ? std::max<std::int64_t>(0, last - slow_events) : last;
        return std::pair{safe, sql::all<std::int64_t>(sql, "SELECT id FROM event WHERE id > :safe", safe)};
    };
    auto [safe, given] = database_.read_now(look);
    safe_id_ = safe;
    recent_ = {given.begin(), given.end()};
    is_started_ = true;
}

std::vector<live_event> event_watch::step() {
    if (!is_started_) {
        start();
        return {};
    }
    auto look = [from = safe_id_](soci::session& sql) {
        return sql::all<live_event>(sql, select_events + "WHERE event.id > :from ORDER BY event.id LIMIT :limit", from, step_limit);
    };
    auto rows = database_.read_now(look);
    if (rows.empty()) return rows;
    std::int64_t newest_us = 0;
    for (const auto& each : rows) newest_us = std::max(newest_us, each.what.at_us);
    // A full page means that there is more behind: what it holds is left behind.
    auto leaves_all = !database_.is_mariadb() || static_cast<int>(rows.size()) == step_limit;
    for (const auto& each : rows)
        if (leaves_all || each.what.at_us < newest_us - overlap_us) safe_id_ = std::max(safe_id_, each.what.id);
    std::erase_if(rows, [this](const live_event& each) { return !recent_.insert(each.what.id).second; });
    recent_.erase(recent_.begin(), recent_.upper_bound(safe_id_));
    return rows;
}

std::vector<live_event> live_events::since(soci::session& sql, std::int64_t last, sys_seconds now) {
    auto recent_us = seconds(now) * us_in_s - overlap_us;
    return sql::all<live_event>(
        sql, select_events + "WHERE event.id > :floor AND (event.id > :last OR event.at_us > :recent) ORDER BY event.id LIMIT :limit",
        std::max<std::int64_t>(0, last - overlap_events), last, recent_us, replay_limit + 1);
}

} // namespace relais::model
