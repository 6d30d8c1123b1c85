// SPDX-License-Identifier: EUPL-1.2
#include "model/api_token.hpp"

#include "model/error.hpp"
#include "model/sql.hpp"
#include "model/user.hpp"

#include <algorithm>

namespace relais::model::api_tokens {

std::int64_t add(soci::session& sql, const api_token& from, std::string_view hash, sys_seconds now) {
    auto known = users::token_roles();
    auto lifetime = seconds(from.expires_at) - seconds(now);
    std::vector<field_fault> faults;
    if (from.name.empty() || from.name.size() > 200) faults.push_back({"name", "missing", "fault.name.missing"});
    if (std::find(known.begin(), known.end(), from.role) == known.end()) faults.push_back({"role", "unknown", "fault.role.unknown"});
    if (from.rate < 0) faults.push_back({"rate", "negative", "fault.rate.negative"});
    if (lifetime <= 0 || lifetime > lifetime_max_s) faults.push_back({"expires_at", "out_of_range", "fault.expires_at.out_of_range"});
    if (!faults.empty()) throw invalid(std::move(faults));
    auto id = sql::insert(sql,
                          "INSERT INTO api_token (name, hash, role, rate, created_at, expires_at) "
                          "VALUES (:name, :hash, :role, :rate, :created_at, :expires_at)",
                          from.name, hash, from.role, from.rate, now, from.expires_at);
    events::record(sql, actor{}, "token.added", "token", id, {{"role", from.role}}, now);
    return id;
}

std::optional<api_token> find(soci::session& sql, std::string_view hash, sys_seconds now) {
    return sql::first<api_token>(sql,
                                 "SELECT id, name, role, rate, expires_at, used_at FROM api_token "
                                 "WHERE hash = :hash AND revoked_at IS NULL AND expires_at > :now",
                                 hash, now);
}

void touch(soci::session& sql, std::int64_t id, sys_seconds now) {
    sql::change(sql, "UPDATE api_token SET used_at = :now WHERE id = :id", now, id);
}

void revoke(soci::session& sql, std::int64_t id, const actor& who, sys_seconds now) {
    auto changed = sql::change(sql, "UPDATE api_token SET revoked_at = :now WHERE id = :id AND revoked_at IS NULL", now, id);
    if (changed == 0) throw not_found();
    events::record(sql, who, "token.revoked", "token", id, nlohmann::json::object(), now);
}

} // namespace relais::model::api_tokens
