// SPDX-License-Identifier: EUPL-1.2
#include "model/setting.hpp"

#include "model/sql.hpp"

namespace relais::model::settings {

std::optional<std::string> find(soci::session& sql, std::string_view name) {
    return sql::first<std::string>(sql, "SELECT value FROM setting WHERE name = :name", name);
}

std::string keep_first(soci::session& sql, std::string_view name, std::string_view value) {
    sql::change(sql,
                "INSERT INTO setting (name, value) SELECT :name, :value FROM (SELECT 1 AS one) AS only_one "
                "WHERE NOT EXISTS (SELECT 1 FROM setting WHERE name = :same)",
                name, value, name);
    return find(sql, name).value();
}

void set(soci::session& sql, std::string_view name, std::string_view value) {
    if (sql::change(sql, "UPDATE setting SET value = :value WHERE name = :name", value, name) == 0)
        sql::change(sql, "INSERT INTO setting (name, value) VALUES (:name, :value)", name, value);
}

} // namespace relais::model::settings
