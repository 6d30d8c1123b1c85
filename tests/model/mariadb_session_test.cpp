// SPDX-License-Identifier: EUPL-1.2
// What the server is asked to prepare, counted by a MariaDB of the test's own.
#include "model/backend.hpp"
#include "model/mariadb_session.hpp"
#include "model/sql.hpp"
#include "tests/support/private_mariadb.hpp"

#include <catch2/catch.hpp>

using namespace relais;
using namespace relais::model;

namespace {

// A server with a small table, and one session.
struct place {
    explicit place(std::vector<std::string> arguments = {}) : server(std::move(arguments)) {
        server.run("CREATE DATABASE relais");
        server.run("CREATE TABLE relais.word (id INT AUTO_INCREMENT PRIMARY KEY, text VARCHAR(80) NOT NULL UNIQUE)");
        open();
    }
    ~place() { close(); }
    void open() {
        database_options options;
        options.mariadb_socket = server.socket(), options.mariadb_database = "relais", options.mariadb_user = "root";
        mariadb::open_session(session, options);
    }
    void close() {
        sql::forget_statements(session);
        session.close();
    }
    std::int64_t add(const std::string& text) { return sql::insert(session, "INSERT INTO word (text) VALUES (:text)", text); }
    std::optional<std::string> find(std::int64_t id) {
        return sql::first<std::string>(session, "SELECT text FROM word WHERE id = :id", id);
    }
    int status(const std::string& name) { return std::stoi(server.ask("SHOW GLOBAL STATUS LIKE '" + name + "'")); }

    tests::private_mariadb server;
    soci::session session;
};

// The server's number for an error; 0 when there was none.
template <class Work> unsigned code_of(Work work) {
    try {
        work();
        return 0;
    } catch (const soci::mysql_soci_error& error) {
        return error.err_num_;
    }
}

} // namespace

TEST_CASE("a statement with values is prepared once for its session, and closed with it", "[mariadb]") {
    place here;
    CHECK(here.add("one") == 1);
    CHECK(here.add("two") == 2);
    for (int i = 0; i < 3; ++i) CHECK(here.find(2) == "two");
    CHECK_FALSE(here.find(3));
    CHECK(here.status("Com_stmt_prepare") == 2);
    CHECK(here.status("Com_stmt_execute") == 6);
    CHECK(here.status("Prepared_stmt_count") == 2);
    sql::forget_statements(here.session);
    CHECK(here.find(1) == "one"); // after the server has heard that the others are closed
    CHECK(here.status("Prepared_stmt_count") == 1);
}

TEST_CASE("a server that prepares no more statements runs them as text", "[mariadb]") {
    place here({"--max-prepared-stmt-count=1"});
    auto text = std::string("l'été \\ \"x\" ?");
    auto id = here.add(text);
    for (int i = 0; i < 2; ++i) CHECK(here.find(id) == text);
    CHECK(here.status("Com_stmt_execute") == 1);
}

TEST_CASE("a refused value is told with the server's own number, and the statement runs again", "[mariadb]") {
    place here;
    here.add("one");
    CHECK(code_of([&] { here.add("one"); }) == 1062);
    CHECK(code_of([&] { here.add(std::string(81, 'x')); }) == 1406);
    here.add("two");
    CHECK(here.status("Prepared_stmt_count") == 1); // a statement that failed is closed, not lost
    CHECK(code_of([&] { sql::first<int>(here.session, "SELECT id FROM wrong WHERE id = :id", 1); }) == 1146);
    CHECK(code_of([&] { sql::first<int>(here.session, "SELEC id FROM word WHERE id = :id", 1); }) == 1064);
}

TEST_CASE("a kept statement survives a change of its table", "[mariadb]") {
    place here;
    using row = std::tuple<std::int64_t, std::string>;
    auto all = [&] { return sql::all<row>(here.session, "SELECT id, text FROM word WHERE id > :id ORDER BY id", 0); };
    here.add("one");
    CHECK(all() == std::vector<row>{{1, "one"}});
    here.server.run(
        "ALTER TABLE relais.word MODIFY id BIGINT AUTO_INCREMENT, MODIFY text TEXT NOT NULL, ADD COLUMN more INT, DROP INDEX text");
    auto longer = std::string(3000, 'y');
    here.server.run("UPDATE relais.word SET id = 5000000000");
    CHECK(here.add(longer) == 5000000001);
    CHECK(all() == std::vector<row>{{5000000000, "one"}, {5000000001, longer}});
}

TEST_CASE("a number that does not fit is an error, not another number", "[mariadb]") {
    place here;
    auto number = [&](const std::string& of) { return sql::first<std::int64_t>(here.session, "SELECT " + of + " + :none", 0); };
    CHECK(number("9223372036854775807") == INT64_MAX);
    CHECK(number("CAST(-9223372036854775807 AS SIGNED)") == -INT64_MAX);
    CHECK_THROWS_AS(number("9223372036854775808"), soci::soci_error);
    CHECK_THROWS_AS(sql::first<std::int64_t>(here.session, "SELECT 1, 2 + :none", 0), soci::soci_error);
    CHECK_THROWS_AS(sql::first<std::int64_t>(here.session, "SELECT :one + :two", 1), soci::soci_error);
    CHECK_THROWS_AS(sql::first<std::int64_t>(here.session, "SELECT :one + 1", 1, 2), soci::soci_error);
    CHECK(number("41") == 41);
}

TEST_CASE("a statement of a lost connection says that it is lost, and is prepared on the next", "[mariadb]") {
    place here;
    here.add("one");
    auto id = here.server.ask("SELECT CAST(id AS CHAR) FROM information_schema.processlist WHERE db = 'relais'");
    here.server.run("KILL " + id);
    auto find = [&] {
        try {
            here.find(1);
        } catch (const std::exception& error) {
            return mariadb::is_lost(error);
        }
        return false;
    };
    CHECK(find());
    CHECK(find()); // and again, until the session is opened anew
    CHECK(code_of([&] { here.add("two"); }) != 0);
    here.close(), here.open();
    CHECK(here.find(1) == "one");
    CHECK(here.add("two") == 2);
}
