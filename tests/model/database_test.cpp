// SPDX-License-Identifier: EUPL-1.2
#include "model/database.hpp"
#include "model/error.hpp"
#include "model/migrations.hpp"
#include "model/sql.hpp"
#include "tests/support/temporary_database.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <map>
#include <thread>

using namespace relais;
using namespace relais::model;

namespace {
std::int64_t add_team(soci::session& sql, const std::string& code) {
    return sql::insert(sql, "INSERT INTO team (code, name) VALUES (:code, :name)", code, "Équipe 😀 d'accueil");
}
std::int64_t count_teams(soci::session& sql) { return *sql::first<std::int64_t>(sql, "SELECT COUNT(*) FROM team"); }
} // namespace

TEST_CASE("what is written is read by every session", "[database]") {
    tests::temporary_database database;
    for (int i = 0; i < 20; ++i) {
        auto code = "team-" + std::to_string(i);
        database->write_now([&](soci::session& sql) { add_team(sql, code); });
        // A statement left stepped on a reader would go on showing the old count.
        for (int reader = 0; reader < 6; ++reader) REQUIRE(database->read_now(count_teams) == i + 1);
    }
    auto name = [](soci::session& sql) { return sql::first<std::string>(sql, "SELECT name FROM team WHERE code = :code", "team-3"); };
    CHECK(database->read_now(name) == "Équipe 😀 d'accueil");
}

TEST_CASE("text compares byte for byte: two codes that differ by case are two", "[database]") {
    tests::temporary_database database;
    database->write_now([](soci::session& sql) { add_team(sql, "abc"), add_team(sql, "ABC"), add_team(sql, "abc "); });
    CHECK(database->read_now(count_teams) == 3);
    auto find = [](soci::session& sql) { return sql::all<std::string>(sql, "SELECT code FROM team WHERE code = :code", "abc"); };
    CHECK(database->read_now(find) == std::vector<std::string>{"abc"});
}

