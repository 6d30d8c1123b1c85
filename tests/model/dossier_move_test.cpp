// SPDX-License-Identifier: EUPL-1.2
#include "model/dossier_move.hpp"

#include "model/dossier.hpp"
#include "model/dossier_import.hpp"
#include "model/dossier_timeline.hpp"
#include "model/legal_clock.hpp"
#include "model/sql.hpp"
#include "model/ticket.hpp"
#include "model/ticket_actions.hpp"
#include "tests/support/dossiers.hpp"
#include "tests/support/samples.hpp"
#include "tests/support/temporary_database.hpp"

#include <catch2/catch.hpp>

#include <sstream>

using namespace relais;
using namespace relais::model;
using tests::monday;

namespace {

const std::string header = "number;status;status_since;updated_at\n";

// A mirror with a dossier that has a ticket and another that has none.
struct mirror {
    tests::temporary_database database;
    std::string reference;
    std::int64_t asked = add("PC-1", "TITLE_AFTER_EXAM"), silent = add("PC-2", "TITLE_AFTER_EXAM");

    template <class Visit> auto write(const Visit& visit) { return database->write_now(visit); }
    mirror() {
        write([&](soci::session& sql) {
            reference = tickets::open(sql, tests::sample_contact(), tests::citizen_actor(), monday).reference;
            tickets::link_dossier(sql, {reference, 0, tests::agent_actor(), monday}, asked, "dit au téléphone");
        });
    }
    std::int64_t add(const std::string& number, const std::string& procedure) {
        auto news = tests::some_dossier(number, "Durand", "Luc", "1980-05-04");
        news.values.procedure_code = procedure;
        return write([&](soci::session& sql) {
            dossiers::store(sql, std::span(&news, 1), monday);
            return dossiers::find_by_number(sql, number)->id;
        });
    }
    import_counts import(const std::string& lines, const std::string& columns = header) {
        std::istringstream from(columns + lines);
        return dossiers::import_csv(*database, from, monday, {});
    }
    std::int64_t legal_at() {
        return database->read_now([](soci::session& sql) { return *sql::first<std::int64_t>(sql, "SELECT legal_at FROM ticket"); });
    }
    // "status day", oldest first.
    std::vector<std::string> states(std::int64_t dossier) {
        std::vector<std::string> out;
        for (const auto& each : database->read_now([&](soci::session& sql) { return dossier_timelines::of(sql, dossier).lines; }))
            if (each.kind == "state") out.insert(out.begin(), each.status);
        return out;
    }
    std::int64_t kept() {
        return database->read_now(
            [](soci::session& sql) { return *sql::first<std::int64_t>(sql, "SELECT COUNT(*) FROM dossier_past_state"); });
    }
};

using texts = std::vector<std::string>;

} // namespace

TEST_CASE("an import puts the open tickets of the dossiers that changed at their place in the order of legal deadlines", "[dossier]") {
    mirror here;
    here.write([&](soci::session& sql) { legal_clocks::note(sql, here.asked, "exam", "2026-08-15", tests::agent_actor(), monday); });
    CHECK(here.legal_at() != legal_clocks::never);
    here.import("PC-1;DELIVERED;2026-11-20;2026-11-20T08:00:00Z\n");
    CHECK(here.legal_at() == legal_clocks::never); // nothing more is awaited
    here.import("PC-1;UNDER_ASSESSMENT;2026-11-21;2026-11-21T08:00:00Z\n");
    CHECK(here.legal_at() != legal_clocks::never);
}

TEST_CASE("an import that confirms what is known leaves tickets where they are", "[dossier]") {
    mirror here;
    auto misplace = [&] { here.write([](soci::session& sql) { sql::change(sql, "UPDATE ticket SET legal_at = 1"); }); };
    here.import("PC-1;ACCEPTED;2026-11-10;2026-11-10T08:00:00Z\n");
    misplace();
    CHECK(here.import("PC-1;ACCEPTED;2026-11-10;2026-11-11T08:00:00Z\n").updated == 1);
    CHECK(here.legal_at() == 1);
    here.import("PC-1;DELIVERED;2026-11-12;2026-11-12T08:00:00Z\n");
    CHECK(here.legal_at() == legal_clocks::never);
}

