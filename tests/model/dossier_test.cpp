// SPDX-License-Identifier: EUPL-1.2
#include "model/dossier.hpp"
#include "model/error.hpp"
#include "model/sql.hpp"
#include "tests/support/dossiers.hpp"
#include "tests/support/temporary_database.hpp"

#include <catch2/catch.hpp>

using namespace relais;
using namespace relais::model;
using tests::some_dossier;

namespace {

const auto noon = at_seconds(1'795'000'000);

dossier_store_counts store(tests::temporary_database& database, const std::vector<dossier_news>& news) {
    return database->write_now([&](soci::session& sql) { return dossiers::store(sql, news, noon); });
}
dossier by_number(tests::temporary_database& database, const std::string& number) {
    return *database->read_now([&](soci::session& sql) { return dossiers::find_by_number(sql, number); });
}
std::vector<std::string> found(tests::temporary_database& database, const dossier_query& query) {
    auto rows = database->read_now([&](soci::session& sql) { return dossiers::search(sql, query); });
    std::vector<std::string> out;
    for (const auto& each : rows) out.push_back(each.number);
    return out;
}
using numbers = std::vector<std::string>;

} // namespace

TEST_CASE("a dossier is found by its number however it is spaced, and by nothing else", "[dossier]") {
    tests::temporary_database database;
    store(database,
          {some_dossier("PC-2026-0001", "Dupont", "Jean", "1980-01-02"), some_dossier("PC-2026-00-01", "Autre", "Luc", "1981-01-02")});
    CHECK(by_number(database, "PC-2026-0001").birth_name == "Dupont");
    CHECK(by_number(database, "PC-2026-00-01").birth_name == "Autre");
    auto find = [](const std::string& typed) { return [typed](soci::session& sql) { return dossiers::find_by_number(sql, typed); }; };
    CHECK_FALSE(database->read_now(find("pc 2026 0001"))); // two numbers are written so
    CHECK_FALSE(database->read_now(find("PC-2026-0002")));
    CHECK_FALSE(database->read_now(find("")));
    store(database, {some_dossier("PC-2026-0007", "Seul", "Paul", "1982-01-02")});
    CHECK(database->read_now(find(" pc 2026.0007 "))->birth_name == "Seul");
}

TEST_CASE("a dossier's address is opaque: neither its number nor its row", "[dossier]") {
    tests::temporary_database database;
    store(database, {some_dossier("PC-1", "Dupont", "Jean", "1980-01-02"), some_dossier("PC-2", "Dupond", "Jean", "1980-01-02")});
    auto one = by_number(database, "PC-1"), two = by_number(database, "PC-2");
    CHECK(one.public_id.size() == 32);
    CHECK(one.public_id != two.public_id);
    CHECK(database->read_now([&](soci::session& sql) { return dossiers::get(sql, one.public_id); }).number == "PC-1");
    CHECK_THROWS_AS(database->read_now([](soci::session& sql) { return dossiers::get(sql, "PC-1"); }), not_found);
    CHECK_THROWS_AS(database->read_now([](soci::session& sql) { return dossiers::get(sql, "1"); }), not_found);
}

TEST_CASE("the newer news wins, the older changes nothing, the same changes nothing", "[dossier]") {
    tests::temporary_database database;
    auto first = some_dossier("PC-1", "Dupont", "Jean", "1980-01-02");
    CHECK(store(database, {first}).added == 1);
    CHECK(store(database, {first}).unchanged == 1);
    auto newer = first, older = first;
    newer.values.status = "ACCEPTED", newer.values.updated_at += std::chrono::seconds(1);
    older.values.status = "DRAFT", older.values.updated_at -= std::chrono::seconds(1);
    auto public_id = by_number(database, "PC-1").public_id;
    CHECK(store(database, {newer}).updated == 1);
    CHECK(store(database, {older}).unchanged == 1);
    CHECK(by_number(database, "PC-1").status == "ACCEPTED");
    CHECK(by_number(database, "PC-1").public_id == public_id);
}

TEST_CASE("two lines of one file about the same dossier leave the newer, in whatever order", "[dossier]") {
    tests::temporary_database database;
    auto old_line = some_dossier("PC-1", "Dupont", "Jean", "1980-01-02"), new_line = old_line;
    new_line.values.status = "ACCEPTED", new_line.values.updated_at += std::chrono::seconds(5);
    auto counts = store(database, {new_line, old_line});
    CHECK((counts.added == 1 && counts.unchanged == 1));
    CHECK(by_number(database, "PC-1").status == "ACCEPTED");
}

TEST_CASE("what a file does not tell keeps what it was; news without a date is of now", "[dossier]") {
    tests::temporary_database database;
    store(database, {some_dossier("PC-1", "Dupont", "Jean", "1980-01-02", "190300200123")});
    dossier_news partial;
    partial.values.number = "PC-1", partial.values.status = "ACCEPTED", partial.values.source = "import";
    partial.told.reset();
    partial.told[static_cast<std::size_t>(dossiers::column::status)] = true;
    partial.is_dated = false;
    CHECK(store(database, {partial}).updated == 1);
    auto row = by_number(database, "PC-1");
    CHECK((row.status == "ACCEPTED" && row.birth_name == "Dupont" && row.neph == "190300200123" && row.updated_at == noon));
    CHECK(store(database, {partial}).unchanged == 1);
}

TEST_CASE("an agent finds a dossier by any of the ways people name it", "[dossier]") {
    tests::temporary_database database;
    auto married = some_dossier("PC-3", "Lefèvre", "Anne-Marie", "1975-06-07", "190300200333");
    married.values.usual_name = "de la Tour";
    store(database, {some_dossier("PC-1", "Dupont", "Jean Paul", "1980-01-02", "190300200123"),
                     some_dossier("PC-2", "Dupont", "Lucie", "1990-00-00", "190300200124"), married});
    CHECK(found(database, {.number = "pc1"}) == numbers{"PC-1"});
    CHECK(found(database, {.neph = "1903 0020 0123"}) == numbers{"PC-1"});
    CHECK(found(database, {.name = "dupont"}) == numbers{"PC-1", "PC-2"});
    CHECK(found(database, {.name = "Jean DUPONT"}) == numbers{"PC-1"});
    CHECK(found(database, {.name = "lefevre anne"}) == numbers{"PC-3"});
    CHECK(found(database, {.name = "De La Tour"}) == numbers{"PC-3"});
    CHECK(found(database, {.birth_date = "1990-00-00"}) == numbers{"PC-2"});
    CHECK(found(database, {.name = "lefevre", .birth_date = "1975-06-07"}) == numbers{"PC-3"});
    CHECK(found(database, {.q = "190300200"}) == numbers{"PC-1", "PC-2", "PC-3"});
    CHECK(found(database, {.q = "tour"}).empty());
    CHECK(found(database, {.name = "Dupont", .birth_date = "1975-06-07"}).empty());
    CHECK(found(database, {.neph = "190300200123", .name = "Lefevre"}).empty());
    CHECK_THROWS_AS(found(database, {}), invalid);
}

TEST_CASE("a search is bounded", "[dossier]") {
    tests::temporary_database database;
    std::vector<dossier_news> many;
    for (int i = 0; i < 120; ++i) many.push_back(some_dossier("PC-" + std::to_string(1000 + i), "Martin", "Jean", "1980-01-02"));
    CHECK(store(database, many).added == 120);
    CHECK(found(database, {.name = "martin"}).size() == dossiers::search_limit);
    auto few = database->read_now([](soci::session& sql) { return dossiers::search(sql, {.name = "martin"}, 3); });
    CHECK(few.size() == 3);
}

TEST_CASE("a snapshot shows the state at contact after the dossier has moved", "[dossier]") {
    tests::temporary_database database;
    auto news = some_dossier("PC-1", "Dupont", "Jean", "1980-01-02");
    news.values.error_code = "E-104", news.values.portal_release = "24.3";
    store(database, {news});
    auto id = by_number(database, "PC-1").id;
    database->write_now([&](soci::session& sql) { dossiers::snapshot(sql, id, 77, "mirror", noon); });
    news.values.status = "ACCEPTED", news.values.error_code = "", news.values.updated_at += std::chrono::hours(1);
    store(database, {news});
    database->write_now([&](soci::session& sql) { dossiers::snapshot(sql, id, 77, "registry", noon + std::chrono::hours(2)); });
    auto frozen = database->read_now([](soci::session& sql) { return dossiers::snapshots_of_ticket(sql, 77); });
    REQUIRE(frozen.size() == 2);
    CHECK((frozen[0].status == "UNDER_ASSESSMENT" && frozen[0].error_code == "E-104" && frozen[0].taken_at == noon &&
           frozen[0].source == "mirror"));
    CHECK((frozen[1].status == "ACCEPTED" && frozen[1].error_code.empty() && frozen[1].source == "registry"));
    CHECK(database->read_now([&](soci::session& sql) { return dossiers::snapshots_of_dossier(sql, id); }).size() == 2);
    auto missing = [](soci::session& sql) { dossiers::snapshot(sql, 999, 77, "mirror", noon); };
    CHECK_THROWS_AS(database->write_now(missing), not_found);
}
