// SPDX-License-Identifier: EUPL-1.2
#include "model/contact_draft.hpp"

#include "model/sql.hpp"

namespace relais::model::contact_drafts {

std::optional<contact_draft> find(soci::session& sql, std::string_view key_hash, sys_seconds now) {
    return sql::first<contact_draft>(
        sql, "SELECT sealed, created_at, updated_at FROM contact_draft WHERE key_hash = :key_hash AND updated_at > :oldest", key_hash,
        seconds(now) - kept_s);
}

void save(soci::session& sql, std::string_view key_hash, std::string_view sealed, sys_seconds now) {
    auto known = sql::change(sql, "UPDATE contact_draft SET sealed = :sealed, updated_at = :updated_at WHERE key_hash = :key_hash", sealed,
                             now, key_hash);
    if (known > 0) return;
    sql::change(
        sql, "INSERT INTO contact_draft (key_hash, sealed, created_at, updated_at) VALUES (:key_hash, :sealed, :created_at, :updated_at)",
        key_hash, sealed, now, now);
}

void remove(soci::session& sql, std::string_view key_hash) {
    sql::change(sql, "DELETE FROM contact_draft WHERE key_hash = :key_hash", key_hash);
}

std::int64_t purge(soci::session& sql, sys_seconds now, int limit) {
    auto old = sql::all<std::string>(sql, "SELECT key_hash FROM contact_draft WHERE updated_at <= :oldest ORDER BY updated_at LIMIT :limit",
                                     seconds(now) - kept_s, limit);
    for (const auto& each : old) {
        sql::change(
            sql,
            "DELETE FROM attachment_key WHERE attachment_id IN (SELECT id FROM attachment WHERE draft_key = :draft_key AND ticket_id "
            "IS NULL)",
            each);
        sql::change(sql, "DELETE FROM attachment WHERE draft_key = :draft_key AND ticket_id IS NULL", each);
        remove(sql, each);
    }
    return static_cast<std::int64_t>(old.size());
}

} // namespace relais::model::contact_drafts