TEST_CASE("a dossier's timeline keeps every state that imports passed through, once a state", "[dossier]") {
    mirror here;
    CHECK(here.states(here.asked) == texts{"UNDER_ASSESSMENT"});
    here.import("PC-1;SUPPLEMENT_REQUESTED;2026-11-02;2026-11-02T08:00:00Z\n");
    auto both = "PC-1;ACCEPTED;2026-11-10;2026-11-10T08:00:00Z\nPC-1;IN_PRODUCTION;2026-11-12;2026-11-12T08:00:00Z\n";
    CHECK(here.import(both).refused == 0); // two states in one file
    const texts all = {"UNDER_ASSESSMENT", "SUPPLEMENT_REQUESTED", "ACCEPTED", "IN_PRODUCTION"};
    CHECK(here.states(here.asked) == all);
    here.import(both);                                               // again: nothing new
    here.import("PC-1;SUBMITTED;2026-09-10;2026-09-10T08:00:00Z\n"); // old news
    CHECK(here.states(here.asked) == all);
    CHECK(here.kept() == 3);
    here.import("PC-1;DELIVERED;;2026-11-20T08:00:00Z\nPC-1;CANCELLED;2026-11-22;2026-11-22T08:00:00Z\n"); // nobody told since when
    CHECK(here.states(here.asked).size() == 6);
}

TEST_CASE("of a dossier without a ticket the states that it left are not kept", "[dossier]") {
    mirror here;
    here.import("PC-2;ACCEPTED;2026-11-10;2026-11-10T08:00:00Z\nPC-3;ACCEPTED;2026-11-10;2026-11-10T08:00:00Z\n");
    CHECK(here.kept() == 0);
    CHECK(here.states(here.silent) == texts{"ACCEPTED"});
}

TEST_CASE("legal deadlines are counted from the dates that the agency's file tells, and noted ones go before", "[dossier]") {
    mirror here;
    const std::string dated = "number;exam_on;filed_on;medical_on;suspension_end_on;updated_at\n";
    auto deadlines = [&] {
        std::string out;
        for (const auto& each :
             here.database->read_now([&](soci::session& sql) { return legal_clocks::of(sql, *dossiers::find(sql, here.asked)); }))
            out += each.kind + " " + each.on + (each.is_assumed ? " assumed, " : ", ");
        return out;
    };
    CHECK(deadlines() == "provisional_certificate 2027-02-01 assumed, ");
    auto done = here.import("PC-1;2026-08-15;;2026-12-01;2026-12-20;2026-11-02T08:00:00Z\n", dated);
    CHECK((done.updated == 1 && done.refused == 0));
    CHECK(deadlines() == "medical 2026-12-01, provisional_certificate 2026-12-15, suspension 2026-12-20, ");
    CHECK(here.legal_at() == 1796166000); // the end of 1 December in Paris
    here.write([&](soci::session& sql) { legal_clocks::note(sql, here.asked, "medical", "2027-01-05", tests::agent_actor(), monday); });
    CHECK(deadlines() == "provisional_certificate 2026-12-15, suspension 2026-12-20, medical 2027-01-05, ");
    here.write([&](soci::session& sql) { legal_clocks::note(sql, here.asked, "medical", "", tests::agent_actor(), monday); });
    CHECK(here.legal_at() == 1796166000);                                                                    // the agency's again
    CHECK(here.import("PC-1;2026-08-15;;2026-12-01;2026-12-20;2026-11-02T08:00:00Z\n", dated).updated == 0); // again: nothing new
    here.import("PC-1;2026-08-15;;2026-10-01;;2026-10-02T08:00:00Z\n", dated);                               // old news
    here.import("PC-1;ACCEPTED;2026-11-10;2026-11-10T08:00:00Z\n");                                          // that tells no dates
    CHECK(deadlines() == "medical 2026-12-01, provisional_certificate 2026-12-15, suspension 2026-12-20, ");
    here.import("PC-1;2026-08-15;;;;2026-11-12T08:00:00Z\n", dated); // there are none any more
    CHECK(deadlines() == "provisional_certificate 2026-12-15, ");
    done = here.import("PC-9;2026-08-15;;;;2026-11-12T08:00:00Z\nPC-8;soon;;;;2026-11-12T08:00:00Z\n", dated);
    CHECK((done.added == 1 && done.refused == 1));
    auto added =
        here.database->read_now([](soci::session& sql) { return legal_clocks::known(sql, dossiers::find_by_number(sql, "PC-9")->id); });
    REQUIRE(added.size() == 1);
    CHECK((added[0].kind == "exam" && added[0].day == "2026-08-15"));
}
