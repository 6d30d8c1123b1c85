// SPDX-License-Identifier: EUPL-1.2
#include "model/decision.hpp"
#include "model/share_audit.hpp"
#include "model/sql.hpp"
#include "tests/support/share_office.hpp"

#include <catch2/catch.hpp>

using namespace relais;
using namespace relais::model;
using tests::share_office;

TEST_CASE("whoever changes or takes away what was shared or decided is seen", "[share]") {
    share_office office;
    auto number = office.incident_with(6);
    office.now = tests::monday + std::chrono::hours(24 * 7);
    office.share("2026-W48");
    auto decision = office.write([&](soci::session& sql) {
        auto share = weekly_shares::get(sql, "2026-W48").id;
        auto id = decisions::decide(sql, share, {"accept", "D’accord", "2026-12-31", number}, tests::owner_actor(), office.now);
        decisions::add_step(sql, id, "comment", "Vite", tests::owner_actor(), office.now);
        return decisions::decide(sql, share, {"prioritise", "Avant Noël", "", number, id}, tests::owner_actor(), office.now);
    });
    auto seen = [&] { return office.read(share_audits::differences); };
    auto change = [&](const std::string& text) { office.write([&](soci::session& sql) { sql::change(sql, text); }); };
    REQUIRE(decision == 2);
    CHECK(seen().empty());
    change("UPDATE decision SET text = 'Jamais' WHERE id = 1");
    CHECK(seen() == std::vector<std::string>{"decision 1 was changed"});
    change("UPDATE decision SET text = 'D’accord', due = '2027-12-31' WHERE id = 1");
    CHECK(seen() == std::vector<std::string>{"decision 1 was changed"});
    change("UPDATE decision SET due = '2026-12-31' WHERE id = 1");
    CHECK(seen().empty());
    change("DELETE FROM decision WHERE id = 2");
    change("DELETE FROM decision_step");
    CHECK(seen() == std::vector<std::string>{"decision 2 was taken away", "what was said of decision 1 was taken away"});
    change("UPDATE weekly_share SET body = REPLACE(body, '\"tickets\":6', '\"tickets\":7')");
    CHECK(seen().size() == 3);
}
