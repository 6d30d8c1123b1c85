// SPDX-License-Identifier: EUPL-1.2
#include "model/demo/resting_indexes.hpp"

#include "model/backend.hpp"
#include "model/sql.hpp"

#include <tuple>

namespace relais::model::demo {

void resting_indexes::take_away(soci::session& sql, const std::vector<std::string>& tables) {
    if (database_.is_mariadb()) return;
    sqlite::set_bulk(sql, true);
    using row = std::tuple<std::string, std::string>;
    for (const auto& table : tables)
        for (const auto& [name, text] : sql::all<row>(
                 sql, "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = :table AND sql IS NOT NULL", table)) {
            if (text.starts_with("CREATE UNIQUE")) continue;
            texts_.push_back(text);
            sql << "DROP INDEX " + name;
        }
}

void resting_indexes::put_back() {
    if (database_.is_mariadb()) return;
    for (const auto& text : texts_) database_.write_now([&text](soci::session& sql) { sql << text; });
    texts_.clear();
    database_.write_now([](soci::session& sql) { sqlite::set_bulk(sql, false); });
}

} // namespace relais::model::demo
