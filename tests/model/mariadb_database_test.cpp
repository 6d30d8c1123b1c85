// SPDX-License-Identifier: EUPL-1.2
// A MariaDB server of the test's own, which is stopped, started and given narrow accounts.
#include "model/database_copy.hpp"
#include "model/error.hpp"
#include "model/migrations.hpp"
#include "model/sql.hpp"
#include "tests/support/private_mariadb.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <chrono>
#include <memory>
#include <thread>

using namespace relais;
using namespace relais::model;
using namespace std::chrono_literals;

namespace {

database_options options_of(const tests::private_mariadb& server, const std::string& user) {
    database_options out;
    out.mariadb_host = "127.0.0.1", out.mariadb_port = server.port(), out.mariadb_database = "relais";
    out.mariadb_user = user, out.mariadb_password = user == "root" ? "" : "secret";
    if (user == "root") out.mariadb_host = "", out.mariadb_socket = server.socket();
    out.sessions = 4;
    return out;
}

// limits: "WITH MAX_USER_CONNECTIONS 2", or nothing.
void add_account(tests::private_mariadb& server, const std::string& limits = "") {
    server.run("CREATE DATABASE relais");
    server.run("CREATE USER app@'127.0.0.1' IDENTIFIED BY 'secret' " + limits);
    server.run("GRANT SELECT, INSERT, UPDATE, DELETE ON relais.* TO app@'127.0.0.1'");
}

void add_team(soci::session& sql, const std::string& code) {
    sql::change(sql, "INSERT INTO team (code, name) VALUES (:code, 'Team')", code);
}
int count_teams(soci::session& sql) { return *sql::first<int>(sql, "SELECT COUNT(*) FROM team"); }

template <class Condition> bool becomes_true(Condition condition) {
    for (auto until = std::chrono::steady_clock::now() + 30s; std::chrono::steady_clock::now() < until;) {
        if (condition()) return true;
        std::this_thread::sleep_for(10ms);
    }
    return false;
}

// Its sessions were cut: each finds out, and none comes back.
bool becomes_refused(database& of) {
    return becomes_true([&] {
        try {
            of.read_now(count_teams);
        } catch (const busy&) {
        }
        return !of.state().ready;
    });
}

// A visit that does something of the test's own the first time it runs, and not when it is run again.
template <class First> auto once(First first) {
    return [first, is_again = std::make_shared<std::atomic<bool>>(false)](soci::session& sql) {
        if (!is_again->exchange(true)) first(sql);
    };
}

std::string team_name(database& from, const std::string& code) {
    return from.read_now(
        [&code](soci::session& sql) { return *sql::first<std::string>(sql, "SELECT name FROM team WHERE code = :code", code); });
}

} // namespace

TEST_CASE("the server's account needs no right on the schema, and says who makes it", "[mariadb]") {
    tests::private_mariadb server;
    add_account(server);
    auto app = options_of(server, "app");
    CHECK_THROWS_WITH(open_database(app), Catch::Contains("relais migrate"));
    CHECK_THROWS(migrate(app));
    CHECK(migrate(options_of(server, "root")) == static_cast<int>(migrations().size()));
    auto database = open_database(app);
    database->write_now([](soci::session& sql) { add_team(sql, "a"); });
    CHECK(database->read_now(count_teams) == 1);
    database->stop();
}

TEST_CASE("a migration that joined the program late is applied all the same", "[mariadb]") {
    tests::private_mariadb server;
    add_account(server);
    auto root = options_of(server, "root");
    migrate(root);
    server.run("DELETE FROM relais.schema_version WHERE version = 4");
    CHECK_THROWS_WITH(open_database(options_of(server, "app")), Catch::Contains("relais migrate"));
    CHECK(migrate(root) == 1);
    open_database(options_of(server, "app"))->stop();
}

