// SPDX-License-Identifier: EUPL-1.2
#include "model/staff_notice.hpp"

#include "model/event.hpp"
#include "model/outbox.hpp"
#include "model/sql.hpp"

#include <limits>

namespace relais::model::staff_notices {

std::vector<colleague> assignee(soci::session& sql, std::int64_t ticket_id) {
    return sql::all<colleague>(sql,
                               "SELECT user_account.id, user_account.email FROM ticket JOIN user_account ON user_account.id = "
                               "ticket.assignee_id WHERE ticket.id = :ticket AND user_account.disabled_at IS NULL",
                               ticket_id);
}

std::vector<colleague> supervisors(soci::session& sql, std::int64_t ticket_id) {
    auto out = sql::all<colleague>(sql,
                                   "SELECT user_account.id, user_account.email FROM user_account JOIN ticket ON ticket.team_id = "
                                   "user_account.team_id WHERE ticket.id = :ticket AND user_account.role = 'supervisor' AND "
                                   "user_account.disabled_at IS NULL ORDER BY user_account.id LIMIT 20",
                                   ticket_id);
    if (!out.empty()) return out;
    return sql::all<colleague>(sql,
                               "SELECT id, email FROM user_account WHERE role = 'supervisor' AND disabled_at IS NULL ORDER BY id LIMIT 20");
}

std::vector<colleague> in_charge(soci::session& sql, std::int64_t ticket_id) {
    auto out = assignee(sql, ticket_id);
    return out.empty() ? supervisors(sql, ticket_id) : out;
}

bool tell(soci::session& sql, std::int64_t ticket_id, const what& news, const std::vector<colleague>& whom, sys_seconds now) {
    auto reference = sql::first<std::string>(sql, "SELECT reference FROM ticket WHERE id = :id", ticket_id).value_or("");
    auto agents = nlohmann::json::array();
    auto has_mail = false;
    for (const auto& each : whom) {
        auto key = news.unique + ":" + std::to_string(each.id);
        if (sql::first<std::int64_t>(sql, "SELECT id FROM staff_notice WHERE unique_key = :key", key)) continue;
        sql::change(sql,
                    "INSERT INTO staff_notice (unique_key, user_id, ticket_id, kind, data, created_at) VALUES (:key, :user, :ticket, "
                    ":kind, :data, :now)",
                    key, each.id, ticket_id, news.kind, news.data.dump(), now);
        agents.push_back(each.id);
        if (!news.by_mail || each.email.empty()) continue;
        outbox_entry mail;
        mail.unique_key = "staff_notice:" + key;
        mail.kind = "staff_notice", mail.recipient = each.email;
        mail.payload = {{"notice", {{"reference", reference}, {"kind", news.kind}, {"about", news.data}}}};
        outbox::add(sql, mail, now);
        has_mail = true;
    }
    if (!agents.empty()) events::record(sql, actor{}, "notice.written", "notice", ticket_id, {{"agents", agents}}, now);
    return has_mail;
}

std::vector<staff_notice> of(soci::session& sql, std::int64_t user, std::optional<std::int64_t> before) {
    return sql::all<staff_notice>(sql,
                                  "SELECT staff_notice.id, staff_notice.ticket_id, staff_notice.kind, staff_notice.data, "
                                  "COALESCE(ticket.reference, ''), staff_notice.created_at, staff_notice.seen_at FROM staff_notice LEFT "
                                  "JOIN ticket ON ticket.id = staff_notice.ticket_id WHERE staff_notice.user_id = :user AND "
                                  "staff_notice.id < :before ORDER BY staff_notice.id DESC LIMIT :limit",
                                  user, before.value_or(std::numeric_limits<std::int64_t>::max()), page_limit);
}

std::int64_t unseen(soci::session& sql, std::int64_t user) {
    return *sql::first<std::int64_t>(sql,
                                     "SELECT COUNT(*) FROM (SELECT id FROM staff_notice WHERE user_id = :user AND seen_at IS NULL LIMIT "
                                     ":limit) AS bounded",
                                     user, page_limit);
}

void mark_seen(soci::session& sql, std::int64_t user, std::optional<std::int64_t> id, sys_seconds now) {
    if (id)
        sql::change(sql, "UPDATE staff_notice SET seen_at = :now WHERE id = :id AND user_id = :user AND seen_at IS NULL", now, *id, user);
    else
        sql::change(sql, "UPDATE staff_notice SET seen_at = :now WHERE user_id = :user AND seen_at IS NULL", now, user);
}

std::int64_t purge(soci::session& sql, sys_seconds now) {
    return sql::change(sql, "DELETE FROM staff_notice WHERE created_at < :old", now - std::chrono::hours(24) * kept_days);
}

} // namespace relais::model::staff_notices
