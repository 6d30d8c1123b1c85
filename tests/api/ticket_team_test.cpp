// SPDX-License-Identifier: EUPL-1.2
#include "tests/support/office.hpp"

#include <catch2/catch.hpp>

using namespace relais;

TEST_CASE("a ticket is given to a team, and taken from it, by those who treat tickets", "[ticket][team]") {
    tests::office office;
    office.app.database().write_now(
        [](soci::session& sql) { model::sql::change(sql, "INSERT INTO team (code, name) VALUES ('nord', 'Équipe nord')"); });
    CHECK(office.agent.get(office.path()).data["team"].is_null());
    auto given = office.act(office.agent, "team", {{"team", "nord"}});
    REQUIRE(given.status == 303);
    office.agent.get(tests::header_of(given, "Location"));
    CHECK(office.app.html().find("Demande confiée à l’équipe.") != std::string::npos);
    CHECK(office.agent.get(office.path()).data["team"] == "nord");
    CHECK(office.app.html().find("Équipe nord") != std::string::npos);
    CHECK(office.act(office.agent, "team", {{"team", "sud"}}).status == 422);
    tests::program owner(office.app, office.app.add_token("owner"));
    tests::program agent(office.app, office.app.add_token("agent"));
    auto path = "/api/v1/tickets/" + office.reference;
    CHECK(owner.post(path + "/team", {{"team", ""}}).status == 403);
    CHECK(agent.post(path + "/team", {{"team", "sud"}}).status == 422);
    CHECK(agent.post("/api/v1/tickets/26-0000-0000/team", {{"team", "nord"}}).status == 404);
    CHECK(agent.post(path + "/team", {{"team", "nord"}}, {{"if-match", "\"1\""}}).status == 412);
    CHECK(agent.post(path + "/team", {{"team", nullptr}}).status == 200);
    CHECK(agent.get(path).data["team"].is_null());
    CHECK(office.count("event WHERE action = 'ticket.entrusted'") == 2);
    auto other = office.open(2);
    REQUIRE(agent.post(path + "/merge", {{"into", other}}).status == 200);
    CHECK(agent.post(path + "/team", {{"team", "nord"}}).status == 409);
}
