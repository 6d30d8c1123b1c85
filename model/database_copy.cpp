// SPDX-License-Identifier: EUPL-1.2
#include "model/database_copy.hpp"

#include "model/backend.hpp"
#include "model/migrations.hpp"
#include "model/sql.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <stdexcept>

namespace relais::model {

namespace fs = std::filesystem;

namespace {

// The schema is made by migrations; leases and sessions belong to the server that was running.
constexpr std::array<std::string_view, 3> left_out = {"schema_version", "lease", "login_session"};

// A statement of some hundred rows and about a megabyte: Galera and max_allowed_packet want no more.
constexpr std::size_t values_limit = 5000, bytes_limit = 1024 * 1024;
constexpr std::int64_t rows_a_commit = 20000;

bool is_left_out(const std::string& table) { return std::find(left_out.begin(), left_out.end(), table) != left_out.end(); }

void sync_file(const std::string& path) {
    auto descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    auto synced = descriptor >= 0 && ::fsync(descriptor) == 0;
    if (descriptor >= 0) ::close(descriptor);
    if (!synced) throw std::runtime_error("cannot write " + path);
}

void remove_sqlite(const std::string& file) {
    for (const auto* tail : {"", "-wal", "-shm", "-journal"}) fs::remove(file + tail);
}

bool has_mariadb_tables(const database_options& options) {
    soci::session session;
    mariadb::open_session(session, options);
    auto count = sql::first<int>(session, "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = DATABASE()");
    sql::forget_statements(session);
    return count.value_or(0) > 0;
}

} // namespace

database_source::database_source(const database_options& options) {
    if (options.is_mariadb()) {
        mariadb::open_session(session_, options);
        session_ << "SET SESSION tx_isolation = 'REPEATABLE-READ', max_statement_time = 0";
        session_ << "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY";
    } else {
        if (!fs::exists(options.sqlite_file)) throw std::runtime_error("there is no database " + options.sqlite_file);
        sqlite::open_guest(session_, options.sqlite_file);
        session_ << "BEGIN";
    }
    refuse_newer(session_);
}

database_source::~database_source() { sql::forget_statements(session_); }

std::vector<int> database_source::versions() { return sql::all<int>(session_, "SELECT version FROM schema_version ORDER BY version"); }

std::vector<table_shape> database_source::tables() {
    auto out = tables::all(session_);
    std::erase_if(out, [](const table_shape& each) { return is_left_out(each.name); });
    return out;
}

void database_source::attachments(const std::function<void(const std::string&)>& found) {
    constexpr int page = 1000;
    std::int64_t last = 0;
    for (std::size_t count = page; count == page;) {
        auto rows = sql::all<std::tuple<std::int64_t, std::string>>(
            session_, "SELECT id, storage_name FROM attachment WHERE id > :last ORDER BY id LIMIT :limit", last, page);
        for (const auto& [id, name] : rows) last = id, found(name);
        count = rows.size();
    }
}

database_destination::database_destination(const database_options& options, const std::vector<int>& versions)
    : options_(options), place_(options.sqlite_file) {
    if (options.is_mariadb()) {
        if (has_mariadb_tables(options))
            throw std::runtime_error("the database " + options.mariadb_database + " has tables: restore into an empty one");
    } else {
        if (fs::exists(place_)) throw std::runtime_error("there is a database already: move " + place_ + " away first");
        options_.sqlite_file += ".restoring";
        remove_sqlite(options_.sqlite_file);
    }
    migrate_only(options_, versions);
    open();
    shapes_ = tables::all(session_);
    for (const auto& each : shapes_) // what migrations put there
        if (each.name != "schema_version") session_ << "DELETE FROM " + each.name;
}

database_destination::~database_destination() { sql::forget_statements(session_); }

void database_destination::open() {
    if (options_.is_mariadb()) {
        mariadb::open_session(session_, options_);
        session_ << "SET SESSION foreign_key_checks = 0, max_statement_time = 0";
        session_ << "START TRANSACTION";
        return;
    }
    sqlite::open_session(session_, options_.sqlite_file, false);
    sqlite::set_bulk(session_, true);
    for (const auto* pragma : {"PRAGMA foreign_keys=OFF", "PRAGMA synchronous=OFF"}) session_ << pragma; // synced once, at the end
    session_ << "BEGIN IMMEDIATE";
}

void database_destination::table(const std::string& name, std::vector<std::string> columns) {
    flush();
    auto shape = std::find_if(shapes_.begin(), shapes_.end(), [&name](const auto& each) { return each.name == name; });
    auto is_known = [&shape](const std::string& column) {
        return std::find(shape->columns.begin(), shape->columns.end(), column) != shape->columns.end();
    };
    if (shape == shapes_.end() || is_left_out(name) || !std::all_of(columns.begin(), columns.end(), is_known))
        throw std::runtime_error("the table " + name + " of the backup is not one of ours");
    table_ = name, columns_ = std::move(columns);
}

void database_destination::row(tables::row values) {
    for (const auto& each : values) waiting_bytes_ += each ? each->size() : 0;
    waiting_.push_back(std::move(values));
    if (waiting_.size() * columns_.size() >= values_limit || waiting_bytes_ >= bytes_limit) flush();
}

void database_destination::flush() {
    tables::write(session_, table_, columns_, waiting_);
    uncommitted_ += static_cast<std::int64_t>(waiting_.size());
    waiting_.clear(), waiting_bytes_ = 0;
    if (uncommitted_ < rows_a_commit) return;
    commit();
    session_ << (options_.is_mariadb() ? "START TRANSACTION" : "BEGIN IMMEDIATE");
}

void database_destination::commit() {
    session_ << "COMMIT";
    uncommitted_ = 0;
}

void database_destination::finish() {
    flush();
    commit();
    sql::forget_statements(session_);
    session_.close();
    migrate(options_);
    if (options_.is_mariadb()) return;
    {
        soci::session last;
        sqlite::open_session(last, options_.sqlite_file, false);
        last << "PRAGMA journal_mode=DELETE"; // everything into the one file that is moved
    }
    sync_file(options_.sqlite_file);
    fs::rename(options_.sqlite_file, place_);
    remove_sqlite(options_.sqlite_file);
    auto folder = fs::path(place_).parent_path();
    sync_file(folder.empty() ? "." : folder.string());
}

} // namespace relais::model
