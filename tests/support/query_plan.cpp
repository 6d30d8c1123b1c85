// SPDX-License-Identifier: EUPL-1.2
#include "tests/support/query_plan.hpp"

#include "model/backend.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <chrono>
#include <functional>
#include <memory>
#include <stdexcept>

namespace relais::tests {

namespace {

using clock = std::chrono::steady_clock;

double ms_since(clock::time_point start) { return std::chrono::duration<double, std::milli>(clock::now() - start).count(); }

bool holds(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

// Bare sqlite3: the steps of a statement are told by its handle alone.
class sqlite_reader {
public:
    explicit sqlite_reader(const std::string& file) {
        sqlite3* opened = nullptr;
        auto status = sqlite3_open_v2(file.c_str(), &opened, SQLITE_OPEN_READONLY, nullptr);
        connection_.reset(opened);
        if (status != SQLITE_OK) throw std::runtime_error("cannot open " + file);
        sqlite3_exec(opened, "PRAGMA cache_size=-65536", nullptr, nullptr, nullptr); // the product's
    }
    std::int64_t run(const std::string& statement, const std::function<void(sqlite3_stmt*)>& row) {
        sqlite3_stmt* made = nullptr;
        if (sqlite3_prepare_v2(connection_.get(), statement.c_str(), -1, &made, nullptr) != SQLITE_OK)
            throw std::runtime_error(std::string(sqlite3_errmsg(connection_.get())) + ": " + statement);
        std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)> ends(made, sqlite3_finalize);
        while (sqlite3_step(made) == SQLITE_ROW) row(made);
        return sqlite3_stmt_status(made, SQLITE_STMTSTATUS_VM_STEP, 0);
    }

private:
    std::unique_ptr<sqlite3, int (*)(sqlite3*)> connection_{nullptr, sqlite3_close};
};

// "SCAN ticket", "SCAN ticket USING COVERING INDEX ticket_status", "SEARCH citizen USING INTEGER PRIMARY KEY (rowid=?)".
query_plan sqlite_plan(const std::string& file, const std::string& statement) {
    query_plan out;
    constexpr int detail = 3;
    auto add = [&](sqlite3_stmt* row) { out.lines.emplace_back(reinterpret_cast<const char*>(sqlite3_column_text(row, detail))); };
    sqlite_reader(file).run("EXPLAIN QUERY PLAN " + statement, add);
    for (const auto& each : out.lines) out.sorts = out.sorts || holds(each, "TEMP B-TREE FOR ORDER BY") || holds(each, "OF ORDER BY");
    auto is_cut = holds(statement, " LIMIT ") && !out.sorts;
    constexpr std::string_view scan = "SCAN ";
    for (const auto& each : out.lines)
        if (each.starts_with(scan) && !(holds(each, " USING ") && is_cut))
            out.read_whole.push_back(each.substr(scan.size(), each.find(' ', scan.size()) - scan.size()));
    return out;
}

query_plan mariadb_plan(soci::session& session, const std::string& statement) {
    query_plan out;
    soci::rowset<soci::row> rows = (session.prepare << "EXPLAIN " + statement);
    std::vector<std::pair<std::string, bool>> read; // table, by an index
    for (const auto& row : rows) {
        auto text = [&row](const char* name) {
            if (row.get_indicator(name) == soci::i_null) return std::string("-");
            auto is_text = row.get_properties(name).get_data_type() == soci::dt_string;
            return is_text ? row.get<std::string>(name) : std::to_string(row.get<long long>(name));
        };
        auto table = text("table"), type = text("type"), extra = text("Extra");
        out.lines.push_back(
            fmt::format("{} {} by {} (length {}), about {} rows; {}", table, type, text("key"), text("key_len"), text("rows"), extra));
        out.sorts = out.sorts || holds(extra, "filesort");
        if (type == "ALL" || type == "index") read.emplace_back(table, type == "index");
    }
    auto is_cut = holds(statement, " LIMIT ") && !out.sorts;
    for (const auto& [table, by_index] : read)
        if (!by_index || !is_cut) out.read_whole.push_back(table);
    return out;
}

std::int64_t rows_read(soci::session& session) {
    long long out = 0;
    session << "SELECT CAST(SUM(variable_value) AS SIGNED) FROM information_schema.session_status WHERE variable_name LIKE 'HANDLER_READ%'",
        soci::into(out);
    return out;
}

} // namespace

query_plan plan_of(const model::database_options& of, const std::string& statement) {
    if (!of.is_mariadb()) return sqlite_plan(of.sqlite_file, statement);
    soci::session session;
    model::mariadb::open_session(session, of);
    return mariadb_plan(session, statement);
}

query_cost cost_of(const model::database_options& of, const std::string& statement) {
    query_cost out;
    if (!of.is_mariadb()) {
        sqlite_reader reader(of.sqlite_file);
        auto start = clock::now();
        out.steps = reader.run(statement, [](sqlite3_stmt*) {});
        out.ms = ms_since(start);
        return out;
    }
    soci::session session;
    model::mariadb::open_session(session, of);
    rows_read(session); // reading the counters counts as well: once before, so that both readings cost the same
    auto before = rows_read(session), again = rows_read(session);
    auto start = clock::now();
    soci::rowset<soci::row> rows = (session.prepare << statement);
    for (const auto& row : rows) out.steps += row.size() == 0 ? 1 : 0;
    out.ms = ms_since(start);
    out.steps = rows_read(session) - again - (again - before);
    return out;
}

} // namespace relais::tests
