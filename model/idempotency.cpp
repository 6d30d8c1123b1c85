// SPDX-License-Identifier: EUPL-1.2
#include "model/idempotency.hpp"

#include "model/error.hpp"
#include "model/sql.hpp"

namespace relais::model::idempotency {

namespace {

using row = std::tuple<std::string, std::string, int, std::string>;

std::optional<row> stored(soci::session& sql, std::string_view key_hash) {
    return sql::first<row>(sql, "SELECT route, fingerprint, status, answer FROM idempotency_key WHERE key_hash = :key_hash", key_hash);
}

} // namespace

std::optional<remembered> claim(soci::session& sql, std::string_view key_hash, std::string_view route, std::string_view fingerprint,
                                sys_seconds now, const remembered& foreseen) {
    try {
        sql::change(sql,
                    "INSERT INTO idempotency_key (key_hash, route, fingerprint, status, answer, created_at) "
                    "VALUES (:key_hash, :route, :fingerprint, :status, :answer, :created_at)",
                    key_hash, route, fingerprint, foreseen.status, foreseen.answer, now);
        return std::nullopt;
    } catch (const std::exception& error) {
        if (!sql::is_duplicate(error)) throw;
    }
    auto found = stored(sql, key_hash);
    if (!found) throw busy();
    const auto& [first_route, first_fingerprint, status, answer] = *found;
    if (first_route != route || first_fingerprint != fingerprint)
        throw invalid({{"idempotency_key", "reused", "fault.idempotency_key.reused"}});
    return remembered{status, answer};
}

void remember(soci::session& sql, std::string_view key_hash, const remembered& answer) {
    sql::change(sql, "UPDATE idempotency_key SET status = :status, answer = :answer WHERE key_hash = :key_hash", answer.status,
                answer.answer, key_hash);
}

std::int64_t purge(soci::session& sql, sys_seconds now, int limit) {
    constexpr std::int64_t kept_s = 72 * 3600;
    auto old =
        sql::all<std::string>(sql, "SELECT key_hash FROM idempotency_key WHERE created_at < :before ORDER BY created_at LIMIT :limit",
                              seconds(now) - kept_s, limit);
    for (const auto& each : old) sql::change(sql, "DELETE FROM idempotency_key WHERE key_hash = :key_hash", each);
    return static_cast<std::int64_t>(old.size());
}

} // namespace relais::model::idempotency
