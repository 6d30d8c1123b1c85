// SPDX-License-Identifier: EUPL-1.2
#include "model/migrations.hpp"

#include "model/backend.hpp"
#include "model/sql.hpp"

#include <filesystem>
#include <sstream>
#include <stdexcept>

namespace relais::model {

namespace {

// One schema for both: SQLite wants "INTEGER PRIMARY KEY" to the letter for its rowid, MariaDB a wide counter. The other words
// of MariaDB stand in /*! ... */, which SQLite reads as a comment.
std::string for_mariadb(std::string text) {
    constexpr std::string_view rowid = "INTEGER PRIMARY KEY", counter = "BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY";
    for (auto at = text.find(rowid); at != std::string::npos; at = text.find(rowid, at + counter.size()))
        text.replace(at, rowid.size(), counter);
    return text;
}

// SOCI would take a colon in a comment for a placeholder.
std::string without_comments(const std::string& text) {
    std::string out, line;
    for (std::istringstream lines(text); std::getline(lines, line);)
        if (!line.starts_with("--")) out += line + "\n";
    return out;
}

// Statements end with ";" at the end of a line.
void run_script(soci::session& session, const std::string& script) {
    auto text = without_comments(script);
    for (std::size_t from = 0, end = 0; (end = text.find(";\n", from)) != std::string::npos; from = end + 2)
        session << text.substr(from, end - from);
}

int schema_version(soci::session& session) {
    session << "CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL PRIMARY KEY, name VARCHAR(80) NOT NULL)";
    int version = 0;
    soci::indicator state = soci::i_ok;
    session << "SELECT MAX(version) FROM schema_version", soci::into(version, state);
    return state == soci::i_null ? 0 : version;
}

void refuse_newer(int found) {
    auto known = migrations().back().version;
    if (found > known)
        throw std::runtime_error("The database has schema " + std::to_string(found) + ", this program knows schemas up to " +
                                 std::to_string(known) + ": install the newer version of Relais, nothing was changed.");
}

int apply_missing(soci::session& session, bool mariadb) {
    auto found = schema_version(session);
    refuse_newer(found);
    int applied = 0;
    for (const auto& each : migrations()) {
        if (each.version <= found) continue;
        run_script(session, mariadb ? for_mariadb(each.text) : each.text);
        session << "INSERT INTO schema_version (version, name) VALUES (:version, :name)", soci::use(each.version), soci::use(each.name);
        ++applied;
    }
    return applied;
}

} // namespace

int migrate(const database_options& options) {
    soci::session session;
    if (!options.is_mariadb()) {
        auto folder = std::filesystem::path(options.sqlite_file).parent_path();
        if (!folder.empty()) std::filesystem::create_directories(folder);
        sqlite::open_session(session, options.sqlite_file, false);
        session << "BEGIN IMMEDIATE";
        auto applied = apply_missing(session, false);
        session << "COMMIT";
        return applied;
    }
    mariadb::open_session(session, options);
    session << "ALTER DATABASE CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin";
    return apply_missing(session, true);
}

std::unique_ptr<database> open_database(const database_options& options, std::function<void(std::string)> fatal) {
    if (!options.is_mariadb()) {
        migrate(options);
        return sqlite::open(options, std::move(fatal));
    }
    soci::session session;
    mariadb::open_session(session, options);
    mariadb::check_server(session);
    sql::forget_statements(session);
    int found = 0;
    soci::indicator state = soci::i_ok;
    try {
        session << "SELECT MAX(version) FROM schema_version", soci::into(found, state);
    } catch (const soci::soci_error&) {
        found = 0;
    }
    refuse_newer(found);
    if (state == soci::i_null || found < migrations().back().version)
        throw std::runtime_error("The database's schema is missing or old: run `relais migrate` with an account that may change it.");
    return mariadb::open(options);
}

} // namespace relais::model
