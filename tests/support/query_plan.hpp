// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/database.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace relais::tests {

// How a database goes about one statement.
struct query_plan {
    std::vector<std::string> lines;      // in the database's own words
    std::vector<std::string> read_whole; // the tables read from one end to the other: without an index, or all of one without a LIMIT
    bool sorts = false;                  // no index has the rows in the order asked for
};
query_plan plan_of(const model::database_options& of, const std::string& statement);

// What a statement that reads costs when it is run now, by itself.
struct query_cost {
    std::int64_t steps = 0; // MariaDB: rows and index entries read; SQLite: steps of its machine, some ten a row
    double ms = 0;
};
query_cost cost_of(const model::database_options& of, const std::string& statement);

} // namespace relais::tests
