// SPDX-License-Identifier: EUPL-1.2
#include "model/decision.hpp"
#include "model/error.hpp"
#include "model/figure.hpp"
#include "model/share_link.hpp"
#include "tests/support/share_office.hpp"

#include <catch2/catch.hpp>

using namespace relais;
using namespace relais::model;
using namespace std::chrono_literals;
using tests::share_office;

namespace {

struct meeting : share_office {
    std::int64_t number = incident_with(6);
    nlohmann::json first;
    std::int64_t share_id = 0;
    meeting() {
        now = tests::monday + 24h * 7;
        first = share("2026-W48");
        share_id = id_of("2026-W48");
    }
    std::int64_t decide(decisions::draft what) {
        what.incident_id = what.incident_id ? what.incident_id : number;
        return write([&](soci::session& sql) { return decisions::decide(sql, share_id, what, tests::owner_actor(), now); });
    }
    void step(std::int64_t id, const char* kind, const char* text = "") {
        write([&](soci::session& sql) { decisions::add_step(sql, id, kind, text, tests::resolver_actor(), now); });
    }
    nlohmann::json next_share(const std::string& week) {
        now += 24h * 7;
        return share(week);
    }
};

} // namespace

TEST_CASE("a decision follows every share until it is carried out, with its age", "[decision]") {
    meeting held;
    CHECK(held.first["decisions"].empty());
    auto id = held.decide({"prioritise", "Avant la rentrée", "2026-12-10"});
    auto second = held.next_share("2026-W49");
    REQUIRE(second["decisions"].size() == 1);
    CHECK(second["decisions"][0]["id"] == id);
    CHECK(second["decisions"][0]["text"] == "Avant la rentrée");
    CHECK(second["decisions"][0]["age_days"] == 6);
    CHECK(second["decisions"][0]["is_late"] == false);
    auto third = held.next_share("2026-W50");
    REQUIRE(third["decisions"].size() == 1);
    CHECK(third["decisions"][0]["is_late"] == true);
    held.step(id, "carried_out", "Livré en 4.13");
    auto fourth = held.next_share("2026-W51");
    CHECK(fourth["decisions"].empty());
    held.step(id, "resumed");
    CHECK(held.next_share("2026-W52")["decisions"].size() == 1);
    CHECK(held.count("event WHERE action = 'incident.decided' AND object_id = " + std::to_string(held.number)) == 1);
    CHECK(held.count("event WHERE action = 'incident.decision_carried_out'") == 1);
}

TEST_CASE("an amended decision keeps the first, and only one amendment wins", "[decision]") {
    meeting held;
    auto first = held.decide({"accept", "D’accord", ""});
    auto second = held.decide({"reject", "Non, tout compte fait", "", 0, first});
    CHECK_THROWS_WITH(held.decide({"accept", "", "", 0, first}), "conflict.amended");
    auto all = held.read([&](soci::session& sql) { return decisions::of_incident(sql, held.number); });
    REQUIRE(all.size() == 2);
    CHECK(all[0].text == "D’accord");
    CHECK(all[0].amended_by == second);
    CHECK(all[1].amends_id == first);
    CHECK(all[1].stands());
    auto next = held.next_share("2026-W49");
    REQUIRE(next["decisions"].size() == 1);
    CHECK(next["decisions"][0]["id"] == second);
}

TEST_CASE("a decision is refused without a kind, a reason, a day or an incident of the share", "[decision]") {
    meeting held;
    CHECK_THROWS_AS(held.decide({"maybe", "x", ""}), invalid);
    CHECK_THROWS_AS(held.decide({"reject", "", ""}), invalid);
    CHECK_THROWS_AS(held.decide({"ask", "", ""}), invalid);
    CHECK_THROWS_AS(held.decide({"accept", "", "2026-02-30"}), invalid);
    CHECK_THROWS_AS(held.decide({"accept", "", "demain"}), invalid);
    CHECK_THROWS_AS(held.decide({"accept", "", "", 999'999}), invalid);
    CHECK(held.count("decision") == 0);
    auto id = held.decide({"accept", "", ""});
    CHECK_THROWS_AS(held.step(id, "answer"), invalid);
    CHECK_THROWS_AS(held.step(id, "resumed"), conflict);
    held.step(id, "carried_out");
    CHECK_THROWS_AS(held.step(id, "carried_out"), conflict);
    CHECK_THROWS_AS(held.step(999'999, "answer", "x"), not_found);
}

TEST_CASE("K16 counts a share sent on its Monday and acknowledged within two working days", "[decision][figure]") {
    meeting held; // W48, written on Monday 30 November
    auto measure = [&] {
        auto week = calendar_weeks::span_of({2026, 49});
        return held.read([&](soci::session& sql) { return figures::measure(sql, week, {}, held.now); });
    };
    CHECK(measure()["shares"] == 0); // still within its time
    auto written = held.now;
    held.write([&](soci::session& sql) {
        for (const char* to : {"moa@example.test", "dsr@example.test"})
            share_links::send(sql, held.share_id, "2026-W48", {to, "Bureau"}, std::string("hash of ") + to, share_links::default_days,
                              held.now);
    });
    auto mails_leave = [&](const char* to, auto at) {
        held.write([&](soci::session& sql) { sql::change(sql, "UPDATE outbox SET sent_at = :at WHERE recipient = :to", at, to); });
    };
    held.now = written + 24h * 2;
    auto acknowledge = [&](const std::string& name) {
        return held.write(
            [&](soci::session& sql) { return weekly_shares::acknowledge(sql, held.share_id, tests::owner_actor(name), held.now); });
    };
    CHECK(acknowledge("Hélène Blanc"));
    CHECK_FALSE(acknowledge("Hélène Blanc"));
    CHECK(measure()["shares.kept"] == 0); // its mails wait
    mails_leave("moa@example.test", written);
    CHECK(measure()["shares.kept"] == 0);
    mails_leave("dsr@example.test", calendar_weeks::span_of({2026, 49}).from + 24h); // on Tuesday
    CHECK(measure()["shares.kept"] == 0);
    mails_leave("dsr@example.test", calendar_weeks::span_of({2026, 49}).from + 24h - 1s);
    CHECK(measure()["shares.kept"] == 1);
    held.write([](soci::session& sql) { sql::change(sql, "UPDATE share_link SET share_id = 0"); }); // sent to nobody
    CHECK(measure()["shares.kept"] == 0);
    held.write([](soci::session& sql) { sql::change(sql, "DELETE FROM share_receipt"); });
    held.now = written + 24h * 3;
    CHECK(measure()["shares"] == 1);
    CHECK(measure()["shares.kept"] == 0);
    // The next week ended without a share.
    auto next = calendar_weeks::span_of({2026, 50});
    auto judged = [&] { return held.read([&](soci::session& sql) { return figures::measure(sql, next, {}, held.now); })["shares"]; };
    held.now = next.from + 23h;
    CHECK(judged() == 0);
    held.now = next.from + 25h;
    CHECK(judged() == 1);
}
