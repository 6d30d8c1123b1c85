// SPDX-License-Identifier: EUPL-1.2
#include "server/registry_connection.hpp"

#include "model/dossier_line.hpp"
#include "model/text.hpp"

#include <cppconn/connection.h>
#include <cppconn/driver.h>
#include <cppconn/exception.h>
#include <cppconn/prepared_statement.h>
#include <cppconn/resultset.h>
#include <cppconn/statement.h>

#include <algorithm>
#include <array>
#include <mutex>
#include <stdexcept>

namespace relais::server {

namespace {

using model::dossiers::column;

constexpr std::size_t rows_limit = 20, name_limit = 64;
// Statement forgotten by the server (2030), gone, lost, killed, shutting down, wait_timeout (4031).
constexpr std::array<int, 8> lost = {2006, 2013, 2030, 2055, 1927, 1053, 4031, 2014};

struct named_column {
    column which;
    std::string registry_options::*name;
};
constexpr std::array<named_column, 17> named_columns = {{{column::number, &registry_options::number},
                                                         {column::neph, &registry_options::neph},
                                                         {column::birth_name, &registry_options::birth_name},
                                                         {column::usual_name, &registry_options::usual_name},
                                                         {column::first_names, &registry_options::first_names},
                                                         {column::birth_date, &registry_options::birth_date},
                                                         {column::procedure_code, &registry_options::procedure},
                                                         {column::status, &registry_options::status},
                                                         {column::status_since, &registry_options::status_since},
                                                         {column::step, &registry_options::step},
                                                         {column::error_code, &registry_options::error_code},
                                                         {column::portal_release, &registry_options::release},
                                                         {column::centre, &registry_options::centre},
                                                         {column::department, &registry_options::department},
                                                         {column::email, &registry_options::email},
                                                         {column::phone, &registry_options::phone},
                                                         {column::driving_school, &registry_options::driving_school}}};

bool is_name(std::string_view name) {
    auto is_usual = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; };
    return !name.empty() && name.size() <= name_limit && std::all_of(name.begin(), name.end(), is_usual);
}

// The only texts that are not bound: they come from the configuration and are checked all the same.
std::string quoted(const std::string& name) {
    if (!is_name(name))
        throw std::runtime_error("[registry] names of the view and its columns are made of letters, digits and _: \"" + name +
                                 "\" is not.");
    return "`" + name + "`";
}

std::string quoted_view(const std::string& view) {
    auto dot = view.find('.');
    if (dot == std::string::npos) return quoted(view);
    return quoted(view.substr(0, dot)) + "." + quoted(view.substr(dot + 1));
}

// Another schema spells a missing date in its own way.
std::string normalised(column which, const std::string& value) {
    if ((which == column::birth_date || which == column::status_since) && value.starts_with("0000-00-00")) return "";
    return value;
}

} // namespace

registry_statements::registry_statements(const registry_options& options) {
    std::string list;
    for (const auto& [which, name] : named_columns) {
        if ((options.*name).empty()) continue;
        columns.push_back(which);
        list += (list.empty() ? "" : ", ") + quoted(options.*name);
    }
    if (options.number.empty()) throw std::runtime_error("[registry] number_column must name the column of the dossier's number.");
    has_updated_at = !options.updated_at.empty();
    if (has_updated_at) list += ", " + quoted(options.updated_at);
    auto select = "SELECT " + list + " FROM " + quoted_view(options.view) + " WHERE ";
    auto limit = " LIMIT " + std::to_string(rows_limit + 1);
    by_number = select + quoted(options.number) + " = ?" + limit;
    if (!options.neph.empty()) by_neph = select + quoted(options.neph) + " = ?" + limit;
    if (!options.birth_date.empty() && !options.birth_name.empty()) {
        auto name = quoted(options.birth_name);
        // The national system writes capitals without accents; its collation may or may not see the difference.
        by_person = select + quoted(options.birth_date) + " = ? AND " + name + " IN (?, ?)" + limit;
    }
}

struct registry_connection::prepared {
    std::unique_ptr<sql::Connection> connection;
    std::unique_ptr<sql::PreparedStatement> by_number, by_neph, by_person;
};

registry_connection::registry_connection(const registry_options& options, const registry_statements& statements)
    : options_(options), statements_(statements) {}
registry_connection::~registry_connection() = default;

bool registry_connection::is_open() const { return prepared_ != nullptr; }
void registry_connection::close() { prepared_.reset(); }

