// SPDX-License-Identifier: EUPL-1.2
#include "model/backend.hpp"
#include "model/visit_queue.hpp"

// soci-sqlite3.h wraps sqlite3.h in a namespace of its own: it must come first and alone.
#include <soci/sqlite3/soci-sqlite3.h>

namespace relais::model::sqlite {

namespace {

constexpr int constraint_unique = 2067, constraint_primary_key = 1555; // extended codes
constexpr int interrupted = 9, io_error = 10, corrupt = 11, full = 13, not_a_database = 26;
constexpr int constraint = 19;
constexpr auto usual_cache = "PRAGMA cache_size=-65536";

int code_of(const std::exception& error) {
    auto* known = dynamic_cast<const soci::sqlite3_soci_error*>(&error);
    return known ? known->result() : 0;
}

// A connection belongs to one thread: SQLite need not lock it at every call, nor count everybody's memory under one lock. Before the first
// connection of the process only; later it changes nothing.
void spare_locks() {
    static const auto done = sqlite_api::sqlite3_config(SQLITE_CONFIG_MULTITHREAD) + sqlite_api::sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    static_cast<void>(done);
}

} // namespace

void open_session(soci::session& session, const std::string& file, bool reader) {
    spare_locks();
    session.open("sqlite3", "dbname=" + file + " timeout=5");
    for (auto* pragma : {"PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", "PRAGMA foreign_keys=ON", "PRAGMA trusted_schema=OFF",
                         usual_cache, "PRAGMA temp_store=MEMORY", "PRAGMA secure_delete=ON"})
        session << pragma;
    // One connection checkpoints: two meet the WAL-reset bug of SQLite before 3.51.3.
    session << "PRAGMA wal_autocheckpoint=" + std::to_string(reader ? 0 : write_ahead_log::most_pages);
    if (reader) session << "PRAGMA query_only=ON";
}

write_ahead_log::write_ahead_log(soci::session& writer) : writer_(writer) {
    auto follow = [](void* pages, auto*, const char*, int count) {
        *static_cast<std::int64_t*>(pages) = count;
        return 0;
    };
    auto* backend = static_cast<soci::sqlite3_session_backend*>(writer.get_backend());
    sqlite_api::sqlite3_wal_hook(backend->conn_, follow, &pages_); // in the place of the automatic checkpoint's own
}

std::int64_t write_ahead_log::grown() const { return pages_ < kept_ ? pages_ : pages_ - kept_; }

void write_ahead_log::checkpoint() {
    writer_ << "PRAGMA wal_checkpoint(PASSIVE)";
    kept_ = pages_;
}

reading_limit::reading_limit(soci::session& reader) {
    constexpr int steps_between = 100'000; // a few milliseconds
    auto is_over = [](void* until_ms) { return visit_queue::now_ms() > *static_cast<std::int64_t*>(until_ms) ? 1 : 0; };
    auto* backend = static_cast<soci::sqlite3_session_backend*>(reader.get_backend());
    sqlite_api::sqlite3_progress_handler(backend->conn_, steps_between, is_over, &until_ms_);
}

void reading_limit::begin(int limit_ms) { until_ms_ = visit_queue::now_ms() + limit_ms; }

bool is_ended(const std::exception& error) { return (code_of(error) & 0xff) == interrupted; }

bool is_full(const std::exception& error) { return (code_of(error) & 0xff) == full; }

void open_guest(soci::session& session, const std::string& file) {
    open_session(session, file, true);
    auto* backend = static_cast<soci::sqlite3_session_backend*>(session.get_backend());
    sqlite_api::sqlite3_db_config(backend->conn_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
}

void set_bulk(soci::session& session, bool bulk) {
    // Every line touches a page of each index: in the usual cache they would be written again and again.
    session << (bulk ? "PRAGMA cache_size=-262144" : usual_cache);
    if (!bulk) session << "PRAGMA shrink_memory";
}

bool is_duplicate(const std::exception& error) {
    auto code = code_of(error);
    if (code == constraint_unique || code == constraint_primary_key) return true;
    // SOCI reports the primary code; the text names the constraint, never its values.
    return (code & 0xff) == constraint && std::string_view(error.what()).find("UNIQUE constraint") != std::string_view::npos;
}

bool is_fatal(const std::exception& error) {
    auto code = code_of(error) & 0xff;
    return code == io_error || code == corrupt || code == not_a_database;
}

} // namespace relais::model::sqlite
