// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/database.hpp"

#include <string>
#include <vector>

namespace relais::model::demo {

// While millions of rows are written nobody searches them: on SQLite the indexes of these tables that are not keys are taken away and made
// again at the end, each by one sort, which costs a fraction of keeping them in order row by row. MariaDB keeps its own.
class resting_indexes {
public:
    explicit resting_indexes(database& of) : database_(of) {}
    // In the transaction that begins the filling: one that is interrupted begins again on an empty database.
    void take_away(soci::session& sql, const std::vector<std::string>& tables);
    void put_back();

private:
    database& database_;
    std::vector<std::string> texts_;
};

} // namespace relais::model::demo
