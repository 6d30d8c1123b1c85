// SPDX-License-Identifier: EUPL-1.2
#include "model/demo/fill_rows.hpp"

#include "model/demo/lines.hpp"

#include <algorithm>
#include <span>

namespace relais::model::demo {

namespace {

constexpr std::size_t rows_a_statement = 128;

}

table_rows::table_rows(std::string table, std::string_view columns) : table_(std::move(table)) {
    for (auto column : split(columns, ',')) {
        nullable_.push_back(column.ends_with('?'));
        if (nullable_.back()) column.remove_suffix(1);
        columns_.emplace_back(column);
    }
}

const std::string& table_rows::text_of(std::size_t rows) {
    for (const auto& [size, text] : texts_)
        if (size == rows) return text;
    auto text = "INSERT INTO " + table_ + " (";
    for (std::size_t at = 0; at < columns_.size(); ++at) text += (at > 0 ? ", " : "") + columns_[at];
    text += ") VALUES ";
    for (std::size_t row = 0, value = 0; row < rows; ++row) {
        text += row > 0 ? ", (" : "(";
        for (std::size_t at = 0; at < columns_.size(); ++at, ++value) {
            auto place = ":v" + std::to_string(value);
            text += (at > 0 ? ", " : "") + (nullable_[at] ? "NULLIF(" + place + ", '')" : place);
        }
        text += ')';
    }
    return texts_.emplace_back(rows, std::move(text)).second;
}

// Powers of two of rows, so that few texts stay prepared.
void table_rows::write(soci::session& sql) {
    if (values_.size() % columns_.size() != 0) throw std::logic_error("fill: a row of " + table_ + " is not whole");
    auto left = rows();
    std::size_t from = 0;
    while (left > 0) {
        auto size = rows_a_statement;
        while (size > left) size /= 2;
        sql::change_bulk(sql, text_of(size), std::span(values_).subspan(from * columns_.size(), size * columns_.size()));
        from += size;
        left -= size;
    }
    values_.clear();
}

} // namespace relais::model::demo
