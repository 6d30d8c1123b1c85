// SPDX-License-Identifier: EUPL-1.2
#include "model/ticket_lease.hpp"

#include "model/sql.hpp"

#include <algorithm>
#include <set>

namespace relais::model::ticket_leases {

namespace {

constexpr int page_size = 50, pages_limit = 40;

std::set<std::int64_t> held(soci::session& sql, std::int64_t clock) {
    auto all = sql::all<std::int64_t>(sql, "SELECT ticket_id FROM ticket_lease WHERE until_at > :clock LIMIT 2000", clock);
    return {all.begin(), all.end()};
}

// One of those who ask at the same moment gets it: the row is new, or its lease was over.
bool claim(soci::session& sql, std::int64_t ticket_id, std::int64_t user, std::string_view view, std::int64_t clock) {
    auto until = clock + lease_s;
    if (sql::change(
            sql,
            "UPDATE ticket_lease SET user_id = :user, view = :view, until_at = :until WHERE ticket_id = :ticket AND until_at <= :clock",
            user, view, until, ticket_id, clock) == 1)
        return true;
    if (sql::first<std::int64_t>(sql, "SELECT user_id FROM ticket_lease WHERE ticket_id = :ticket", ticket_id)) return false;
    try {
        sql::change(sql, "INSERT INTO ticket_lease (ticket_id, user_id, view, until_at) VALUES (:ticket, :user, :view, :until)", ticket_id,
                    user, view, until);
        return true;
    } catch (const soci::soci_error& error) {
        if (!sql::is_duplicate(error)) throw;
        return false;
    }
}

} // namespace

std::optional<std::string> take_next(soci::session& sql, queue_filter filter, const actor& who, std::string_view view, sys_seconds now) {
    auto clock = sql::lease_now(sql);
    auto taken = held(sql, clock);
    auto me = who.id.value_or(0);
    filter.status = "active", filter.updated_since.reset();
    std::string after;
    for (int page = 0; page < pages_limit; ++page) {
        auto found = ticket_queue::list(sql, filter, after, page_size);
        for (const auto& each : found.lines) {
            if (each.assignee_id.value_or(me) != me || taken.contains(each.id) || !claim(sql, each.id, me, view, clock)) continue;
            events::record(sql, who, "ticket.given", "ticket", each.id, nlohmann::json::object(), now);
            return each.reference;
        }
        if (found.next.empty()) break;
        after = found.next;
    }
    return std::nullopt;
}

std::optional<ticket_lease> find(soci::session& sql, std::int64_t ticket_id) {
    auto clock = sql::lease_now(sql);
    return sql::first<ticket_lease>(sql,
                                    "SELECT ticket_lease.user_id, user_account.name, ticket_lease.view, ticket_lease.until_at - :clock "
                                    "FROM ticket_lease JOIN user_account ON user_account.id = ticket_lease.user_id "
                                    "WHERE ticket_lease.ticket_id = :ticket AND ticket_lease.until_at > :limit",
                                    clock, ticket_id, clock);
}

bool release(soci::session& sql, std::int64_t ticket_id, const actor& who, sys_seconds now) {
    auto ended = sql::change(sql, "UPDATE ticket_lease SET until_at = 0 WHERE ticket_id = :ticket AND user_id = :user AND until_at > 0",
                             ticket_id, who.id.value_or(0));
    if (ended == 1) events::record(sql, who, "ticket.given_back", "ticket", ticket_id, nlohmann::json::object(), now);
    return ended == 1;
}

std::vector<std::string> held_by(soci::session& sql, std::int64_t user_id) {
    return sql::all<std::string>(sql,
                                 "SELECT ticket.reference FROM ticket_lease JOIN ticket ON ticket.id = ticket_lease.ticket_id "
                                 "WHERE ticket_lease.until_at > :clock AND ticket_lease.user_id = :user AND ticket.is_active = 1 "
                                 "ORDER BY ticket_lease.until_at DESC LIMIT 50",
                                 sql::lease_now(sql), user_id);
}

} // namespace relais::model::ticket_leases
