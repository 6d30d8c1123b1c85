// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/database.hpp"

#include <exception>
#include <functional>
#include <memory>
#include <string>

// What differs between the two databases; one file each: model/sqlite_backend.cpp, model/mariadb_backend.cpp.
namespace relais::model::sqlite {

// Opens a session with the settings of security.md 4.9. Readers can write nothing and never checkpoint.
void open_session(soci::session& session, const std::string& file, bool reader);
// Reads beside a server of another process: writes nothing, not even a checkpoint when it is the last to close.
void open_guest(soci::session& session, const std::string& file);
// For an import of many rows: a cache that holds the indexes. Only for the writer's session.
void set_bulk(soci::session& session, bool bulk);

// The log of the database's own writer, which is checkpointed when nobody waits for it: while it is, everybody does. Other sessions that
// write checkpoint at most_pages.
class write_ahead_log {
public:
    static constexpr std::int64_t most_pages = 16'384; // 64 MB: read again at the next start, and by every reader
    explicit write_ahead_log(soci::session& writer);
    // When nothing is to be written.
    bool is_worth_a_rest() const { return grown() >= 1000; }
    // Whoever waits.
    bool is_long() const { return grown() >= most_pages; }
    // Throws soci::soci_error when the disk does not take it.
    void checkpoint();

private:
    std::int64_t grown() const; // since the last checkpoint

    soci::session& writer_;
    std::int64_t pages_ = 0, kept_ = 0; // in the log now, and at the last checkpoint: a log that begins again is shorter
};

// Ends what a reader does for too long, so that its thread serves others: the statement throws, and is_ended tells that it was this.
class reading_limit {
public:
    explicit reading_limit(soci::session& reader);
    void begin(int limit_ms);

private:
    std::int64_t until_ms_ = 0;
};
bool is_ended(const std::exception& error);
// Nothing was written for want of room on the disk.
bool is_full(const std::exception& error);

bool is_duplicate(const std::exception& error);
// True when the file can no longer be trusted: I/O error, corruption, not a database.
bool is_fatal(const std::exception& error);
std::unique_ptr<database> open(const database_options& options, std::function<void(std::string)> fatal);

} // namespace relais::model::sqlite

namespace relais::model::mariadb {

// Connects and sets the session up. is_patient: a statement may last as long as it must, as an index on millions of rows does.
// Throws soci::soci_error.
void open_session(soci::session& session, const database_options& options, bool is_patient = false);
bool is_duplicate(const std::exception& error);
// The transaction was undone by the server and may be run again: 1213, 1205, 1020.
bool is_replayable(const std::exception& error);
// The connection is gone: 2006, 2013, 1047, 1927 and their like.
bool is_lost(const std::exception& error);
// The server cannot, for now: a statement took too long or was interrupted (1969, 1317), it only reads (1290, 1836), its disk is full
// (1021, 1114). Nothing says that it will not at the next try.
bool is_unable(const std::exception& error);
// Throws std::runtime_error when acknowledged rows could be lost or words mangled: flush at commit, character set, SQL mode.
void check_server(soci::session& session);
std::unique_ptr<database> open(const database_options& options);

} // namespace relais::model::mariadb
