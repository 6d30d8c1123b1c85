// SPDX-License-Identifier: EUPL-1.2
#include "model/backend.hpp"
#include "model/mariadb_session.hpp"
#include "model/sql.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace relais::model::mariadb {

namespace {

constexpr unsigned deadlock = 1213, lock_timeout = 1205, record_changed = 1020, duplicate = 1062;
// Server gone, lost during a query, Galera not ready, connection killed, shutdown, refused, unknown host, too many connections, statement
// closed with its connection.
constexpr std::array<unsigned, 11> lost = {2006, 2013, 1047, 1927, 1053, 2002, 2003, 2005, 1040, 2055, 2056};
constexpr std::array<unsigned, 6> unable = {1969, 1317, 1290, 1836, 1021, 1114};

unsigned code_of(const std::exception& error) {
    auto* known = dynamic_cast<const soci::mysql_soci_error*>(&error);
    return known ? known->err_num_ : 0;
}

std::string connect_text(const database_options& options, bool is_patient) {
    auto quoted = [](const std::string& value) {
        if (value.find('\'') != std::string::npos) throw std::runtime_error("database settings must not hold an apostrophe");
        return "'" + value + "'";
    };
    std::string text = "db=" + quoted(options.mariadb_database) + " user=" + quoted(options.mariadb_user) +
                       " charset=utf8mb4 connect_timeout=2 local_infile=0";
    if (!is_patient) text += " read_timeout=10 write_timeout=10";
    if (!options.mariadb_password.empty()) text += " password=" + quoted(options.mariadb_password);
    if (!options.mariadb_socket.empty()) return text + " unix_socket=" + quoted(options.mariadb_socket);
    return text + " host=" + quoted(options.mariadb_host) + " port=" + std::to_string(options.mariadb_port);
}

} // namespace

void open_session(soci::session& session, const database_options& options, bool is_patient) {
    session.open(prepared_sessions, connect_text(options, is_patient));
    session
        << "SET SESSION sql_mode='STRICT_ALL_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION', "
           "innodb_lock_wait_timeout=2, max_statement_time=8, time_zone='+00:00', autocommit=1, collation_connection='utf8mb4_nopad_bin'";
    if (is_patient) session << "SET SESSION max_statement_time=0";
}

bool is_duplicate(const std::exception& error) { return code_of(error) == duplicate; }

bool is_replayable(const std::exception& error) {
    auto code = code_of(error);
    return code == deadlock || code == lock_timeout || code == record_changed;
}

bool is_unable(const std::exception& error) { return std::find(unable.begin(), unable.end(), code_of(error)) != unable.end(); }

bool is_lost(const std::exception& error) {
    auto code = code_of(error);
    if (std::find(lost.begin(), lost.end(), code) != lost.end()) return true;
    // After a failed reconnection SOCI only throws a plain error of its own.
    return code == 0 && std::string_view(error.what()).find("not connected") != std::string_view::npos;
}

// The session's own character set and SQL mode are ours (open_session); what the server and the database were given is not.
void check_server(soci::session& session) {
    auto found = sql::first<std::tuple<int, std::string, std::string, std::string>>(
        session, "SELECT @@innodb_flush_log_at_trx_commit, @@character_set_database, @@GLOBAL.sql_mode, @@sql_mode");
    sql::forget_statements(session); // a refusal ends the session
    const auto& [flush, characters, mode, mine] = *found;
    if (flush != 1)
        throw std::runtime_error("MariaDB runs with innodb_flush_log_at_trx_commit=" + std::to_string(flush) +
                                 ": acknowledged tickets could be lost. Set it to 1 in the server's configuration.");
    if (characters != "utf8mb4")
        throw std::runtime_error("The database's character set is " + characters +
                                 ", not utf8mb4: names would be mangled. Run `relais migrate` with an account that may change it.");
    if (mode.find("NO_BACKSLASH_ESCAPES") != std::string::npos || mine.find("STRICT_ALL_TABLES") == std::string::npos)
        throw std::runtime_error(
            "MariaDB's sql_mode holds NO_BACKSLASH_ESCAPES, or is not strict: take it out of the server's configuration.");
}

} // namespace relais::model::mariadb
