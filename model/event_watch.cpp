// SPDX-License-Identifier: EUPL-1.2
#include "model/event_watch.hpp"

#include "model/event_mark.hpp"
#include "model/sql.hpp"

#include <algorithm>
#include <utility>

namespace relais::model {

namespace {

constexpr std::int64_t us_in_s = 1'000'000;
constexpr std::int64_t overlap_us = 10 * us_in_s; // no visit lasts longer
constexpr std::int64_t overlap_events = 500;
constexpr int numbers_limit = 100'000; // events of a minute: who has more behind them has lost the thread of their screen

const std::string select_events =
    "SELECT event.id, event.at_us, event.actor_kind, event.actor_id, event.actor_name, event.action, event.object_kind, event.object_id, "
    "event.data, COALESCE(ticket.reference, '') FROM event "
    "LEFT JOIN ticket ON ticket.id = event.object_id AND event.object_kind = 'ticket' ";

std::vector<std::int64_t> numbers_after(soci::session& sql, std::int64_t event_id) {
    return sql::all<std::int64_t>(sql, "SELECT id FROM event WHERE id > :after ORDER BY id LIMIT :limit", event_id, numbers_limit);
}

} // namespace

void event_watch::start() {
    auto look = [](soci::session& sql) {
        auto settled = event_marks::beginning(sql);
        return std::pair{settled, numbers_after(sql, settled)};
    };
    auto [settled, given] = database_.read_now(look);
    settled_id_ = settled;
    recent_ = {given.begin(), given.end()};
    is_started_ = true;
}

std::vector<live_event> event_watch::step() {
    if (!is_started_) {
        start();
        return {};
    }
    std::int64_t settled = settled_id_;
    auto look = [&](soci::session& sql) {
        settled = event_marks::beginning(sql);
        auto numbers = numbers_after(sql, settled_id_);
        auto is_new = [this](std::int64_t id) { return !recent_.contains(id); };
        auto first = std::find_if(numbers.begin(), numbers.end(), is_new);
        if (first == numbers.end()) return std::vector<live_event>{};
        return sql::all<live_event>(sql, select_events + "WHERE event.id >= :first ORDER BY event.id LIMIT :limit", *first, step_limit);
    };
    auto rows = database_.read_now(look);
    auto is_whole = static_cast<int>(rows.size()) < step_limit;
    std::erase_if(rows, [this](const live_event& each) { return !recent_.insert(each.what.id).second; });
    if (!is_whole) return rows; // the rest comes with the next step
    settled_id_ = std::max(settled_id_, settled);
    recent_.erase(recent_.begin(), recent_.upper_bound(settled_id_));
    return rows;
}

std::vector<live_event> live_events::since(soci::session& sql, std::int64_t last, sys_seconds now) {
    auto recent_us = seconds(now) * us_in_s - overlap_us;
    return sql::all<live_event>(
        sql, select_events + "WHERE event.id > :floor AND (event.id > :last OR event.at_us > :recent) ORDER BY event.id LIMIT :limit",
        std::max<std::int64_t>(0, last - overlap_events), last, recent_us, replay_limit + 1);
}

} // namespace relais::model
