// SPDX-License-Identifier: EUPL-1.2
#include "model/database_copy.hpp"
#include "model/migrations.hpp"
#include "model/sql.hpp"
#include "model/ticket.hpp"
#include "tests/support/samples.hpp"
#include "tests/support/temporary_database.hpp"

#include <catch2/catch.hpp>

#include <map>

using namespace relais;
using namespace relais::model;

namespace {

using content = std::map<std::string, std::vector<tables::row>>;

content content_of(database_source& from) {
    content out;
    for (const auto& table : from.tables()) from.rows(table, [&](const tables::row& row) { out[table.name].push_back(row); });
    return out;
}

void open_tickets(database& into, int first, int last) {
    for (int number = first; number <= last; ++number)
        into.write_now(
            [number](soci::session& sql) { tickets::open(sql, tests::sample_contact(number), tests::citizen_actor(), tests::monday); });
}

void copy(database_source& from, const database_options& to) {
    database_destination into(to, from.versions());
    for (const auto& table : from.tables()) {
        into.table(table.name, table.columns);
        from.rows(table, [&](const tables::row& row) { into.row(row); });
    }
    into.finish();
}

// Where nothing is yet, on the database of this run.
struct empty_place {
    empty_place() {
        if (!database.options().is_mariadb()) {
            options.sqlite_file = folder.path("copy/relais.db");
            return;
        }
        options = database.options();
        options.mariadb_database += "_copy";
        database->write_now([this](soci::session& sql) { sql << "CREATE DATABASE " + options.mariadb_database; });
    }
    ~empty_place() {
        if (options.is_mariadb()) database->write_now([this](soci::session& sql) { sql << "DROP DATABASE " + options.mariadb_database; });
    }
    tests::temporary_database database;
    tests::temporary_folder folder;
    database_options options;
};

} // namespace

TEST_CASE("a database copied is the same to the last row", "[database_copy]") {
    tests::temporary_database original;
    open_tickets(*original, 1, 9);
    original->write_now([](soci::session& sql) {
        sql::change(sql, "UPDATE ticket SET subject = :subject, closed_at = NULL WHERE id = 1",
                    "l'été: 10 % \\ \"œuvre\" \xF0\x9F\x9A\x97\n;");
        sql::change(sql,
                    "INSERT INTO login_session (hash, user_id, stage, created_at, seen_at, confirmed_at) VALUES ('h', 1, 'full', 0, 0, 0)");
    });
    empty_place place;
    database_source from(original.options());
    copy(from, place.options);
    auto before = content_of(from);
    database_source copied(place.options);
    auto after = content_of(copied);
    CHECK(before.at("ticket").size() == 9);
    CHECK(before == after);
    CHECK(before.count("login_session") == 0);
    CHECK(migrate(place.options) == 0);
    auto reopened = open_database(place.options);
    open_tickets(*reopened, 1000, 1000); // ids go on after the copied ones
    CHECK(reopened->read_now([](soci::session& sql) { return *sql::first<int>(sql, "SELECT COUNT(*) FROM ticket"); }) == 10);
    reopened->stop();
}

TEST_CASE("a copy shows one moment, whatever is written meanwhile", "[database_copy]") {
    tests::temporary_database original;
    open_tickets(*original, 1, 3);
    database_source from(original.options());
    auto before = content_of(from);
    open_tickets(*original, 4, 8);
    CHECK(content_of(from) == before);
    database_source later(original.options());
    CHECK(content_of(later).at("ticket").size() == 8);
}

TEST_CASE("more rows than a page are all read, once each, whatever their key", "[database_copy]") {
    tests::temporary_database original;
    auto fill = [](soci::session& sql) {
        sql::change(sql, "CREATE TABLE two_keys (a BIGINT NOT NULL, b VARCHAR(10) NOT NULL, c DOUBLE NULL, PRIMARY KEY (a, b))");
        for (int i = 0; i < 1200; ++i)
            sql::change(sql, "INSERT INTO two_keys (a, b, c) VALUES (:a, :b, :c)", i / 7, std::to_string(i % 7), std::to_string(i / 3.0));
        sql::change(sql, "UPDATE two_keys SET c = 3.0000000000000004e-1 WHERE a = 1");
        sql::change(sql, "UPDATE two_keys SET c = NULL WHERE a = 2");
    };
    original->write_now(fill);
    database_source from(original.options());
    auto rows = content_of(from).at("two_keys");
    CHECK(rows.size() == 1200);
    CHECK(rows.at(7)[2] == "0.30000000000000004");
    CHECK_FALSE(rows.at(14)[2]);
    std::sort(rows.begin(), rows.end());
    CHECK(std::unique(rows.begin(), rows.end()) == rows.end());
}

TEST_CASE("a copy refuses what is not empty and what it does not know", "[database_copy]") {
    tests::temporary_database original;
    CHECK_THROWS_AS(database_destination(original.options(), {1}), std::runtime_error);
    CHECK_THROWS_WITH(database_destination(database_options{}, {9999}), Catch::Contains("newer version"));
    empty_place place;
    database_source from(original.options());
    database_destination into(place.options, from.versions());
    CHECK_THROWS_WITH(into.table("tickets", {"id"}), Catch::Contains("tickets"));
    CHECK_THROWS_WITH(into.table("ticket", {"id", "colour"}), Catch::Contains("not one of ours"));
    CHECK_THROWS_WITH(into.table("lease", {"name"}), Catch::Contains("lease"));
}

TEST_CASE("an interrupted copy on SQLite leaves nothing in the way of the next one", "[database_copy]") {
    tests::temporary_database original;
    if (original.options().is_mariadb()) return;
    open_tickets(*original, 1, 2);
    empty_place place;
    database_source from(original.options());
    {
        database_destination into(place.options, from.versions());
        into.table("team", {"id", "code", "name"});
        into.row({"1", "a", "A"});
    }
    CHECK_FALSE(std::filesystem::exists(place.options.sqlite_file));
    copy(from, place.options);
    database_source copied(place.options);
    CHECK(content_of(copied) == content_of(from));
}

TEST_CASE("rows of an older schema are brought up to date", "[database_copy]") {
    empty_place place;
    {
        database_destination into(place.options, {1});
        into.table("team", {"id", "code", "name"});
        into.row({"1", "a", "A"});
        into.finish();
    }
    database_source copied(place.options);
    CHECK(copied.versions().size() == migrations().size());
    CHECK(content_of(copied).at("team").size() == 1);
}
