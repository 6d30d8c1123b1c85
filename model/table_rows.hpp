// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <soci/soci.h>

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// Any table of ours as rows of texts, for copying a whole database: both databases turn a text back into the column's type.
namespace relais::model {

struct table_shape {
    std::string name;
    std::vector<std::string> columns;
    std::vector<std::string> selected; // what to select for each, so that a number loses no digit
    std::vector<std::size_t> key;      // places of the columns of the primary key
};

namespace tables {

using row = std::vector<std::optional<std::string>>;

// Every table, by name.
std::vector<table_shape> all(soci::session& sql);
// Every row, in the order of the key, some hundreds in memory.
void read(soci::session& sql, const table_shape& table, const std::function<void(const row&)>& found);
// Inserts rows of one table; all have a value for each column.
void write(soci::session& sql, std::string_view table, const std::vector<std::string>& columns, std::span<const row> rows);

} // namespace tables

} // namespace relais::model
