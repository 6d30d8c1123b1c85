// SPDX-License-Identifier: EUPL-1.2
#include "model/quick_find.hpp"
#include "model/sql.hpp"
#include "model/ticket.hpp"
#include "tests/support/dossiers.hpp"
#include "tests/support/samples.hpp"
#include "tests/support/temporary_database.hpp"

#include <catch2/catch.hpp>

using namespace relais;
using namespace relais::model;

TEST_CASE("a few characters of a reference, number, telephone or name are enough", "[quick_find]") {
    tests::temporary_database database;
    auto opened = database->write_now([](soci::session& sql) {
        std::vector dossiers = {tests::some_dossier("PC-2026-000001", "Œuvrard", "Inès", "1980-01-02", "190300200123")};
        dossiers::store(sql, dossiers, tests::monday);
        return tickets::open(sql, tests::sample_contact(7), tests::citizen_actor(), tests::monday);
    });
    auto find = [&](const std::string& typed) {
        return database->read_now([&](soci::session& sql) { return quick_finds::find(sql, typed); });
    };
    for (auto* typed : {"26", "26-AAAA", "26aaaa", "26 aaaa bbb7", "+33639981", "06 39 98", "0033639", "zoé n", "ZOE"}) {
        CAPTURE(typed);
        auto found = find(typed);
        REQUIRE(found.tickets.size() == 1);
        CHECK(found.tickets[0].id == opened.id);
        CHECK(found.tickets[0].requester == "Zoé N’Diaye-Lefèvre");
    }
    for (auto* typed : {"1903", "1903 00 200", "PC2026", "pc-2026", "œuv", "OEUVRARD"}) {
        CAPTURE(typed);
        CHECK(find(typed).dossiers.size() == 1);
    }
    for (auto* typed : {"", "2", "27-AAAA", "07", "%", "_e", "' OR 1=1", "zoé x"}) {
        CAPTURE(typed);
        CHECK(find(typed).tickets.empty());
    }
}

TEST_CASE("an incident is found by its number, or by words of its title as they are typed", "[quick_find]") {
    tests::temporary_database database;
    auto id = database->write_now([](soci::session& sql) {
        sql::change(sql,
                    "INSERT INTO incident (state, title, description, cause_text, public_workaround, internal_workaround, law_procedure, "
                    "created_at, updated_at) VALUES ('watched', 'Groupe trop petit', '', '', '', '', '', 1, 1)");
        return sql::insert(
            sql, "INSERT INTO incident (is_listed, state, title, description, cause_text, public_workaround, internal_workaround, "
                 "law_procedure, created_at, updated_at) "
                 "VALUES (1, 'confirmed', 'Date de naissance refusée', '', '', '', '', '', 1, 1)");
    });
    auto find = [&](const std::string& typed) {
        return database->read_now([&](soci::session& sql) { return quick_finds::incidents(sql, typed); });
    };
    for (const auto& typed : {std::to_string(id), std::string("naiss"), std::string("DATE refus"), std::string("naissance date")}) {
        CAPTURE(typed);
        REQUIRE(find(typed).size() == 1);
        CHECK(find(typed)[0].id == id);
    }
    for (const auto* typed : {"", "n", "petit", "aissance", "99999", "999999999999", "' OR 1=1"}) {
        CAPTURE(typed);
        CHECK(find(typed).empty());
    }
}
