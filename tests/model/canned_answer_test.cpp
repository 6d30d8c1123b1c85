// SPDX-License-Identifier: EUPL-1.2
#include "model/canned_answer.hpp"

#include "model/error.hpp"
#include "model/sql.hpp"
#include "tests/support/temporary_database.hpp"

#include <catch2/catch.hpp>

using namespace relais::model;
namespace canned = relais::model::canned_answers;

namespace {

const sys_seconds now = at_seconds(1'795'600'000);
const actor marc{"staff", 1, "Marc Petit"};

struct shelf {
    relais::tests::temporary_database database;
    template <class Visit> auto write(Visit visit) { return database->write_now(std::move(visit)); }
    std::int64_t add(const std::string& title, std::optional<std::int64_t> team = {}) {
        return write([&](soci::session& sql) { return canned::add(sql, {team, title, "Bonjour {nom}"}, marc, now); });
    }
    std::int64_t add_team(const std::string& code) {
        return write([&](soci::session& sql) { return sql::insert(sql, "INSERT INTO team (code, name) VALUES (:c, :n)", code, code); });
    }
    std::int64_t add_user(const std::string& login, std::optional<std::int64_t> team) {
        return write([&](soci::session& sql) {
            return sql::insert(sql,
                               "INSERT INTO user_account (login, name, role, team_id, password_hash, created_at, password_changed_at) "
                               "VALUES (:login, :name, 'agent', :team, 'x', 0, 0)",
                               login, login, team);
        });
    }
    std::vector<std::string> offered_to(std::int64_t user) {
        return database->read_now([&](soci::session& sql) {
            std::vector<std::string> out;
            for (const auto& each : canned::offered_to(sql, user)) out.push_back(each.title);
            return out;
        });
    }
};

} // namespace

TEST_CASE("a changed answer keeps its earlier text, and an overtaken change is refused", "[canned]") {
    shelf shelf;
    auto id = shelf.add("Photo");
    shelf.write([&](soci::session& sql) { canned::change(sql, id, 1, {{}, "Photo refusée", "Refaites {nom}"}, marc, now); });
    CHECK_THROWS_AS(shelf.write([&](soci::session& sql) { canned::change(sql, id, 1, {{}, "x", "y"}, marc, now); }), conflict);
    auto texts = shelf.database->read_now([&](soci::session& sql) { return canned::texts(sql, id); });
    REQUIRE(texts.size() == 2);
    CHECK(texts[0].title == "Photo refusée");
    CHECK(texts[1].title == "Photo");
    CHECK(texts[1].body == "Bonjour {nom}");
    CHECK(texts[1].written_by == "Marc Petit");
}

TEST_CASE("an answer is offered to its team and to those who are in none, until it is retired", "[canned]") {
    shelf shelf;
    auto paris = shelf.add_team("paris"), lille = shelf.add_team("lille");
    auto everyones = shelf.add("A tous");
    shelf.add("B Paris", paris);
    auto of_paris = shelf.add_user("p", paris), of_lille = shelf.add_user("l", lille), of_none = shelf.add_user("n", {});
    CHECK(shelf.offered_to(of_paris) == std::vector<std::string>{"A tous", "B Paris"});
    CHECK(shelf.offered_to(of_lille) == std::vector<std::string>{"A tous"});
    CHECK(shelf.offered_to(of_none) == std::vector<std::string>{"A tous", "B Paris"});
    shelf.write([&](soci::session& sql) { canned::set_retired(sql, everyones, 1, true, marc, now); });
    CHECK(shelf.offered_to(of_lille).empty());
    shelf.write([&](soci::session& sql) { canned::set_retired(sql, everyones, 1, false, marc, now); });
    CHECK(shelf.offered_to(of_lille).size() == 1);
    shelf.write([&](soci::session& sql) { canned::set_retired(sql, everyones, 1, false, marc, now); }); // the same again is no conflict
    CHECK_THROWS_WITH(shelf.write([&](soci::session& sql) { canned::set_retired(sql, everyones, 2, true, marc, now); }), "conflict.canned");
    CHECK(shelf.offered_to(of_lille).size() == 1);
}

TEST_CASE("an answer without words, with an unknown variable or an unknown team is refused whole", "[canned]") {
    shelf shelf;
    auto faults = [&](canned::words typed) {
        try {
            shelf.write([&](soci::session& sql) { return canned::add(sql, typed, marc, now); });
        } catch (const invalid& why) {
            return why.faults.size();
        }
        return std::size_t{0};
    };
    CHECK(faults({{}, "", " \n"}) == 2);
    CHECK(faults({{}, "Titre", "Bonjour {prénom}"}) == 1);
    CHECK(faults({9999, "Titre", "Bonjour"}) == 1);
    CHECK(faults({{}, std::string(121, 'a'), std::string(5001, 'a')}) == 2);
    CHECK(shelf.database->read_now([](soci::session& sql) { return canned::all(sql); }).empty());
    CHECK(faults({{}, std::string(120, 'a'), std::string(5000, 'a')}) == 0);
}
