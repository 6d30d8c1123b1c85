// SPDX-License-Identifier: EUPL-1.2
#include "model/ticket_presence.hpp"

#include "model/sql.hpp"

namespace relais::model::ticket_presences {

namespace {

void tell_others(soci::session& sql, std::int64_t ticket_id, const actor& who, std::string_view action, sys_seconds now) {
    if (others(sql, ticket_id, who.id.value_or(0)).empty()) return;
    events::record(sql, who, action, "presence", ticket_id, nlohmann::json::object(), now);
}

// Two tabs of one person may come at the same moment: one row all the same.
void write(soci::session& sql, std::int64_t ticket_id, std::int64_t user, bool is_writing, std::int64_t clock) {
    auto renew = [&] {
        return sql::change(
            sql, "UPDATE ticket_presence SET is_writing = :writing, seen_at = :clock WHERE ticket_id = :ticket AND user_id = :user",
            is_writing, clock, ticket_id, user);
    };
    if (renew() > 0) return;
    try {
        sql::change(sql, "INSERT INTO ticket_presence (ticket_id, user_id, is_writing, seen_at) VALUES (:ticket, :user, :writing, :clock)",
                    ticket_id, user, is_writing, clock);
    } catch (const soci::soci_error& error) {
        if (!sql::is_duplicate(error)) throw;
        renew();
    }
}

} // namespace

void seen(soci::session& sql, std::int64_t ticket_id, const actor& who, bool is_writing, sys_seconds now) {
    using row = std::tuple<bool, std::int64_t>;
    auto clock = sql::lease_now(sql);
    auto me = who.id.value_or(0);
    auto known = sql::first<row>(sql, "SELECT is_writing, seen_at FROM ticket_presence WHERE ticket_id = :ticket AND user_id = :user",
                                 ticket_id, me);
    write(sql, ticket_id, me, is_writing, clock);
    auto was_here = known && std::get<1>(*known) > clock - seen_s;
    if (!was_here)
        tell_others(sql, ticket_id, who, "presence.came", now);
    else if (std::get<0>(*known) != is_writing)
        tell_others(sql, ticket_id, who, is_writing ? "presence.writes" : "presence.paused", now);
}

void left(soci::session& sql, std::int64_t ticket_id, const actor& who, sys_seconds now) {
    auto gone =
        sql::change(sql, "DELETE FROM ticket_presence WHERE ticket_id = :ticket AND user_id = :user", ticket_id, who.id.value_or(0));
    if (gone > 0) tell_others(sql, ticket_id, who, "presence.left", now);
}

std::vector<ticket_presence> others(soci::session& sql, std::int64_t ticket_id, std::int64_t user_id) {
    return sql::all<ticket_presence>(
        sql,
        "SELECT ticket_presence.user_id, user_account.name, ticket_presence.is_writing FROM ticket_presence "
        "JOIN user_account ON user_account.id = ticket_presence.user_id WHERE ticket_presence.ticket_id = :ticket "
        "AND ticket_presence.user_id <> :user AND ticket_presence.seen_at > :since ORDER BY user_account.name LIMIT 50",
        ticket_id, user_id, sql::lease_now(sql) - seen_s);
}

std::int64_t purge(soci::session& sql) {
    using key = std::tuple<std::int64_t, std::int64_t>;
    constexpr std::int64_t hour_s = 3600;
    auto old = sql::all<key>(sql, "SELECT ticket_id, user_id FROM ticket_presence WHERE seen_at < :oldest ORDER BY seen_at LIMIT 500",
                             sql::lease_now(sql) - hour_s);
    for (const auto& [ticket, user] : old)
        sql::change(sql, "DELETE FROM ticket_presence WHERE ticket_id = :ticket AND user_id = :user", ticket, user);
    return static_cast<std::int64_t>(old.size());
}

} // namespace relais::model::ticket_presences
