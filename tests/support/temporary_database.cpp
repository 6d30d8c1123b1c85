// SPDX-License-Identifier: EUPL-1.2
#include "tests/support/temporary_database.hpp"

#include "model/backend.hpp"

#include <sodium.h>

#include <cstdlib>
#include <stdexcept>

namespace relais::tests {

namespace {

std::string random_name() {
    unsigned char bytes[8];
    randombytes_buf(bytes, sizeof bytes);
    char text[17];
    return sodium_bin2hex(text, sizeof text, bytes, sizeof bytes);
}

std::string variable(const char* name) {
    auto* value = std::getenv(name);
    return value ? value : "";
}

model::database_options mariadb_options(const std::string& database) {
    model::database_options out;
    out.mariadb_socket = variable("RELAIS_TEST_MARIADB_SOCKET");
    if (out.mariadb_socket.empty()) throw std::runtime_error("RELAIS_TEST_MARIADB_SOCKET is not set: run the suite through ./test");
    out.mariadb_database = database;
    out.mariadb_user = "root";
    out.sessions = 4;
    return out;
}

void administer(const std::string& statement) {
    soci::session session;
    model::mariadb::open_session(session, mariadb_options("mysql"));
    session << statement;
}

} // namespace

temporary_folder::temporary_folder() : path_(std::filesystem::temp_directory_path() / ("relais-test-" + random_name())) {
    std::filesystem::create_directories(path_);
}
temporary_folder::~temporary_folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}
std::string temporary_folder::path(const std::string& name) const { return name.empty() ? path_.string() : (path_ / name).string(); }

temporary_database::temporary_database() {
    if (variable("RELAIS_TEST_DATABASE") == "mariadb") {
        auto name = "relais_test_" + random_name();
        administer("CREATE DATABASE " + name + " CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin");
        options_ = mariadb_options(name);
        model::migrate(options_);
    } else {
        options_.sqlite_file = folder_.path("relais.db");
    }
    options_.queue_age_ms = 0; // a slow test machine is not an overload
    open_ = model::open_database(options_);
}

temporary_database::~temporary_database() {
    open_.reset();
    if (options_.is_mariadb()) administer("DROP DATABASE " + options_.mariadb_database);
}

void temporary_database::reopen() {
    open_.reset();
    open_ = model::open_database(options_);
}

} // namespace relais::tests
