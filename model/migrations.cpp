// SPDX-License-Identifier: EUPL-1.2
#include "model/migrations.hpp"

#include "model/backend.hpp"
#include "model/sql.hpp"

#include <algorithm>
#include <filesystem>
#include <sstream>
#include <stdexcept>
#include <vector>

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

// They end with ";" at the end of a line.
std::vector<std::string> statements_of(const std::string& script) {
    std::vector<std::string> out;
    auto text = without_comments(script);
    for (std::size_t from = 0, end = 0; (end = text.find(";\n", from)) != std::string::npos; from = end + 2) {
        auto begin = text.find_first_not_of(" \n", from);
        out.push_back(text.substr(begin, end - begin));
    }
    return out;
}

void note(soci::session& session, const migration& of) {
    session << "INSERT INTO schema_version (version, name) VALUES (:version, :name)", soci::use(of.version), soci::use(of.name);
}

// SQLite runs them all in one transaction.
void run_script(soci::session& session, const migration& of) {
    for (const auto& each : statements_of(of.text)) session << each;
    note(session, of);
}

bool changes_schema(const std::string& statement) {
    return statement.starts_with("CREATE") || statement.starts_with("ALTER") || statement.starts_with("DROP");
}

// The tables that a script ends by dropping: what it needed for its own work, which nobody reads any more and no later script makes again.
std::vector<std::string> leftovers_of(const std::vector<std::string>& all) {
    auto drops = [](const auto& each) { return each.starts_with("DROP TABLE"); };
    auto end = std::find_if_not(all.rbegin(), all.rend(), drops).base();
    return {end, all.end()};
}

// A script that was interrupted once it was noted has left them.
void drop_leftovers(soci::session& session, const migration& of) {
    constexpr std::string_view drop = "DROP TABLE ", if_there = "IF EXISTS ";
    for (auto each : leftovers_of(statements_of(of.text))) {
        if (each.find(if_there) == std::string::npos) each.insert(drop.size(), if_there);
        session << each;
    }
}

// MariaDB commits before and after each change of the schema. What is changed of the rows after the last one is committed with the version:
// interrupted, it is done again whole, and never twice. Tables that held what is not needed any more are dropped after that.
void run_script_on_mariadb(soci::session& session, const migration& of) {
    auto all = statements_of(for_mariadb(of.text));
    auto changes_rows = [](const auto& each) { return !changes_schema(each); };
    auto end = all.end() - static_cast<std::ptrdiff_t>(leftovers_of(all).size());
    for (auto each = all.begin(); each != end; ++each) {
        if (changes_rows(*each) && (each == all.begin() || changes_schema(*(each - 1)))) session << "START TRANSACTION";
        session << *each;
    }
    if (end == all.begin() || changes_schema(*(end - 1))) session << "START TRANSACTION";
    note(session, of);
    session << "COMMIT";
    drop_leftovers(session, of);
}

using versions = std::vector<int>;

bool has(const versions& all, int version) { return std::find(all.begin(), all.end(), version) != all.end(); }

versions applied(soci::session& session) {
    versions out(10'000); // more than there will be: SOCI reads as many as there is room for
    session << "SELECT version FROM schema_version ORDER BY version", soci::into(out);
    return out;
}

void refuse_unknown(const versions& found) {
    versions known;
    for (const auto& each : migrations()) known.push_back(each.version);
    for (auto each : found)
        if (!has(known, each))
            throw std::runtime_error("The database has schema " + std::to_string(each) + ", this program knows schemas up to " +
                                     std::to_string(known.back()) + ": install the newer version of Relais, nothing was changed.");
}

bool is_current(const versions& found) {
    return std::all_of(migrations().begin(), migrations().end(), [&found](const auto& each) { return has(found, each.version); });
}

// Those that the database has not had, in order: one may have joined the program after a later one.
int apply_missing(soci::session& session, bool mariadb, const versions* wanted) {
    session << "CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL PRIMARY KEY, name VARCHAR(80) NOT NULL)";
    auto found = applied(session);
    refuse_unknown(found);
    int count = 0;
    for (const auto& each : migrations()) {
        if (mariadb && has(found, each.version)) drop_leftovers(session, each);
        if (has(found, each.version) || (wanted && !has(*wanted, each.version))) continue;
        mariadb ? run_script_on_mariadb(session, each) : run_script(session, each);
        ++count;
    }
    return count;
}

int migrate_to(const database_options& options, const versions* wanted) {
    soci::session session;
    if (!options.is_mariadb()) {
        auto folder = std::filesystem::path(options.sqlite_file).parent_path();
        if (!folder.empty()) std::filesystem::create_directories(folder);
        sqlite::open_session(session, options.sqlite_file, false);
        session << "BEGIN IMMEDIATE";
        auto count = apply_missing(session, false, wanted);
        session << "COMMIT";
        return count;
    }
    mariadb::open_session(session, options, true);
    session << "ALTER DATABASE CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin";
    return apply_missing(session, true, wanted);
}

} // namespace

int migrate(const database_options& options) { return migrate_to(options, nullptr); }

void refuse_newer(soci::session& session) { refuse_unknown(applied(session)); }

bool has_every_migration(soci::session& session) { return is_current(applied(session)); }

void migrate_only(const database_options& options, const std::vector<int>& wanted) {
    refuse_unknown(wanted);
    migrate_to(options, &wanted);
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
    versions found;
    try {
        found = applied(session);
    } catch (const soci::soci_error&) { // there is no such table yet
    }
    refuse_unknown(found);
    if (!is_current(found))
        throw std::runtime_error("The database's schema is missing or old: run `relais migrate` with an account that may change it.");
    return mariadb::open(options);
}

} // namespace relais::model
