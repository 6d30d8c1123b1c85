// SPDX-License-Identifier: EUPL-1.2
#include "model/login_session.hpp"

#include "model/sql.hpp"

#include <chrono>

namespace relais::model::login_sessions {

namespace {
constexpr std::int64_t minute_s = 60, hour_s = 3600;
constexpr std::int64_t kept_s = 24 * hour_s; // security.md line 75

bool has_ended(const login_session& session, sys_seconds now) {
    auto age = seconds(now) - seconds(session.created_at), idle = seconds(now) - seconds(session.seen_at);
    if (session.stage != "full") return age >= unfinished_limit_s;
    return age >= absolute_limit_s(session.role) || idle >= idle_limit_s(session.role);
}
} // namespace

std::int64_t idle_limit_s(std::string_view role) {
    if (role == "admin") return 15 * minute_s;
    return role == "partner" ? 60 * minute_s : 30 * minute_s;
}

std::int64_t absolute_limit_s(std::string_view role) { return role == "admin" ? 8 * hour_s : 12 * hour_s; }

void open(soci::session& sql, std::string_view hash, std::int64_t user_id, std::string_view stage, std::string_view address,
          sys_seconds now) {
    sql::change(sql,
                "INSERT INTO login_session (hash, user_id, stage, created_at, seen_at, confirmed_at, address) "
                "VALUES (:hash, :user_id, :stage, :created_at, :seen_at, :confirmed_at, :address)",
                hash, user_id, stage, now, now, now, address);
}

std::optional<login_session> find(soci::session& sql, std::string_view hash, sys_seconds now) {
    auto found = sql::first<login_session>(
        sql,
        "SELECT login_session.hash, login_session.user_id, login_session.stage, login_session.created_at, login_session.seen_at, "
        "login_session.confirmed_at, login_session.address, user_account.login, user_account.role, user_account.name, user_account.quality "
        "FROM login_session JOIN user_account ON user_account.id = login_session.user_id "
        "WHERE login_session.hash = :hash AND user_account.disabled_at IS NULL",
        hash);
    if (found && has_ended(*found, now)) return std::nullopt;
    return found;
}

void touch(soci::session& sql, std::string_view hash, sys_seconds now) {
    sql::change(sql, "UPDATE login_session SET seen_at = :now WHERE hash = :hash AND seen_at < :before", now, hash, now);
}

bool rotate(soci::session& sql, std::string_view hash, std::string_view new_hash, std::string_view stage, sys_seconds now) {
    return sql::change(sql,
                       "UPDATE login_session SET hash = :new_hash, stage = :stage, created_at = :created_at, seen_at = :seen_at, "
                       "confirmed_at = :confirmed_at WHERE hash = :hash",
                       new_hash, stage, now, now, now, hash) == 1;
}

bool close(soci::session& sql, std::string_view hash) {
    return sql::change(sql, "DELETE FROM login_session WHERE hash = :hash", hash) == 1;
}

std::int64_t close_all(soci::session& sql, std::int64_t user_id) {
    return sql::change(sql, "DELETE FROM login_session WHERE user_id = :user_id", user_id);
}

std::int64_t purge(soci::session& sql, sys_seconds now, int limit) {
    auto old =
        sql::all<std::string>(sql, "SELECT hash FROM login_session WHERE seen_at < :before LIMIT :limit", seconds(now) - kept_s, limit);
    for (const auto& each : old) close(sql, each);
    return static_cast<std::int64_t>(old.size());
}

} // namespace relais::model::login_sessions
