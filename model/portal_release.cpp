// SPDX-License-Identifier: EUPL-1.2
#include "model/portal_release.hpp"

#include "model/sql.hpp"

namespace relais::model::portal_releases {

void set(soci::session& sql, std::string_view name, sys_seconds released_at) {
    if (name.empty()) return;
    if (sql::change(sql, "UPDATE portal_release SET released_at = :at WHERE name = :name", released_at, name) == 0)
        sql::change(sql, "INSERT INTO portal_release (name, released_at) VALUES (:name, :at)", name, released_at);
}

std::vector<portal_release> since(soci::session& sql, sys_seconds from) {
    return sql::all<portal_release>(
        sql, "SELECT name, released_at FROM portal_release WHERE released_at >= :from ORDER BY released_at LIMIT 200", from);
}

} // namespace relais::model::portal_releases
