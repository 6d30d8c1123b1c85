// SPDX-License-Identifier: EUPL-1.2
#include "model/table_rows.hpp"

#include "model/sql.hpp"

#include <stdexcept>
#include <tuple>

namespace relais::model::tables {

namespace {

constexpr int page_rows = 250;

// Table, column, type, place in the primary key (0: none).
using catalogue_row = std::tuple<std::string, std::string, std::string, int>;

std::vector<catalogue_row> catalogue(soci::session& sql) {
    if (sql.get_backend_name() == "mysql")
        return sql::all<catalogue_row>(
            sql,
            "SELECT c.table_name, c.column_name, UPPER(c.data_type), COALESCE(k.ordinal_position, 0) FROM information_schema.columns c "
            "LEFT JOIN information_schema.key_column_usage k ON k.table_schema = c.table_schema AND k.table_name = c.table_name "
            "AND k.column_name = c.column_name AND k.constraint_name = 'PRIMARY' "
            "WHERE c.table_schema = DATABASE() ORDER BY c.table_name, c.ordinal_position");
    return sql::all<catalogue_row>(sql, "SELECT m.name, p.name, UPPER(p.type), p.pk FROM sqlite_master m JOIN pragma_table_info(m.name) p "
                                        "WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%' ORDER BY m.name, p.cid");
}

// SQLite writes fifteen digits of a number unless it is asked for all.
std::string selected_text(const std::string& column, const std::string& type, bool mariadb) {
    auto is_real =
        type.find("REAL") != std::string::npos || type.find("DOUB") != std::string::npos || type.find("FLOA") != std::string::npos;
    if (mariadb || !is_real) return column;
    return "CASE WHEN " + column + " IS NULL THEN NULL ELSE printf('%!.17g', " + column + ") END";
}

std::string joined(const std::vector<std::string>& words) {
    std::string out;
    for (const auto& each : words) out += (out.empty() ? "" : ", ") + each;
    return out;
}

// "(a > :v0) OR (a = :v1 AND b > :v2)": the rows after one. Row comparisons find no index on MariaDB.
std::string after_key(const table_shape& table, std::vector<std::size_t>& bound) {
    std::string out;
    for (std::size_t last = 0; last < table.key.size(); ++last) {
        out += last ? " OR (" : "(";
        for (std::size_t i = 0; i <= last; ++i) {
            out += (i ? " AND " : "") + table.columns[table.key[i]] + (i == last ? " > :v" : " = :v") + std::to_string(bound.size());
            bound.push_back(table.key[i]);
        }
        out += ")";
    }
    return out;
}

// One value on its way between a statement and us.
struct cell {
    std::string value;
    soci::indicator state = soci::i_ok;
};

class page_reader {
public:
    page_reader(soci::session& sql, const table_shape& table) : sql_(sql), table_(table), row_(table.columns.size()) {
        std::string order;
        for (auto each : table.key) order += (order.empty() ? "" : ", ") + table.columns[each];
        select_ = "SELECT " + joined(table.selected) + " FROM " + table.name;
        order_ = " ORDER BY " + order + " LIMIT " + std::to_string(page_rows);
        after_ = " WHERE " + after_key(table, bound_);
    }

    // Reads the next page; false when it was the last.
    bool next(const std::function<void(const row&)>& found) {
        std::vector<std::string> last;
        if (!row_.empty() && has_last_)
            for (auto each : bound_) last.push_back(*row_[each]);
        soci::statement statement(sql_);
        std::vector<cell> cells(table_.columns.size());
        for (auto& each : cells) statement.exchange(soci::into(each.value, each.state));
        for (auto& each : last) statement.exchange(soci::use(each));
        statement.alloc();
        statement.prepare(select_ + (has_last_ ? after_ : "") + order_);
        statement.define_and_bind();
        int count = 0;
        for (auto more = statement.execute(true); more; more = statement.fetch(), ++count) {
            for (std::size_t i = 0; i < cells.size(); ++i)
                row_[i] = cells[i].state == soci::i_null ? std::nullopt : std::optional(cells[i].value);
            has_last_ = true;
            found(row_);
        }
        return count == page_rows;
    }

private:
    soci::session& sql_;
    const table_shape& table_;
    std::string select_, after_, order_;
    std::vector<std::size_t> bound_; // the columns whose last values stand in after_
    row row_;
    bool has_last_ = false;
};

} // namespace

std::vector<table_shape> all(soci::session& sql) {
    auto mariadb = sql.get_backend_name() == "mysql";
    std::vector<table_shape> out;
    for (const auto& [table, column, type, key] : catalogue(sql)) {
        if (out.empty() || out.back().name != table) out.emplace_back().name = table;
        auto& here = out.back();
        if (key > 0) {
            here.key.resize(std::max(here.key.size(), static_cast<std::size_t>(key)));
            here.key[static_cast<std::size_t>(key) - 1] = here.columns.size();
        }
        here.columns.push_back(column);
        here.selected.push_back(selected_text(column, type, mariadb));
    }
    for (const auto& each : out)
        if (each.key.empty()) throw std::logic_error("table " + each.name + " has no primary key");
    return out;
}

void read(soci::session& sql, const table_shape& table, const std::function<void(const row&)>& found) {
    page_reader pages(sql, table);
    while (pages.next(found)) {
    }
}

void write(soci::session& sql, std::string_view table, const std::vector<std::string>& columns, std::span<const row> rows) {
    if (rows.empty()) return;
    std::vector<cell> cells;
    cells.reserve(rows.size() * columns.size());
    std::string places;
    for (const auto& each : rows) {
        if (each.size() != columns.size()) throw std::runtime_error("a row of " + std::string(table) + " has another number of values");
        for (std::size_t i = 0; i < each.size(); ++i) {
            places += (i ? ", :v" : places.empty() ? "(:v" : "), (:v") + std::to_string(cells.size());
            cells.push_back({each[i].value_or(""), each[i] ? soci::i_ok : soci::i_null});
        }
    }
    soci::statement statement(sql);
    for (auto& each : cells) statement.exchange(soci::use(each.value, each.state));
    statement.alloc();
    statement.prepare("INSERT INTO " + std::string(table) + " (" + joined(columns) + ") VALUES " + places + ")");
    statement.define_and_bind();
    statement.execute(true);
}

} // namespace relais::model::tables