void registry_connection::open() {
    close();
    auto address = options_.socket.empty() ? "tcp://" + options_.host + ":" + std::to_string(options_.port) : "unix://" + options_.socket;
    sql::ConnectOptionsMap map;
    map["hostName"] = sql::SQLString(address);
    map["userName"] = sql::SQLString(options_.user);
    map["password"] = sql::SQLString(options_.password);
    map["schema"] = sql::SQLString(options_.database);
    map["OPT_CONNECT_TIMEOUT"] = (options_.connect_ms + 999) / 1000; // seconds; look_up counts the milliseconds
    map["OPT_READ_TIMEOUT"] = 1;
    map["OPT_WRITE_TIMEOUT"] = 1;
    map["OPT_RECONNECT"] = false; // it would lose the statements and the session's settings silently
    map["OPT_LOCAL_INFILE"] = 0;
    map["OPT_CHARSET_NAME"] = sql::SQLString("utf8mb4");
    // Only sslVerify protects: sslEnforce alone connects in clear text (security.md 4.9).
    if (!options_.ca_file.empty()) map["sslCA"] = sql::SQLString(options_.ca_file), map["sslVerify"] = true;

    auto made = std::make_unique<prepared>();
    made->connection.reset(get_driver_instance()->connect(map));
    std::unique_ptr<sql::Statement> statement(made->connection->createStatement());
    if (!options_.ca_file.empty()) {
        std::unique_ptr<sql::ResultSet> cipher(statement->executeQuery("SHOW SESSION STATUS LIKE 'Ssl_cipher'"));
        if (!cipher->next() || cipher->getString(2).length() == 0)
            throw sql::SQLException("the registry's connection is not encrypted", "08000", 2026);
    }
    auto limit_s = std::to_string(options_.total_ms / 1000) + "." + std::to_string(1000 + options_.total_ms % 1000).substr(1);
    // MariaDB's name for the limit, then MySQL's: one of the two is refused.
    for (const auto& setting :
         {"SET SESSION max_statement_time = " + limit_s, "SET SESSION max_execution_time = " + std::to_string(options_.total_ms),
          std::string("SET SESSION TRANSACTION READ ONLY")}) {
        try {
            statement->execute(setting);
        } catch (const sql::SQLException&) { // the other server's word
        }
    }
    made->by_number.reset(made->connection->prepareStatement(statements_.by_number));
    if (!statements_.by_neph.empty()) made->by_neph.reset(made->connection->prepareStatement(statements_.by_neph));
    if (!statements_.by_person.empty()) made->by_person.reset(made->connection->prepareStatement(statements_.by_person));
    prepared_ = std::move(made);
}

namespace {

// What the registry says of one dossier; the fault's code when a value is not of our words.
std::string read_row(sql::ResultSet& row, const registry_statements& statements, model::dossier_news& into) {
    into.told.reset();
    into.values.source = "registry";
    unsigned at = 1;
    for (auto which : statements.columns) {
        auto value = row.isNull(at) ? std::string() : std::string(row.getString(at));
        ++at;
        into.told[static_cast<std::size_t>(which)] = true;
        auto fault = model::dossiers::read_value(into.values, which, normalised(which, value));
        if (!fault.empty()) return "column " + std::to_string(at - 1) + " " + std::string(fault);
    }
    into.is_dated = statements.has_updated_at && !row.isNull(at);
    if (!into.is_dated) return "";
    auto updated_at = model::dossiers::read_time(std::string(row.getString(at)));
    if (!updated_at) return "updated_at malformed";
    into.values.updated_at = *updated_at;
    return "";
}

registry_answer read_rows(sql::PreparedStatement& statement, const registry_statements& statements) {
    std::unique_ptr<sql::ResultSet> rows(statement.executeQuery());
    registry_answer out;
    while (rows->next() && out.dossiers.size() < rows_limit) {
        model::dossier_news each;
        out.fault = read_row(*rows, statements, each);
        if (!out.fault.empty()) {
            out.outcome = registry_outcome::unreadable;
            out.dossiers.clear();
            break;
        }
        out.dossiers.push_back(std::move(each));
    }
    while (rows->next()) {
    } // read to the end: the connection is used again
    if (out.fault.empty())
        out.outcome = out.dossiers.empty()       ? registry_outcome::not_found
                      : out.dossiers.size() == 1 ? registry_outcome::found
                                                 : registry_outcome::several;
    return out;
}

std::string capitals(const std::string& name) {
    auto out = model::text::fold(name);
    for (char& c : out)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    return out;
}

} // namespace

registry_answer registry_connection::ask(const registry_query& query) {
    try {
        registry_answer out;
        out.outcome = registry_outcome::not_found;
        auto by_one = [&](sql::PreparedStatement* statement, const std::string& key) {
            if (!statement || key.empty() || out.outcome != registry_outcome::not_found) return;
            statement->setString(1, key);
            out = read_rows(*statement, statements_);
        };
        by_one(prepared_->by_number.get(), query.number);
        by_one(prepared_->by_neph.get(), query.neph);
        // Each may stand in the other's field.
        by_one(prepared_->by_number.get(), query.neph);
        by_one(prepared_->by_neph.get(), query.number);
        if (out.outcome != registry_outcome::not_found || !prepared_->by_person || query.birth_name.empty() || query.birth_date.empty())
            return out;
        prepared_->by_person->setString(1, query.birth_date);
        prepared_->by_person->setString(2, query.birth_name);
        prepared_->by_person->setString(3, capitals(query.birth_name));
        return read_rows(*prepared_->by_person, statements_);
    } catch (const sql::SQLException& error) {
        if (std::find(lost.begin(), lost.end(), error.getErrorCode()) != lost.end()) close();
        throw;
    }
}

void enter_registry_thread() { get_driver_instance()->threadInit(); }
void leave_registry_thread() { get_driver_instance()->threadEnd(); }

} // namespace relais::server
