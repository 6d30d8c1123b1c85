// SPDX-License-Identifier: EUPL-1.2
#include "tests/support/temporary_database.hpp"

#include "model/backend.hpp"
#include "model/sql.hpp"

#include <sodium.h>

#include <algorithm>
#include <cstdlib>
#include <mutex>
#include <stdexcept>
#include <tuple>
#include <vector>

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

// What tells a database that a test used from a new one: a table's columns and the next number of its rows.
struct table_state {
    std::string name;
    std::int64_t columns = 0, next_number = 0;
    auto fields() { return std::tie(name, columns, next_number); }
    bool operator==(const table_state&) const = default;
};

std::vector<table_state> states(soci::session& server, const std::string& database) {
    return model::sql::all<table_state>(
        server,
        "SELECT tables.table_name, counted.columns, COALESCE(tables.auto_increment, 0) FROM information_schema.tables JOIN (SELECT "
        "table_name, COUNT(*) AS columns FROM information_schema.columns WHERE table_schema = :name GROUP BY table_name) AS counted ON "
        "counted.table_name = tables.table_name WHERE tables.table_schema = :name_again ORDER BY tables.table_name",
        database, database);
}

// The databases of one test program. To migrate one takes a second or two, and to empty it again a twentieth of that.
class mariadb_databases {
public:
    ~mariadb_databases() {
        try {
            guest here(server_);
            for (const auto& each : made_) server_ << "DROP DATABASE IF EXISTS " + each;
        } catch (const soci::soci_error&) { // the server is gone, and they with it
        }
    }
    std::string take() {
        std::lock_guard lock(mutex_);
        guest here(server_);
        if (model_.empty()) {
            model_ = make();
            states_ = states(server_, model_);
            for (const auto& each : states_)
                if (has_rows(model_, each.name)) filled_.push_back(each.name);
        }
        if (free_.empty()) return make();
        auto out = free_.back();
        free_.pop_back();
        return out;
    }
    // One that cannot be made as new, because the test changed its tables or something still works in it, is not used again.
    void give_back(const std::string& name) {
        std::lock_guard lock(mutex_);
        try {
            guest here(server_);
            if (clean(name)) free_.push_back(name);
        } catch (const soci::soci_error&) {
        }
    }

private:
    // Connected for one task: a test may last longer than the server waits for an idle session.
    struct guest {
        explicit guest(soci::session& of) : session(of) { model::mariadb::open_session(session, mariadb_options("mysql")); }
        ~guest() {
            model::sql::forget_statements(session);
            session.close();
        }
        soci::session& session;
    };
    std::string make() {
        auto name = "relais_test_" + random_name();
        server_ << "CREATE DATABASE " + name + " CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin";
        made_.push_back(name);
        model::migrate(mariadb_options(name));
        return name;
    }
    bool has_rows(const std::string& database, const std::string& table) {
        return model::sql::first<std::int64_t>(server_, "SELECT 1 FROM " + database + "." + table + " LIMIT 1").has_value();
    }
    bool clean(const std::string& name) {
        auto found = states(server_, name);
        if (found.size() != states_.size()) return false;
        server_ << "SET SESSION lock_wait_timeout = 5, innodb_lock_wait_timeout = 5, foreign_key_checks = 0";
        for (std::size_t i = 0; i < found.size(); ++i) {
            const auto& was = states_[i];
            if (found[i].name != was.name || found[i].columns != was.columns) return false;
            auto is_filled = std::find(filled_.begin(), filled_.end(), was.name) != filled_.end();
            auto table = name + "." + was.name;
            if (found[i].next_number != was.next_number)
                server_ << "TRUNCATE TABLE " + table;
            else if (is_filled || has_rows(name, was.name))
                server_ << "DELETE FROM " + table;
            if (is_filled) server_ << "INSERT INTO " + table + " SELECT * FROM " + model_ + "." + was.name;
        }
        return states(server_, name) == states_;
    }

    std::mutex mutex_;
    soci::session server_;
    std::string model_;
    std::vector<table_state> states_;
    std::vector<std::string> filled_, free_, made_;
};

mariadb_databases& databases() {
    static mariadb_databases all;
    return all;
}

// A file with every migration, made once a test program: a test begins with a copy.
const std::string& migrated_file() {
    static const temporary_folder folder;
    static const std::string file = [] {
        model::database_options options;
        options.sqlite_file = folder.path("relais.db");
        model::migrate(options);
        return options.sqlite_file;
    }();
    return file;
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
        options_ = mariadb_options(databases().take());
    } else {
        options_.sqlite_file = folder_.path("relais.db");
        std::filesystem::copy_file(migrated_file(), options_.sqlite_file);
    }
    options_.queue_age_ms = 0; // a slow test machine is not an overload
    open_ = model::open_database(options_);
}

temporary_database::~temporary_database() {
    open_.reset();
    if (options_.is_mariadb()) databases().give_back(options_.mariadb_database);
}

void temporary_database::reopen() {
    open_.reset();
    open_ = model::open_database(options_);
}

} // namespace relais::tests
