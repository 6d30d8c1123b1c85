// SPDX-License-Identifier: EUPL-1.2
#include "model/user.hpp"

#include "model/error.hpp"
#include "model/login_session.hpp"
#include "model/sql.hpp"

#include <algorithm>
#include <array>

namespace relais::model::users {

namespace {

constexpr std::array<std::string_view, 7> people = {"agent", "resolver", "owner", "supervisor", "admin", "dpo", "partner"};
constexpr std::array<std::string_view, 8> programs = {"agent", "resolver", "owner", "supervisor", "admin", "dpo", "partner", "telephony"};
const std::string columns = "id, login, name, quality, role, email, password_hash, totp_sealed, totp_last_step, disabled_at";

bool is_login(std::string_view text) {
    constexpr std::string_view others = "abcdefghijklmnopqrstuvwxyz0123456789._-@";
    return text.size() >= 3 && text.size() <= 80 && text.find_first_not_of(others) == std::string_view::npos;
}

} // namespace

std::span<const std::string_view> roles() { return people; }
std::span<const std::string_view> token_roles() { return programs; }

std::int64_t add(soci::session& sql, const new_user& from, sys_seconds now) {
    std::vector<field_fault> faults;
    if (!is_login(from.login)) faults.push_back({"login", "malformed", "fault.login.malformed"});
    if (from.name.empty() || from.name.size() > 200) faults.push_back({"name", "missing", "fault.name.missing"});
    if (std::find(people.begin(), people.end(), from.role) == people.end()) faults.push_back({"role", "unknown", "fault.role.unknown"});
    if (!faults.empty()) throw invalid(std::move(faults));
    try {
        auto id =
            sql::insert(sql,
                        "INSERT INTO user_account (login, name, quality, role, email, password_hash, created_at, password_changed_at) "
                        "VALUES (:login, :name, :quality, :role, :email, :password_hash, :created_at, :password_changed_at)",
                        from.login, from.name, from.quality, from.role, from.email, from.password_hash, now, now);
        events::record(sql, actor{}, "user.added", "user", id, {{"role", from.role}}, now);
        return id;
    } catch (const std::exception& error) {
        if (sql::is_duplicate(error)) throw conflict("error.login_taken");
        throw;
    }
}

std::optional<user> find(soci::session& sql, std::string_view login) {
    return sql::first<user>(sql, "SELECT " + columns + " FROM user_account WHERE login = :login", login);
}

user get(soci::session& sql, std::int64_t id) {
    auto found = sql::first<user>(sql, "SELECT " + columns + " FROM user_account WHERE id = :id", id);
    if (!found) throw not_found();
    return *found;
}

std::vector<user> desk(soci::session& sql) {
    return sql::all<user>(sql, "SELECT " + columns +
                                   " FROM user_account WHERE role IN ('agent', 'resolver', 'supervisor') AND disabled_at IS NULL "
                                   "ORDER BY name, id LIMIT 500");
}

bool is_of_desk(soci::session& sql, std::int64_t id) {
    return sql::first<std::int64_t>(
               sql, "SELECT id FROM user_account WHERE id = :id AND role IN ('agent', 'resolver', 'supervisor') AND disabled_at IS NULL",
               id)
        .has_value();
}

void change_password(soci::session& sql, std::int64_t id, std::string_view hash, const actor& who, sys_seconds now) {
    auto changed =
        sql::change(sql, "UPDATE user_account SET password_hash = :hash, password_changed_at = :now, version = version + 1 WHERE id = :id",
                    hash, now, id);
    if (changed == 0) throw not_found();
    login_sessions::close_all(sql, id);
    events::record(sql, who, "user.password_changed", "user", id, nlohmann::json::object(), now);
}

void rehash(soci::session& sql, std::int64_t id, std::string_view hash) {
    sql::change(sql, "UPDATE user_account SET password_hash = :hash WHERE id = :id", hash, id);
}

void set_totp(soci::session& sql, std::int64_t id, std::string_view sealed, std::int64_t used_step) {
    sql::change(sql, "UPDATE user_account SET totp_sealed = :sealed, totp_last_step = :step, version = version + 1 WHERE id = :id", sealed,
                used_step, id);
}

bool use_step(soci::session& sql, std::int64_t id, std::int64_t step) {
    return sql::change(sql, "UPDATE user_account SET totp_last_step = :step WHERE id = :id AND totp_last_step < :before", step, id, step) ==
           1;
}

void hold_for_code(soci::session& sql, std::int64_t id) {
    sql::change(sql, "UPDATE user_account SET totp_last_step = totp_last_step WHERE id = :id", id);
}

void set_recovery_codes(soci::session& sql, std::int64_t id, const std::vector<std::string>& hashes) {
    sql::change(sql, "DELETE FROM recovery_code WHERE user_id = :id", id);
    for (const auto& each : hashes) sql::change(sql, "INSERT INTO recovery_code (user_id, code_hash) VALUES (:id, :hash)", id, each);
}

bool use_recovery_code(soci::session& sql, std::int64_t id, std::string_view hash, sys_seconds now) {
    return sql::change(sql, "UPDATE recovery_code SET used_at = :now WHERE user_id = :id AND code_hash = :hash AND used_at IS NULL", now,
                       id, hash) == 1;
}

std::int64_t recovery_codes_left(soci::session& sql, std::int64_t id) {
    return sql::first<std::int64_t>(sql, "SELECT COUNT(*) FROM recovery_code WHERE user_id = :id AND used_at IS NULL", id).value_or(0);
}

void disable(soci::session& sql, std::int64_t id, const actor& who, sys_seconds now) {
    auto changed = sql::change(
        sql, "UPDATE user_account SET disabled_at = :now, version = version + 1 WHERE id = :id AND disabled_at IS NULL", now, id);
    if (changed == 0) return;
    login_sessions::close_all(sql, id);
    events::record(sql, who, "user.disabled", "user", id, nlohmann::json::object(), now);
}

} // namespace relais::model::users
