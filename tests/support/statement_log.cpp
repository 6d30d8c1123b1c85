// SPDX-License-Identifier: EUPL-1.2
#include "tests/support/statement_log.hpp"

#include "model/backend.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <mutex>

namespace relais::tests {

namespace {

struct heard {
    std::mutex mutex;
    bool is_open = false;
    std::vector<std::string> statements;
};
heard& of_sqlite() {
    static heard out;
    return out;
}

int note(unsigned, void*, void* statement, void*) {
    auto& log = of_sqlite();
    std::lock_guard lock(log.mutex);
    if (!log.is_open) return SQLITE_OK;
    auto* text = sqlite3_expanded_sql(static_cast<sqlite3_stmt*>(statement));
    if (text) log.statements.emplace_back(text);
    sqlite3_free(text);
    return SQLITE_OK;
}

int trace(sqlite3* connection, const char**, const void*) { return sqlite3_trace_v2(connection, SQLITE_TRACE_STMT, note, nullptr); }

bool is_of_rows(const std::string& statement) {
    constexpr std::array<std::string_view, 4> words = {"SELECT ", "UPDATE ", "DELETE ", "INSERT "};
    return std::any_of(words.begin(), words.end(), [&](auto each) { return statement.starts_with(each); });
}

std::vector<std::string> each_once(const std::vector<std::string>& all) {
    std::vector<std::string> out;
    for (const auto& each : all)
        if (is_of_rows(each) && std::find(out.begin(), out.end(), each) == out.end()) out.push_back(each);
    return out;
}

void end_connection(soci::session& by, long long id) {
    try {
        by << "KILL " + std::to_string(id);
    } catch (const soci::soci_error&) { // it has ended by itself
    }
}

} // namespace

void statement_log::watch() { sqlite3_auto_extension(reinterpret_cast<void (*)()>(trace)); }

void statement_log::start() {
    if (options_.is_mariadb()) {
        soci::session session;
        model::mariadb::open_session(session, options_);
        for (const auto* each : {"SET GLOBAL log_output = 'TABLE'", "TRUNCATE TABLE mysql.general_log", "SET GLOBAL general_log = 1"})
            session << each;
        // The server writes the values of a statement only when the log was open as it was prepared: the others begin anew.
        soci::rowset<long long> open =
            (session.prepare << "SELECT id FROM information_schema.processlist WHERE db = DATABASE() AND id <> CONNECTION_ID()");
        for (auto id : std::vector<long long>(open.begin(), open.end())) end_connection(session, id);
        return;
    }
    auto& log = of_sqlite();
    std::lock_guard lock(log.mutex);
    log.is_open = true, log.statements.clear();
}

std::vector<std::string> statement_log::stop() {
    if (options_.is_mariadb()) {
        soci::session session;
        model::mariadb::open_session(session, options_);
        session << "SET GLOBAL general_log = 0";
        soci::rowset<std::string> heard =
            (session.prepare
             << "SELECT CONVERT(argument USING utf8mb4) FROM mysql.general_log WHERE command_type IN ('Query', 'Execute') "
                "AND thread_id IN (SELECT id FROM information_schema.processlist WHERE db = DATABASE()) ORDER BY event_time");
        return each_once({heard.begin(), heard.end()});
    }
    auto& log = of_sqlite();
    std::lock_guard lock(log.mutex);
    log.is_open = false;
    return each_once(log.statements);
}

} // namespace relais::tests
