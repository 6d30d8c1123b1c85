// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/database.hpp"

#include <string>
#include <vector>

namespace relais::tests {

// What the database is asked, with the values, as the product asks it. SQLite: by the connections of this process that were opened after
// watch(). MariaDB: by every session of this database, through the server's general log; needs the right to turn it on.
class statement_log {
public:
    // Before the first connection of SQLite is opened.
    static void watch();

    explicit statement_log(model::database_options of) : options_(std::move(of)) {}
    void start();
    // The statements that read or change rows since start(), in order, each once.
    std::vector<std::string> stop();

private:
    model::database_options options_;
};

} // namespace relais::tests
