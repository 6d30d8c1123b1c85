// SPDX-License-Identifier: EUPL-1.2
#include "model/event_mark.hpp"

#include "model/sql.hpp"

#include <algorithm>
#include <exception>
#include <tuple>

namespace relais::model::event_marks {

namespace {

using mark = std::tuple<std::int64_t, std::int64_t>; // event_id, seen_at

void add(soci::session& sql, std::int64_t event_id, std::int64_t seen_at) {
    try {
        sql::change(sql, "INSERT INTO event_mark (event_id, seen_at) VALUES (:event, :at)", event_id, seen_at);
    } catch (const std::exception& error) {
        if (!sql::is_duplicate(error)) throw; // another node noted the same
    }
}

} // namespace

void note(soci::session& sql, sys_seconds now) {
    auto newest = sql::first<mark>(sql, "SELECT event_id, seen_at FROM event_mark ORDER BY event_id DESC LIMIT 1");
    if (!newest) add(sql, 0, 0); // nothing is settled before the first mark is old enough
    auto [reached, seen_at] = newest.value_or(mark{0, 0});
    // The clock was put back: what is marked has been there for no longer than that, as far as it knows.
    if (seen_at > seconds(now)) sql::change(sql, "UPDATE event_mark SET seen_at = :now WHERE seen_at > :late", now, now);
    auto last = sql::first<std::int64_t>(sql, "SELECT COALESCE(MAX(id), 0) FROM event").value_or(0);
    if (last > reached && seconds(now) - seen_at >= every_s) add(sql, last, seconds(now));
    auto known =
        sql::first<std::int64_t>(sql, "SELECT COALESCE(MAX(event_id), 0) FROM event_mark WHERE seen_at <= :old", seconds(now) - settle_s);
    sql::change(sql, "DELETE FROM event_mark WHERE event_id < :known", known.value_or(0));
}

std::int64_t settled(soci::session& sql) {
    return sql::first<std::int64_t>(sql, "SELECT COALESCE(MIN(event_id), 0) FROM event_mark").value_or(0);
}

std::int64_t beginning(soci::session& sql) {
    constexpr std::int64_t under_way = 20'000; // numbers that all transactions of one moment may hold: imports have the most
    auto last = sql::first<std::int64_t>(sql, "SELECT COALESCE(MAX(id), 0) FROM event").value_or(0);
    if (sql.get_backend_name() == "sqlite3") return last; // one writer commits them in order
    return std::max(settled(sql), std::max<std::int64_t>(0, last - under_way));
}

} // namespace relais::model::event_marks
