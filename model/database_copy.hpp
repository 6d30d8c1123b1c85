// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/database.hpp"
#include "model/table_rows.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

// A whole database read and written table by table, whichever of the two it lies in: what backup and restore are made of.
// Source: security.md 4.17 and R30.
namespace relais::model {

// One steady view of a database, beside whoever writes to it. Tables that a restored server must not have are left out: leases, sessions.
class database_source {
public:
    // Throws std::runtime_error when there is no database, or it is newer than the program.
    explicit database_source(const database_options& options);
    ~database_source();
    database_source(const database_source&) = delete;
    database_source& operator=(const database_source&) = delete;

    // The migrations it has had.
    std::vector<int> versions();
    std::vector<table_shape> tables();
    void rows(const table_shape& table, const std::function<void(const tables::row&)>& found) { tables::read(session_, table, found); }
    // The names under which the attachment store holds the files that this view knows.
    void attachments(const std::function<void(const std::string&)>& found);

private:
    soci::session session_;
};

// An empty database being filled. SQLite: beside its place, where finish() moves it, so that an interrupted one leaves nothing.
class database_destination {
public:
    // versions: the migrations of the rows to come. Throws std::runtime_error when there is a database already, or when the rows were
    // written by a newer program.
    database_destination(const database_options& options, const std::vector<int>& versions);
    ~database_destination();
    database_destination(const database_destination&) = delete;
    database_destination& operator=(const database_destination&) = delete;

    // The rows to come are of this table. Throws std::runtime_error when there is no such table or column.
    void table(const std::string& name, std::vector<std::string> columns);
    void row(tables::row values);
    // Writes what is left, brings the schema up to date, puts the file in its place.
    void finish();

private:
    void open();
    void flush();
    void commit();

    database_options options_;
    std::string place_; // of the SQLite file
    soci::session session_;
    std::vector<table_shape> shapes_;
    std::string table_;
    std::vector<std::string> columns_;
    std::vector<tables::row> waiting_;
    std::size_t waiting_bytes_ = 0;
    std::int64_t uncommitted_ = 0;
};

} // namespace relais::model