TEST_CASE("values come back as they went in, of any length, none and negative ones too", "[database]") {
    tests::temporary_database database;
    std::vector<std::string> texts = {
        "", "l'été \\ \"cité\" ? :name %", std::string(255, 'x'), std::string(257, 'y'), std::string(60'000, 'z'), "short again"};
    auto round_trip = [&](soci::session& sql) {
        std::vector<std::string> out;
        for (const auto& each : texts) {
            sql::change(sql, "DELETE FROM setting WHERE name = :name", "test");
            sql::change(sql, "INSERT INTO setting (name, value) VALUES (:name, :value)", "test", each);
            out.push_back(*sql::first<std::string>(sql, "SELECT value FROM setting WHERE name = :name", "test"));
        }
        return out;
    };
    CHECK(database->write_now(round_trip) == texts);
    using numbers = std::tuple<std::optional<std::int64_t>, std::int64_t, std::string, double>;
    auto count = [](soci::session& sql, std::optional<std::int64_t> value) {
        return *sql::first<numbers>(sql,
                                    "SELECT MAX(:value), SUM(version) - SUM(version) - 7, MAX(version) - MAX(version) + 12, 1.5 * COUNT(*) "
                                    "FROM schema_version WHERE version <= :least",
                                    value, 2);
    };
    for (int i = 0; i < 2; ++i) {
        CHECK(database->read_now([&](soci::session& sql) { return count(sql, -5); }) == numbers{-5, -7, "12", 3.0});
        CHECK(database->read_now([&](soci::session& sql) { return count(sql, std::nullopt); }) == numbers{std::nullopt, -7, "12", 3.0});
    }
}

TEST_CASE("several long texts of one row come back whole, in every row", "[database]") {
    tests::temporary_database database;
    using texts = std::tuple<std::string, std::optional<std::string>, std::string, std::int64_t>;
    auto name = [](std::size_t length, char of) { return std::string(length, of) + std::string(1, '\0') + "é😀"; };
    std::vector<texts> rows;
    for (std::size_t i = 1; i <= 4; ++i)
        rows.emplace_back(name(100 * i, 'a'), i == 3 ? std::nullopt : std::optional(name(50'000 / i, 'b')), name(1'000 * i, 'c'),
                          (std::int64_t{1} << 62U) + static_cast<std::int64_t>(i));
    auto put = [&rows](soci::session& sql) {
        sql::change(sql, "CREATE TABLE long_text (a TEXT, b TEXT, c TEXT, n BIGINT)");
        for (const auto& [a, b, c, n] : rows) sql::change(sql, "INSERT INTO long_text (a, b, c, n) VALUES (:a, :b, :c, :n)", a, b, c, n);
    };
    database->write_now(put);
    auto get = [](soci::session& sql) { return sql::all<texts>(sql, "SELECT a, b, c, n FROM long_text WHERE n > :n ORDER BY n", 0); };
    for (int i = 0; i < 2; ++i) CHECK((database->read_now(get) == rows));
}

TEST_CASE("a visit that throws leaves no trace and does not disturb the others", "[database]") {
    tests::temporary_database database;
    auto broken = [](soci::session& sql) {
        add_team(sql, "half");
        throw conflict("too_late");
    };
    CHECK_THROWS_AS(database->write_now(broken), conflict);
    database->write_now([](soci::session& sql) { add_team(sql, "whole"); });
    CHECK(database->read_now(count_teams) == 1);
}

TEST_CASE("whatever a visit throws comes back to who asked, and ends nobody else", "[database]") {
    struct unusual {};
    tests::temporary_database database;
    auto broken = [](soci::session& sql) {
        add_team(sql, "half");
        throw unusual{};
    };
    CHECK_THROWS_AS(database->write_now(broken), unusual);
    CHECK_THROWS_AS(database->read_now([](soci::session&) { throw unusual{}; }), unusual);
    database->write_now([](soci::session& sql) { add_team(sql, "whole"); });
    CHECK(database->read_now(count_teams) == 1);
}

TEST_CASE("a second row for a unique key is recognised", "[database]") {
    tests::temporary_database database;
    auto twice = [](soci::session& sql) {
        add_team(sql, "one");
        try {
            add_team(sql, "one");
        } catch (const std::exception& error) {
            return sql::is_duplicate(error);
        }
        return false;
    };
    CHECK(database->write_now(twice));
    CHECK(database->read_now(count_teams) == 1);
}

TEST_CASE("a reader can write nothing", "[database]") {
    tests::temporary_database database;
    CHECK_THROWS(database->read_now([](soci::session& sql) { add_team(sql, "smuggled"); }));
    CHECK(database->read_now(count_teams) == 0);
}

TEST_CASE("a reading without an end is ended, is told busy, and keeps no thread from others", "[database][sqlite]") {
    tests::temporary_folder folder;
    database_options options;
    options.sqlite_file = folder.path("relais.db"), options.readers = 1, options.reading_ms = 100;
    migrate(options);
    auto database = open_database(options);
    auto count_for_ever = [](soci::session& sql) {
        return *sql::first<std::int64_t>(sql, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT COUNT(*) FROM n");
    };
    CHECK_THROWS_AS(database->read_now(count_for_ever), busy);
    CHECK(database->read_now([](soci::session& sql) { return *sql::first<int>(sql, "SELECT 1"); }) == 1);
    database->stop();
}

TEST_CASE("a database holds more migrations than the program ever had", "[database]") {
    tests::temporary_database database;
    database->write_now([](soci::session& sql) {
        for (int i = 1; i <= 150; ++i) sql::change(sql, "INSERT INTO schema_version (version, name) VALUES (:version, 'later')", 1000 + i);
    });
    CHECK_THROWS_WITH(migrate(database.options()), Catch::Contains("1001") && Catch::Contains("install the newer version"));
    database->write_now([](soci::session& sql) { sql::change(sql, "DELETE FROM schema_version WHERE version > 1000"); });
    CHECK(migrate(database.options()) == 0);
}

TEST_CASE("absent values stay absent", "[database]") {
    tests::temporary_database database;
    using pair = std::tuple<std::optional<std::int64_t>, std::optional<std::string>>;
    auto visit = [](soci::session& sql) {
        std::optional<std::int64_t> none;
        return sql::first<pair>(sql, "SELECT CAST(:none AS CHAR), :some", none, std::string("x"));
    };
    auto found = database->read_now(visit);
    CHECK_FALSE(std::get<0>(*found));
    CHECK(std::get<1>(*found) == "x");
    auto nothing = [](soci::session& sql) { return sql::first<std::int64_t>(sql, "SELECT id FROM team WHERE id = 9"); };
    CHECK_FALSE(database->read_now(nothing));
}

TEST_CASE("many writers at once lose nothing", "[database]") {
    tests::temporary_database database;
    std::vector<std::thread> writers;
    std::atomic<int> refused = 0;
    for (int writer = 0; writer < 8; ++writer)
        writers.emplace_back([&, writer] {
            for (int i = 0; i < 50; ++i) {
                auto code = std::to_string(writer) + "-" + std::to_string(i % 40);
                try {
                    database->write_now([&](soci::session& sql) { add_team(sql, code); });
                } catch (const std::exception&) { // the code is taken
                    ++refused;
                }
            }
        });
    for (auto& each : writers) each.join();
    CHECK(database->read_now(count_teams) == 8 * 40);
    CHECK(refused == 8 * 10);
}

TEST_CASE("a restart finds what was written and applies no migration twice", "[database]") {
    tests::temporary_database database;
    database->write_now([](soci::session& sql) { add_team(sql, "kept"); });
    database.reopen();
    CHECK(database->read_now(count_teams) == 1);
    CHECK(migrate(database.options()) == 0);
}

TEST_CASE("on SQLite the writer and every reader have the settings that keep words and keep them secret", "[database]") {
    tests::temporary_database database;
    if (database->is_mariadb()) return;
    auto settings = [](soci::session& sql) {
        std::map<std::string, std::string> out;
        for (std::string name : {"journal_mode", "synchronous", "foreign_keys", "trusted_schema", "secure_delete", "temp_store",
                                 "query_only", "wal_autocheckpoint", "busy_timeout"}) {
            std::string value;
            sql << "PRAGMA " + name, soci::into(value);
            out[name] = value;
        }
        return out;
    };
    std::map<std::string, std::string> wanted = {{"journal_mode", "wal"}, {"synchronous", "2"},        {"foreign_keys", "1"},
                                                 {"trusted_schema", "0"}, {"secure_delete", "1"},      {"temp_store", "2"},
                                                 {"query_only", "0"},     {"wal_autocheckpoint", "0"}, {"busy_timeout", "5000"}};
    CHECK(database->write_now(settings) == wanted);
    wanted["query_only"] = "1"; // the writer alone writes, and checkpoints, between two commits
    for (int reader = 0; reader < 6; ++reader) CHECK(database->read_now(settings) == wanted);
}

TEST_CASE("a migration that went missing is noticed, one of a newer program is not held against the database", "[database]") {
    tests::temporary_database database;
    CHECK(database->read_now(has_every_migration));
    database->write_now([](soci::session& sql) { sql::change(sql, "INSERT INTO schema_version (version, name) VALUES (9999, 'future')"); });
    CHECK(database->read_now(has_every_migration));
    database->write_now([](soci::session& sql) { sql::change(sql, "DELETE FROM schema_version WHERE version = 4"); });
    CHECK_FALSE(database->read_now(has_every_migration));
}

TEST_CASE("a newer schema is refused with a sentence and left alone", "[database]") {
    tests::temporary_database database;
    database->write_now([](soci::session& sql) { sql::change(sql, "INSERT INTO schema_version (version, name) VALUES (9999, 'future')"); });
    CHECK_THROWS_WITH(open_database(database.options()), Catch::Contains("9999") && Catch::Contains("install the newer version"));
}
