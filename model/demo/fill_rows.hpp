// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/sql_bulk.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace relais::model::demo {

// Rows of one table on their way, written by statements of many rows. A column whose name ends in "?" holds NULL for an empty value.
class table_rows {
public:
    table_rows(std::string table, std::string_view columns);

    void add(std::string value) { values_.push_back(std::move(value)); }
    void add(std::int64_t value) { values_.push_back(std::to_string(value)); }
    std::size_t rows() const { return values_.size() / columns_.size(); }
    // Writes everything and forgets it. Throws std::logic_error when a row is not whole.
    void write(soci::session& sql);

private:
    const std::string& text_of(std::size_t rows);

    std::string table_;
    std::vector<std::string> columns_;
    std::vector<bool> nullable_;
    std::vector<std::string> values_;
    std::vector<std::pair<std::size_t, std::string>> texts_; // by number of rows: powers of two
};

} // namespace relais::model::demo
