// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/database.hpp"

#include <filesystem>
#include <memory>
#include <string>

namespace relais::tests {

// A folder that is gone when the test ends.
class temporary_folder {
public:
    temporary_folder();
    ~temporary_folder();
    temporary_folder(const temporary_folder&) = delete;
    temporary_folder& operator=(const temporary_folder&) = delete;
    std::string path(const std::string& name = "") const;

private:
    std::filesystem::path path_;
};

// A real database with the real migrations, empty, gone when the test ends: SQLite in a temporary folder, or a database of its own
// on the private MariaDB that the test run started (RELAIS_TEST_DATABASE=mariadb, RELAIS_TEST_MARIADB_SOCKET=path).
class temporary_database {
public:
    temporary_database();
    ~temporary_database();
    temporary_database(const temporary_database&) = delete;
    temporary_database& operator=(const temporary_database&) = delete;

    model::database& operator*() { return *open_; }
    model::database* operator->() { return open_.get(); }
    const model::database_options& options() const { return options_; }
    const temporary_folder& folder() const { return folder_; }
    // Ends the threads and opens the same data again, as after a restart.
    void reopen();

private:
    temporary_folder folder_;
    model::database_options options_;
    std::unique_ptr<model::database> open_;
};

} // namespace relais::tests
