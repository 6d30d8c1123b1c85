// SPDX-License-Identifier: EUPL-1.2
#include "model/error.hpp"
#include "model/legal_clock.hpp"
#include "model/sql.hpp"
#include "model/ticket_actions.hpp"
#include "model/ticket_queue.hpp"
#include "tests/support/office.hpp"

#include <catch2/catch.hpp>

using namespace relais;
using namespace relais::model;

namespace {

dossier of(const std::string& procedure, const std::string& status = "UNDER_ASSESSMENT") {
    dossier out;
    out.procedure_code = procedure, out.status = status;
    return out;
}

} // namespace

TEST_CASE("legal deadlines are counted from the dates of a dossier", "[legal]") {
    struct row {
        dossier about;
        std::vector<legal_date> noted;
        std::string first_known, expected;
    };
    const std::vector<row> rows = {
        {of("TITLE_AFTER_EXAM"), {{"exam", "2026-08-15"}}, "", "provisional_certificate 2026-12-15"},
        {of("TITLE_AFTER_EXAM"), {{"exam", "2026-10-31"}}, "", "provisional_certificate 2027-02-28"}, // a shorter month
        {of("TITLE_AFTER_EXAM"), {{"exam", "2027-10-31"}}, "", "provisional_certificate 2028-02-29"},
        {of("TITLE_AFTER_EXAM"), {}, "2026-09-01", "provisional_certificate 2027-01-01 assumed"},
        {of("TITLE_AFTER_EXAM"), {{"exam", "2026-08-15"}}, "2026-09-01", "provisional_certificate 2026-12-15"}, // what is known wins
        {of("TITLE_AFTER_EXAM", "DELIVERED"), {{"exam", "2026-08-15"}}, "", ""},                                // nothing is awaited
        {of("EXCHANGE_NON_EU"), {{"filing", "2026-06-30"}}, "", "filing_certificate 2027-02-28"},
        {of("EXCHANGE_EU"), {}, "2026-01-10", "filing_certificate 2026-09-10 assumed"},
        {of("MEDICAL_RENEWAL"), {{"medical", "2026-12-01"}}, "2026-01-10", "medical 2026-12-01"},
        {of("POST_SUSPENSION"), {{"suspension", "2026-03-03"}}, "", "suspension 2026-03-03"},
        {of("LOSS"), {}, "2026-01-10", ""},
        {of("EXCHANGE_EU"), {{"filing", "2026-06-30"}, {"medical", "2026-12-01"}}, "", "medical 2026-12-01"}, // the first to end
    };
    for (const auto& each : rows) {
        INFO(each.about.procedure_code << " " << each.first_known << " " << each.expected);
        auto found = legal_clocks::read(each.about, each.noted, each.first_known);
        auto text = found.empty() ? "" : found[0].kind + " " + found[0].on + (found[0].is_assumed ? " assumed" : "");
        CHECK(text == each.expected);
    }
}

TEST_CASE("days left are those of Paris", "[legal]") {
    CHECK(legal_clocks::days_left("2026-11-23", tests::monday) == 0);
    CHECK(legal_clocks::days_left("2026-12-23", tests::monday) == 30);
    CHECK(legal_clocks::days_left("2026-11-20", tests::monday) == -3);
    CHECK(legal_clocks::days_left("2026-11-24", tests::monday + std::chrono::hours(14)) == 0); // 23 h UTC is the day after
}

TEST_CASE("a date that is noted puts the dossier's tickets at their place, and taking it back too", "[legal]") {
    tests::office office;
    auto dossier = office.add_dossier("0011223344556677");
    auto write = [&](auto what) { office.app.database().write_now(what); };
    auto at = [&] {
        return office.app.database().read_now([](soci::session& sql) {
            return *sql::first<std::int64_t>(sql, "SELECT legal_at FROM ticket WHERE reference = '26-AAAA-BBB1'");
        });
    };
    std::int64_t id = 0;
    write([&](soci::session& sql) {
        id = dossiers::get(sql, dossier).id;
        tickets::link_dossier(sql, {office.reference, 0, tests::agent_actor(), office.app.now()}, id, "dit au téléphone");
    });
    CHECK(at() == legal_clocks::never);
    write([&](soci::session& sql) { legal_clocks::note(sql, id, "suspension", "2026-12-31", tests::agent_actor(), office.app.now()); });
    CHECK(at() == 1798758000); // the end of the 31st, in Paris
    write([&](soci::session& sql) { legal_clocks::note(sql, id, "medical", "2026-12-01", tests::agent_actor(), office.app.now()); });
    CHECK(at() == 1796166000);
    write([&](soci::session& sql) { legal_clocks::note(sql, id, "medical", "", tests::agent_actor(), office.app.now()); });
    CHECK(at() == 1798758000);
    CHECK(office.count("event WHERE action = 'dossier.date_noted'") == 3);
    auto other = office.open(2); // without a deadline: after those that have one, page after page
    queue_filter by_law;
    by_law.order = "legal";
    auto page = [&](std::string_view after) {
        return office.app.database().read_now([&](soci::session& sql) { return ticket_queue::list(sql, by_law, after, 1); });
    };
    auto first = page("");
    CHECK(first.lines.at(0).reference == office.reference);
    CHECK(page(first.next).lines.at(0).reference == other);
    auto wrong = [&](const std::string& kind, const std::string& day) {
        write([&](soci::session& sql) { legal_clocks::note(sql, id, kind, day, tests::agent_actor(), office.app.now()); });
    };
    CHECK_THROWS_AS(wrong("birthday", "2026-12-01"), invalid);
    CHECK_THROWS_AS(wrong("medical", "2026-02-30"), invalid);
    CHECK_THROWS_AS(wrong("medical", "2026-12-00"), invalid);
}