TEST_CASE("a migration that is interrupted before it is noted is made again, and changes no row twice", "[mariadb]") {
    tests::private_mariadb server;
    add_account(server);
    auto root = options_of(server, "root");
    std::vector<int> before;
    for (const auto& each : migrations())
        if (each.version < 209) before.push_back(each.version);
    migrate_only(root, before);
    for (const std::string values : {"1, NULL, 1", "2, 1, 2"}) // an incident, and one that was merged into it
        server.run("INSERT INTO relais.incident (id, merged_into, me_too, state, cause_text, public_workaround, internal_workaround, "
                   "law_procedure, description, created_at, updated_at) VALUES (" +
                   values + ", 'confirmed', '', '', '', '', '', 1, 1)");
    for (auto version : {"209", "210", "216"}) { // of rows alone, likewise, and one that ends by dropping what it kept
        server.run("CREATE TRIGGER relais.cut BEFORE INSERT ON relais.schema_version FOR EACH ROW BEGIN IF NEW.version = " +
                   std::string(version) + " THEN SIGNAL SQLSTATE '45000'; END IF; END");
        CHECK_THROWS(migrate(root));
        server.run("DROP TRIGGER relais.cut");
    }
    CHECK(migrate(root) > 0);
    auto database = open_database(options_of(server, "app"));
    auto me_too = [](soci::session& sql) { return *sql::first<int>(sql, "SELECT me_too FROM incident WHERE id = 1"); };
    CHECK(database->read_now(me_too) == 3);
    database->stop();
}

TEST_CASE("what a migration kept for its own work is dropped by the next when it was interrupted once noted", "[mariadb]") {
    tests::private_mariadb server;
    add_account(server);
    auto root = options_of(server, "root"), half = options_of(server, "half");
    std::vector<int> before;
    for (const auto& each : migrations())
        if (each.version < 216) before.push_back(each.version);
    migrate_only(root, before);
    server.run("CREATE USER half@'127.0.0.1' IDENTIFIED BY 'secret'"); // who may make tables, and drop none
    server.run("GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, INDEX ON relais.* TO half@'127.0.0.1'");
    CHECK_THROWS(migrate(half));
    CHECK_FALSE(server.ask("SELECT name FROM relais.schema_version WHERE version = 216").empty());
    CHECK(migrate(root) > 0);
    server.run("CREATE DATABASE copy");
    auto copy = root;
    copy.mariadb_database = "copy";
    database_source from(root);
    database_destination into(copy, from.versions());
    for (const auto& table : from.tables()) CHECK_NOTHROW(into.table(table.name, table.columns));
    into.finish();
    CHECK(migrate(copy) == 0);
}

TEST_CASE("sessions that get no connection leave the visits to those that have one", "[mariadb]") {
    tests::private_mariadb server;
    add_account(server, "WITH MAX_USER_CONNECTIONS 2");
    migrate(options_of(server, "root"));
    auto database = open_database(options_of(server, "app"));
    std::atomic<int> refused = 0;
    std::vector<std::thread> clients;
    for (int client = 0; client < 8; ++client)
        clients.emplace_back([&, client] {
            for (int i = 0; i < 10; ++i) {
                auto code = std::to_string(client) + "-" + std::to_string(i);
                try {
                    database->write_now([&code](soci::session& sql) { add_team(sql, code); });
                } catch (const busy&) {
                    ++refused;
                }
            }
        });
    for (auto& each : clients) each.join();
    CHECK(refused == 0);
    CHECK(database->read_now(count_teams) == 80);
    database->stop();
}

TEST_CASE("connections that the server has cut are opened again without a visit being lost", "[mariadb]") {
    tests::private_mariadb server;
    add_account(server);
    migrate(options_of(server, "root"));
    auto database = open_database(options_of(server, "app"));
    for (int i = 0; i < 5; ++i) {
        database->write_now([i](soci::session& sql) { add_team(sql, std::to_string(i)); });
        server.run("KILL USER app");
    }
    CHECK(database->read_now(count_teams) == 5);
    database->stop();
}

