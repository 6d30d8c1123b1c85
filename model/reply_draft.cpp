// SPDX-License-Identifier: EUPL-1.2
#include "model/reply_draft.hpp"

#include "model/sql.hpp"

namespace relais::model::reply_drafts {

std::optional<reply_draft> find(soci::session& sql, std::int64_t ticket_id, std::int64_t user_id) {
    return sql::first<reply_draft>(
        sql, "SELECT body, waits, readers, updated_at FROM reply_draft WHERE ticket_id = :ticket AND user_id = :user", ticket_id, user_id);
}

void save(soci::session& sql, std::int64_t ticket_id, std::int64_t user_id, const reply_draft& what, sys_seconds now) {
    if (what.body.find_first_not_of(" \n\t") == std::string::npos) return remove(sql, ticket_id, user_id);
    auto replace = [&] {
        return sql::change(sql,
                           "UPDATE reply_draft SET body = :body, waits = :waits, readers = :readers, updated_at = :now "
                           "WHERE ticket_id = :ticket AND user_id = :user",
                           what.body, what.waits, what.readers, now, ticket_id, user_id);
    };
    if (replace() > 0) return;
    try {
        sql::change(sql,
                    "INSERT INTO reply_draft (ticket_id, user_id, body, waits, readers, updated_at) VALUES (:ticket, :user, :body, :waits, "
                    ":readers, :now)",
                    ticket_id, user_id, what.body, what.waits, what.readers, now);
    } catch (const soci::soci_error& error) { // another tab of the same person was faster
        if (!sql::is_duplicate(error)) throw;
        replace();
    }
}

void remove(soci::session& sql, std::int64_t ticket_id, std::int64_t user_id) {
    sql::change(sql, "DELETE FROM reply_draft WHERE ticket_id = :ticket AND user_id = :user", ticket_id, user_id);
}

std::int64_t purge(soci::session& sql, sys_seconds now) {
    using key = std::tuple<std::int64_t, std::int64_t>;
    auto old = sql::all<key>(sql, "SELECT ticket_id, user_id FROM reply_draft WHERE updated_at < :oldest ORDER BY updated_at LIMIT 200",
                             now - std::chrono::hours(24 * kept_days));
    for (const auto& [ticket, user] : old) remove(sql, ticket, user);
    return static_cast<std::int64_t>(old.size());
}

} // namespace relais::model::reply_drafts
