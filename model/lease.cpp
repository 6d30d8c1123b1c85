// SPDX-License-Identifier: EUPL-1.2
#include "model/lease.hpp"

#include "model/error.hpp"
#include "model/sql.hpp"

#include <tuple>

namespace relais::model::leases {

std::optional<std::int64_t> take(soci::session& sql, std::string_view name, std::string_view owner) {
    auto clock = sql::lease_now(sql);
    using row = std::tuple<std::string, std::int64_t, std::int64_t>;
    auto found = sql::first<row>(sql, "SELECT owner, token, expires_at FROM lease WHERE name = :name", name);
    if (!found) {
        try {
            sql::change(sql, "INSERT INTO lease (name, owner, token, expires_at) VALUES (:name, :owner, 1, :until)", name, owner,
                        clock + ttl_s);
        } catch (const std::exception& error) {
            if (sql::is_duplicate(error)) return std::nullopt; // another node was first
            throw;
        }
        return 1;
    }
    auto& [holder, token, expires_at] = *found;
    auto is_ours = holder == owner && expires_at > clock;
    if (!is_ours && expires_at > clock && !holder.empty()) return std::nullopt;
    auto next = is_ours ? token : token + 1;
    auto taken =
        sql::change(sql, "UPDATE lease SET owner = :owner, token = :next, expires_at = :until WHERE name = :name AND token = :token", owner,
                    next, clock + ttl_s, name, token);
    return taken == 1 ? std::optional(next) : std::nullopt;
}

void check(soci::session& sql, std::string_view name, std::int64_t token) {
    // Written, not only read: on Galera a row that is merely read protects nothing.
    if (sql::change(sql, "UPDATE lease SET token = :same WHERE name = :name AND token = :token", token, name, token) == 0)
        throw conflict("conflict.lease");
}

void release(soci::session& sql, std::string_view name, std::string_view owner) {
    sql::change(sql, "UPDATE lease SET owner = '', expires_at = 0 WHERE name = :name AND owner = :owner", name, owner);
}

void release_all(soci::session& sql, std::string_view owners) {
    sql::change(sql, "UPDATE lease SET owner = '', expires_at = 0 WHERE SUBSTR(owner, 1, :length) = :owners",
                static_cast<std::int64_t>(owners.size()), owners);
}

} // namespace relais::model::leases
