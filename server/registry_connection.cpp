// SPDX-License-Identifier: EUPL-1.2
#include "server/registry_connection.hpp"

#include "model/dossier_line.hpp"

#include <cppconn/connection.h>
#include <cppconn/driver.h>
#include <cppconn/exception.h>
#include <cppconn/prepared_statement.h>
#include <cppconn/resultset.h>
#include <cppconn/statement.h>

#include <algorithm>
#include <array>
#include <optional>

namespace relais::server {

namespace {

using model::dossiers::column;

// Statement forgotten by the server (2030), gone, lost, killed, shutting down, wait_timeout (4031).
constexpr std::array<int, 8> lost = {2006, 2013, 2030, 2055, 1927, 1053, 4031, 2014};

// Another schema spells a missing date in its own way.
std::string normalised(column which, const std::string& value) {
    auto is_day = which == column::birth_date || which == column::status_since || which >= column::exam_on;
    if (is_day && value.find_first_not_of("0-: .") == std::string::npos) return "";
    return value;
}

} // namespace

struct registry_connection::prepared {
    std::unique_ptr<sql::Connection> connection;
    std::unique_ptr<sql::PreparedStatement> by_number, by_neph, by_person;
};

registry_connection::registry_connection(const registry_options& options, const registry_statements& statements)
    : options_(options), statements_(statements) {}
registry_connection::~registry_connection() = default;

bool registry_connection::is_open() const { return prepared_ != nullptr; }
void registry_connection::close() { prepared_.reset(); }

namespace {

sql::ConnectOptionsMap connect_options(const registry_options& options) {
    auto address = options.socket.empty() ? "tcp://" + options.host + ":" + std::to_string(options.port) : "unix://" + options.socket;
    sql::ConnectOptionsMap map;
    map["hostName"] = sql::SQLString(address);
    map["userName"] = sql::SQLString(options.user);
    map["password"] = sql::SQLString(options.password);
    map["schema"] = sql::SQLString(options.database);
    map["OPT_CONNECT_TIMEOUT"] = (options.connect_ms + 999) / 1000; // seconds; look_up counts the milliseconds
    map["OPT_READ_TIMEOUT"] = 1;
    map["OPT_WRITE_TIMEOUT"] = 1;
    map["OPT_RECONNECT"] = false; // it would lose the statements and the session's settings silently
    map["OPT_LOCAL_INFILE"] = 0;
    map["OPT_CHARSET_NAME"] = sql::SQLString("utf8mb4");
    // Encryption is off unless asked for, and only sslVerify protects: sslEnforce alone connects in clear text (security.md 4.9).
    if (!options.ca_file.empty()) map["sslCA"] = sql::SQLString(options.ca_file), map["sslVerify"] = true;
    return map;
}

void demand_encryption(sql::Statement& statement) {
    std::unique_ptr<sql::ResultSet> cipher(statement.executeQuery("SHOW SESSION STATUS LIKE 'Ssl_cipher'"));
    if (!cipher->next() || cipher->getString(2).length() == 0)
        throw sql::SQLException("the registry's connection is not encrypted", "08000", 2026);
}

void set_session(sql::Statement& statement, const registry_options& options) {
    auto limit_s = std::to_string(options.total_ms / 1000) + "." + std::to_string(1000 + options.total_ms % 1000).substr(1);
    // MariaDB's name for the limit, then MySQL's: one of the two is refused.
    for (const auto& setting :
         {"SET SESSION max_statement_time = " + limit_s, "SET SESSION max_execution_time = " + std::to_string(options.total_ms),
          std::string("SET SESSION TRANSACTION READ ONLY")}) {
        try {
            statement.execute(setting);
        } catch (const sql::SQLException&) { // the other server's word
        }
    }
}

} // namespace

void registry_connection::open() {
    close();
    auto made = std::make_unique<prepared>();
    auto map = connect_options(options_);
    made->connection.reset(get_driver_instance()->connect(map));
    std::unique_ptr<sql::Statement> statement(made->connection->createStatement());
    if (!options_.ca_file.empty()) demand_encryption(*statement);
    set_session(*statement, options_);
    auto prepare = [&made](const std::string& text) {
        return std::unique_ptr<sql::PreparedStatement>(text.empty() ? nullptr : made->connection->prepareStatement(text));
    };
    made->by_number = prepare(statements_.by_number);
    made->by_neph = prepare(statements_.by_neph);
    made->by_person = prepare(statements_.by_person);
    prepared_ = std::move(made);
}

namespace {

// A value that is none of our words: of which column of the view, and why.
struct wrong_value {
    std::string column, reason;
};

// What the registry says of one dossier, or the first value that no dossier can have.
std::optional<wrong_value> read_row(sql::ResultSet& row, const registry_statements& statements, model::dossier_news& into) {
    into.told.reset();
    into.values.source = "registry";
    unsigned at = 1;
    for (auto which : statements.columns) {
        auto value = row.isNull(at) ? std::string() : std::string(row.getString(at));
        ++at;
        into.told[static_cast<std::size_t>(which)] = true;
        auto fault = model::dossiers::read_value(into, which, normalised(which, value));
        if (!fault.empty()) return wrong_value{statements.labels[at - 2], std::string(fault)};
    }
    into.is_dated = statements.has_updated_at && !row.isNull(at);
    if (!into.is_dated) return std::nullopt;
    auto updated_at = model::dossiers::read_time(std::string(row.getString(at)));
    if (!updated_at) return wrong_value{statements.labels.back(), "malformed"};
    into.values.updated_at = *updated_at;
    return std::nullopt;
}

registry_answer read_rows(sql::PreparedStatement& statement, const registry_statements& statements) {
    std::unique_ptr<sql::ResultSet> rows(statement.executeQuery());
    registry_answer out;
    while (rows->next()) { // to the end, whatever a row holds: the connection is used again
        if (!out.fault.empty()) continue;
        auto wrong = read_row(*rows, statements, out.dossiers.emplace_back());
        if (!wrong) continue;
        out.column = wrong->column, out.reason = wrong->reason;
        out.fault = "column " + wrong->column + " " + wrong->reason;
    }
    out.outcome = out.dossiers.empty()       ? registry_outcome::not_found
                  : out.dossiers.size() == 1 ? registry_outcome::found
                                             : registry_outcome::several;
    if (out.fault.empty()) return out;
    out.outcome = registry_outcome::unreadable;
    out.dossiers.clear();
    return out;
}

} // namespace

registry_answer registry_connection::ask(const registry_query& query) {
    try {
        return ask_in_turn(query);
    } catch (const sql::SQLException& error) {
        if (std::find(lost.begin(), lost.end(), error.getErrorCode()) != lost.end()) close();
        throw;
    }
}

registry_answer registry_connection::ask_in_turn(const registry_query& query) {
    registry_answer out;
    out.outcome = registry_outcome::not_found;
    auto ask_one = [&](sql::PreparedStatement* statement, const std::string& key) {
        if (!statement || key.empty() || out.outcome != registry_outcome::not_found) return;
        statement->setString(1, key);
        out = read_rows(*statement, statements_);
    };
    ask_one(prepared_->by_number.get(), query.number);
    if (query.is_known) return out;
    ask_one(prepared_->by_neph.get(), query.neph);
    // Each may stand in the other's field.
    ask_one(prepared_->by_number.get(), query.neph);
    ask_one(prepared_->by_neph.get(), query.number);
    auto* by_person = prepared_->by_person.get();
    if (out.outcome != registry_outcome::not_found || !by_person || query.birth_name.empty() || query.birth_date.empty()) return out;
    by_person->setString(1, query.birth_date);
    auto spellings = name_spellings(query.birth_name);
    for (std::size_t i = 0; i < statements_.names; ++i) by_person->setString(static_cast<unsigned>(i + 2), spellings[i % spellings.size()]);
    return read_rows(*by_person, statements_);
}

void enter_registry_thread() { get_driver_instance()->threadInit(); }
void leave_registry_thread() { get_driver_instance()->threadEnd(); }

} // namespace relais::server
