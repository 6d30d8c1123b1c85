// SPDX-License-Identifier: EUPL-1.2
#include "model/registry_health.hpp"

#include "model/sql.hpp"

#include <date/date.h>

namespace relais::model {

namespace registry_nodes {

void keep(soci::session& sql, std::string_view node, std::string_view health, sys_seconds now) {
    if (sql::change(sql, "UPDATE registry_node SET seen_at = :now, health = :health WHERE node = :node", now, health, node) == 0)
        sql::change(sql, "INSERT INTO registry_node (node, seen_at, health) VALUES (:node, :now, :health)", node, now, health);
    sql::change(sql, "DELETE FROM registry_node WHERE seen_at < :gone", now - std::chrono::hours(24));
}

void leave(soci::session& sql, std::string_view node) { sql::change(sql, "DELETE FROM registry_node WHERE node = :node", node); }

std::vector<registry_node> all(soci::session& sql, sys_seconds now) {
    return sql::all<registry_node>(sql, "SELECT node, seen_at, health FROM registry_node WHERE seen_at >= :alive ORDER BY node LIMIT 100",
                                   now - std::chrono::seconds(alive_s));
}

} // namespace registry_nodes

namespace registry_refusals {

void note(soci::session& sql, std::string_view column, std::string_view reason, sys_seconds now) {
    auto day = date::format("%F", date::floor<date::days>(now));
    auto add = [&] {
        return sql::change(sql,
                           "UPDATE registry_refusal SET times = times + 1, last_at = :now WHERE day = :day AND column_name = :column AND "
                           "reason = :reason",
                           now, day, column, reason);
    };
    if (add() > 0) return;
    try {
        sql::change(sql, "INSERT INTO registry_refusal (day, column_name, reason, times, last_at) VALUES (:day, :column, :reason, 1, :now)",
                    day, column, reason, now);
    } catch (const std::exception& error) {
        if (!sql::is_duplicate(error)) throw;
        add(); // another node was first
    }
}

std::vector<registry_refusal> recent(soci::session& sql) {
    return sql::all<registry_refusal>(
        sql, "SELECT day, column_name, reason, times, last_at FROM registry_refusal ORDER BY last_at DESC, id DESC LIMIT :limit", shown);
}

std::int64_t purge(soci::session& sql, sys_seconds now) {
    return sql::change(sql, "DELETE FROM registry_refusal WHERE last_at < :old", now - std::chrono::hours(24) * kept_days);
}

} // namespace registry_refusals

} // namespace relais::model
