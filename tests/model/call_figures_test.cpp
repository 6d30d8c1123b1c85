// SPDX-License-Identifier: EUPL-1.2
#include "model/call.hpp"
#include "model/call_figures.hpp"
#include "model/sql.hpp"
#include "tests/support/samples.hpp"
#include "tests/support/temporary_database.hpp"

#include <catch2/catch.hpp>

using namespace relais;
using namespace relais::model;
using tests::monday;

namespace {

struct told {
    std::string outcome;
    int wait_s = 0, talk_s = 0;
    sys_seconds at = monday;
    std::string direction = "in";
    std::optional<std::int64_t> team = {};
};

void add(tests::temporary_database& database, const told& from) {
    call what;
    what.direction = from.direction, what.outcome = from.outcome, what.state = "ended", what.team_id = from.team;
    what.started_at_us = seconds(from.at) * 1'000'000, what.wait_s = from.wait_s;
    auto answered = what.started_at_us + from.wait_s * 1'000'000LL;
    if (from.outcome == "answered") what.answered_at_us = answered;
    what.ended_at_us = answered + from.talk_s * 1'000'000LL;
    database->write_now([&](soci::session& sql) { calls::add(sql, what, {}, from.at); });
}

} // namespace

TEST_CASE("K1 to K3 are counted as they are defined, with the limits on both sides", "[call]") {
    tests::temporary_database database;
    for (int wait : {0, 10, 59, 60}) add(database, {"answered", wait, 100}); // fast, 60 s included
    add(database, {"answered", 61, 200});
    add(database, {"abandoned", 10}); // brief: not lost
    add(database, {"abandoned", 11});
    add(database, {"missed", 90});
    add(database, {"rejected", 0});  // neither offered
    add(database, {"forwarded", 5}); // nor this
    add(database, {"answered", 5, 50, monday, "out"});
    add(database, {"answered", 5, 50, monday - std::chrono::hours(24)}); // another day
    auto found = database->read_now([](soci::session& sql) { return call_stats::between(sql, monday, monday + std::chrono::hours(24)); });
    CHECK(found.whole.offered == 8);
    CHECK(found.whole.answered == 5);
    CHECK(found.whole.lost == 2);
    CHECK(found.whole.brief == 1);
    CHECK(*found.whole.answer_rate() == Approx(5.0 / 8));
    CHECK(*found.whole.loss_rate() == Approx(2.0 / 8));
    CHECK(*found.whole.fast_rate() == Approx(4.0 / 5));
    CHECK(found.whole.wait_at(0.5) == 59);
    CHECK(found.whole.wait_at(0.9) == 70); // beyond a minute, rounded up to tens of seconds
    CHECK(found.whole.mean_talk_s() == 120);
}

TEST_CASE("figures stand by day and hour of Paris, and by team", "[call]") {
    tests::temporary_database database;
    auto team = database->write_now(
        [](soci::session& sql) { return sql::insert(sql, "INSERT INTO team (code, name) VALUES ('C', 'Charleville')"); });
    add(database, {"answered", 5, 60, monday, "in", team});                                         // 10 h in Paris
    add(database, {"missed", 30, 0, monday + std::chrono::minutes(59)});                            // still 10 h
    add(database, {"answered", 5, 60, monday + std::chrono::hours(14) + std::chrono::minutes(30)}); // 0 h 30 on Tuesday in Paris
    auto found = database->read_now(
        [](soci::session& sql) { return call_stats::between(sql, monday - std::chrono::hours(48), monday + std::chrono::hours(48)); });
    REQUIRE(found.by_day.size() == 2);
    CHECK(found.by_day[0].key == "2026-11-23");
    CHECK(found.by_day[0].offered == 2);
    CHECK(found.by_day[1].key == "2026-11-24");
    REQUIRE(found.by_hour.size() == 2);
    CHECK(found.by_hour[0].key == "00");
    CHECK(found.by_hour[1].key == "10");
    REQUIRE(found.by_team.size() == 2);
    CHECK(found.by_team[1].label == "Charleville");
    CHECK(*found.by_team[1].answer_rate() == 1);
    CHECK(*found.by_team[0].answer_rate() == 0.5);
}

TEST_CASE("nothing measured is no figure, and half hours are told for the forecast", "[call]") {
    tests::temporary_database database;
    auto none = database->read_now([](soci::session& sql) { return call_stats::between(sql, monday, monday + std::chrono::hours(24)); });
    CHECK_FALSE(none.whole.answer_rate());
    CHECK_FALSE(none.whole.wait_at(0.5));
    add(database, {"answered", 5, 100, monday + std::chrono::minutes(29)});
    add(database, {"abandoned", 50, 0, monday + std::chrono::minutes(29)});
    add(database, {"answered", 5, 300, monday + std::chrono::minutes(30)});
    auto found =
        database->read_now([](soci::session& sql) { return call_stats::half_hours(sql, monday, monday + std::chrono::hours(24)); });
    REQUIRE(found.size() == 2);
    CHECK(found[0].starts_at == monday);
    CHECK(found[0].offered == 2);
    CHECK(found[0].answered == 1);
    CHECK(found[1].talk_s == 300);
}
