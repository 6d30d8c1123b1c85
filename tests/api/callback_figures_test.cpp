// SPDX-License-Identifier: EUPL-1.2
#include "model/callback.hpp"
#include "model/callback_rate.hpp"
#include "model/callback_rules.hpp"
#include "model/sql.hpp"
#include "tests/support/callback_site.hpp"

#include <catch2/catch.hpp>

using namespace relais;
using tests::browser;
using tests::location;

TEST_CASE("a supervisor sees K12 and plans the roster; an agent does not", "[callback]") {
    tests::callback_site office;
    browser boss{office.app, "192.0.2.13"};
    boss.enter_as(office.app.add_user("boss", "supervisor"));
    CHECK(boss.get("/console/callbacks/figures").data["weeks"].size() == 10);
    CHECK(office.agent.get("/console/callbacks/figures").status == 403);
    CHECK(office.agent.get("/console/roster").status == 403);
    CHECK(boss.get("/console/roster?week=2026-W49").status == 200);
    CHECK(boss.get("/console/roster?week=2025-W53").status == 422);
    auto plan = [&](std::map<std::string, std::string, std::less<>> form) {
        auto seen = boss.get("/console/roster?week=2026-W49").data["version"].get<std::int64_t>();
        form.emplace("version", std::to_string(seen));
        form["week"] = "2026-W49", form["go"] = form.contains("go") ? form["go"] : "set";
        return boss.post("/console/roster", form);
    };
    CHECK(plan({{"day1", "1"}, {"day2", "1"}, {"from", "09:00"}, {"to", "12:00"}, {"agents", "12"}, {"seats", "3"}}).status == 303);
    CHECK(office.count("roster WHERE agents = 12 AND callback_seats = 3") == 12);
    CHECK(plan({{"day1", "1"}, {"from", "12:00"}, {"to", "09:00"}, {"agents", "12"}}).status == 422);
    CHECK(plan({{"day1", "1"}, {"from", "09:00"}, {"to", "10:00"}, {"agents", "many"}}).status == 422);
    CHECK(plan({{"day1", "1"}, {"from", "09:00"}, {"to", "12:00"}, {"go", "remove"}}).status == 303);
    CHECK(office.count("roster") == 6);
}

TEST_CASE("of two who plan one week, the second is shown the first's plan, and keeps what was chosen", "[callback]") {
    tests::callback_site office;
    browser boss{office.app, "192.0.2.13"}, other{office.app, "192.0.2.14"};
    boss.enter_as(office.app.add_user("boss", "supervisor")), other.enter_as(office.app.add_user("other", "supervisor"));
    auto plan = [](browser& by, const std::string& version, const std::string& agents, const std::string& week = "2026-W49") {
        return by.post("/console/roster", {{"week", week},
                                           {"version", version},
                                           {"go", "set"},
                                           {"day6", "1"},
                                           {"from", "10:00"},
                                           {"to", "11:00"},
                                           {"agents", agents},
                                           {"seats", "4"}});
    };
    boss.get("/console/roster?week=2026-W49"), other.get("/console/roster?week=2026-W49");
    CHECK(plan(boss, "1", "12").status == 303);
    CHECK(plan(other, "1", "5", "2026-W50").status == 303); // another week is not concerned
    auto late = plan(other, "1", "5");
    CHECK(late.status == 409);
    CHECK(office.app.html().find("Un collègue vient de modifier le planning de cette semaine") != std::string::npos);
    CHECK(office.count("roster WHERE agents = 12") == 2);
    CHECK(late.data["days"][5]["is_ticked"] == true);
    CHECK(late.data["days"][0]["is_ticked"] == false);
    CHECK(late.data["agents"] == "5");
    CHECK(late.data["seats"] == "4");
    CHECK(office.app.html().find("<option selected>10:00</option>") != std::string::npos);
    CHECK(plan(other, "", "5").status == 409); // whoever saw nothing
    CHECK(plan(other, std::to_string(late.data["version"].get<std::int64_t>()), "5").status == 303);
    CHECK(office.count("roster WHERE agents = 12") == 0);
}

TEST_CASE("how many promises were kept is told to everybody when it is configured, and only then", "[callback]") {
    tests::callback_site office;
    office.book();
    office.thursday();
    auto where = location(office.agent.post("/console/callbacks/next-claim", {}));
    auto token = std::to_string(office.agent.get(where).data["token"].get<std::int64_t>());
    CHECK(office.agent.post(where + "/outcome", {{"token", token}, {"outcome", "reached"}}).status == 303);
    office.app.pass(std::chrono::hours(1));
    office.app.database().write_now([&](soci::session& sql) { model::callback_rates::publish(sql, office.app.now()); });
    office.citizen.get("/");
    CHECK(office.app.html().find("callback-rate") == std::string::npos);
    auto rules = *office.app.settings().callback;
    rules.is_rate_public = true;
    office.app.settings().callback = std::make_shared<model::callback_rules>(rules);
    office.citizen.get("/");
    CHECK(office.app.html().find("callback-rate") != std::string::npos);
    CHECK(office.app.html().find("100") != std::string::npos);
}