TEST_CASE("while MariaDB is away visits are told busy, and afterwards sessions come back by themselves", "[mariadb]") {
    tests::private_mariadb server;
    add_account(server);
    migrate(options_of(server, "root"));
    auto database = open_database(options_of(server, "app"));
    REQUIRE(database->read_now(count_teams) == 0);
    server.stop();
    auto start = std::chrono::steady_clock::now();
    for (int i = 0; i < 4; ++i) CHECK_THROWS_AS(database->read_now(count_teams), busy); // each session finds out
    CHECK(std::chrono::steady_clock::now() - start < 10s);
    CHECK(becomes_true([&] { return !database->state().ready; }));
    server.start();
    CHECK(becomes_true([&] { return database->state().ready; })); // nobody asked
    auto reads = [&] { // the first session is back before the others: a visit that met one of these may be told busy once more
        try {
            return database->read_now(count_teams) == 0;
        } catch (const busy&) {
            return false;
        }
    };
    CHECK(becomes_true(reads));
    database->stop();
}

TEST_CASE("a server that could lose what was acknowledged is refused with a sentence, at the start and later", "[mariadb]") {
    tests::private_mariadb server({"--innodb-flush-log-at-trx-commit=2"});
    add_account(server);
    migrate(options_of(server, "root"));
    auto app = options_of(server, "app");
    auto sentence = Catch::Contains("innodb_flush_log_at_trx_commit=2: acknowledged tickets could be lost. Set it to 1");
    CHECK_THROWS_WITH(open_database(app), sentence);
    server.run("SET GLOBAL innodb_flush_log_at_trx_commit = 1");
    auto database = open_database(app);
    REQUIRE(database->read_now(count_teams) == 0);
    server.run("SET GLOBAL innodb_flush_log_at_trx_commit = 2");
    server.run("KILL USER app"); // its sessions come back to a server that has changed
    CHECK(becomes_refused(*database));
    CHECK_THAT(database->state().reason, sentence);
    CHECK_THROWS_AS(database->read_now(count_teams), busy);
    server.run("SET GLOBAL innodb_flush_log_at_trx_commit = 1");
    CHECK(becomes_true([&] { return database->state().ready; }));
    database->stop();
}

TEST_CASE("a database that lost a migration under a running server is not ready until it has it again", "[mariadb]") {
    tests::private_mariadb server;
    add_account(server);
    migrate(options_of(server, "root"));
    auto database = open_database(options_of(server, "app"));
    REQUIRE(database->read_now(count_teams) == 0);
    server.run("DELETE FROM relais.schema_version WHERE version = 4");
    server.run("KILL USER app");
    CHECK(becomes_refused(*database));
    CHECK_THAT(database->state().reason, Catch::Contains("relais migrate"));
    migrate(options_of(server, "root"));
    CHECK(becomes_true([&] { return database->state().ready; }));
    database->stop();
}

TEST_CASE("a database of another character set is refused until the migrations have changed it", "[mariadb]") {
    tests::private_mariadb server;
    add_account(server);
    migrate(options_of(server, "root"));
    server.run("ALTER DATABASE relais CHARACTER SET latin1");
    CHECK_THROWS_WITH(open_database(options_of(server, "app")),
                      Catch::Contains("latin1, not utf8mb4") && Catch::Contains("relais migrate"));
    migrate(options_of(server, "root"));
    open_database(options_of(server, "app"))->stop();
}

TEST_CASE("a server whose SQL mode changes what a backslash means is refused", "[mariadb]") {
    tests::private_mariadb server({"--sql-mode=NO_BACKSLASH_ESCAPES"});
    add_account(server);
    migrate(options_of(server, "root"));
    CHECK_THROWS_WITH(open_database(options_of(server, "app")), Catch::Contains("NO_BACKSLASH_ESCAPES"));
    server.run("SET GLOBAL sql_mode = ''");
    open_database(options_of(server, "app"))->stop();
}

