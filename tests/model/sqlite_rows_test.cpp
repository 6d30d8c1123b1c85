// SPDX-License-Identifier: EUPL-1.2
#include "model/backend.hpp"
#include "model/sql.hpp"
#include "model/sqlite_rows.hpp"
#include "tests/support/temporary_database.hpp"

#include <catch2/catch.hpp>

#include <array>

using namespace relais;
using namespace relais::model;

namespace {

constexpr auto insert_word = "INSERT INTO word (code, text, number) VALUES (?, ?, ?)";

// A file of SQLite's, whatever database the run is of.
struct place {
    place() {
        sqlite::open_session(session, folder.path("words.db"), false);
        sql::change(session, "CREATE TABLE word (code TEXT PRIMARY KEY NOT NULL, text TEXT NOT NULL, number INTEGER NOT NULL)");
    }
    ~place() { sql::forget_statements(session); }
    void add(std::string_view code, std::string_view text, std::string_view number) {
        sqlite::inserter_of(session, insert_word).insert(std::array{code, text, number});
    }
    tests::temporary_folder folder;
    soci::session session;
};

} // namespace

TEST_CASE("rows bound where they lie are kept byte for byte, numbers as numbers, nothing as an empty text", "[sqlite_rows]") {
    place here;
    auto odd = std::string("l'été\0 😀", 13);
    here.add("a", odd, "-9007199254740993");
    here.add("b", {}, "7");
    using row = std::tuple<std::string, std::string, std::int64_t, std::string>;
    auto found = sql::all<row>(here.session, "SELECT code, text, number, typeof(number) FROM word ORDER BY code");
    CHECK(found == std::vector<row>{{"a", odd, -9007199254740993, "integer"}, {"b", "", 7, "integer"}});
}

TEST_CASE("a row that is refused is told as any other, and the next one goes in", "[sqlite_rows]") {
    place here;
    here.add("a", "one", "1");
    try {
        here.add("a", "again", "2");
        FAIL("a second row for one key");
    } catch (const std::exception& error) {
        CHECK(sql::is_duplicate(error));
    }
    CHECK_THROWS_AS(sqlite::inserter_of(here.session, insert_word).insert(std::array{std::string_view("b")}), soci::soci_error);
    CHECK_THROWS_AS(sqlite::inserter_of(here.session, "INSERT INTO nowhere (a) VALUES (?)"), soci::soci_error);
    here.add("b", "two", "2");
    CHECK(sql::all<std::string>(here.session, "SELECT text FROM word ORDER BY code") == std::vector<std::string>{"one", "two"});
}