TEST_CASE("of two visits that wait for each other's rows one is run again, and both are done", "[mariadb]") {
    tests::private_mariadb server;
    add_account(server);
    migrate(options_of(server, "root"));
    auto database = open_database(options_of(server, "app"));
    database->write_now([](soci::session& sql) { add_team(sql, "a"), add_team(sql, "b"); });
    std::atomic<int> holding = 0;
    auto both = [&](const std::string& first, const std::string& second) {
        auto wait = once([&holding](soci::session&) { // until each holds its first row
            ++holding;
            becomes_true([&holding] { return holding == 2; });
        });
        database->write_now([=](soci::session& sql) mutable {
            constexpr auto lengthen = "UPDATE team SET name = CONCAT(name, '+') WHERE code = :code";
            sql::change(sql, lengthen, first);
            wait(sql);
            sql::change(sql, lengthen, second);
        });
    };
    std::thread other([&] { both("b", "a"); });
    both("a", "b");
    other.join();
    CHECK(team_name(*database, "a") == "Team++");
    CHECK(team_name(*database, "b") == "Team++");
    CHECK(database->state().replays >= 1); // 1213
    database->stop();
}

TEST_CASE("a visit that waited too long for a row is run again once the row is free", "[mariadb]") {
    tests::private_mariadb server;
    add_account(server);
    migrate(options_of(server, "root"));
    auto database = open_database(options_of(server, "app")), holder = open_database(options_of(server, "app"));
    database->write_now([](soci::session& sql) { add_team(sql, "a"); });
    std::atomic<bool> is_held = false;
    std::thread other([&] {
        holder->write_now([&](soci::session& sql) {
            sql::change(sql, "UPDATE team SET name = CONCAT(name, '-') WHERE code = 'a'");
            is_held = true;
            becomes_true([&] { return database->state().replays >= 1; });
        });
    });
    becomes_true([&] { return is_held.load(); });
    database->write_now([](soci::session& sql) { sql::change(sql, "UPDATE team SET name = CONCAT(name, '+') WHERE code = 'a'"); });
    other.join();
    CHECK(team_name(*database, "a") == "Team-+");
    CHECK(database->state().replays >= 1); // 1205
    holder->stop(), database->stop();
}

TEST_CASE("a statement that takes too long and a server that only reads are told busy, not failed", "[mariadb]") {
    tests::private_mariadb server;
    add_account(server);
    migrate(options_of(server, "root"));
    auto database = open_database(options_of(server, "app"));
    CHECK_THROWS_AS(database->read_now([](soci::session& sql) { sql << "SET STATEMENT max_statement_time=0.2 FOR SELECT SLEEP(30)"; }),
                    busy);
    CHECK(database->read_now(count_teams) == 0);
    server.run("SET GLOBAL read_only=1");
    auto add = [](soci::session& sql) { add_team(sql, "A"); };
    CHECK_THROWS_AS(database->write_now(add), busy);
    server.run("SET GLOBAL read_only=0");
    database->write_now(add);
    CHECK(database->read_now(count_teams) == 1);
    database->stop();
}

TEST_CASE("a visit whose row changed since it looked is run again on what is true now", "[mariadb]") {
    tests::private_mariadb server({"--innodb-snapshot-isolation=ON"});
    add_account(server);
    migrate(options_of(server, "root"));
    auto database = open_database(options_of(server, "app"));
    database->write_now([](soci::session& sql) { add_team(sql, "a"); });
    auto meanwhile = once([&](soci::session&) { server.run("UPDATE relais.team SET name = 'Changed' WHERE code = 'a'"); });
    database->write_now([meanwhile](soci::session& sql) mutable {
        auto seen = *sql::first<std::string>(sql, "SELECT name FROM team WHERE code = 'a'");
        meanwhile(sql);
        sql::change(sql, "UPDATE team SET name = :name WHERE code = 'a'", seen + "+");
    });
    CHECK(team_name(*database, "a") == "Changed+");
    CHECK(database->state().replays >= 1); // 1020
    database->stop();
}
