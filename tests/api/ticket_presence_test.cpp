// SPDX-License-Identifier: EUPL-1.2
#include "tests/support/office.hpp"

#include <catch2/catch.hpp>

using namespace relais;
using tests::office;

TEST_CASE("two colleagues on a ticket see each other, and who writes; alone, nothing is recorded", "[presence]") {
    office office;
    office.agent.get(office.path()), office.colleague.get(office.path());
    auto others = [&](tests::browser& by) { return by.get(office.path("/presence")).data["others"]; };
    office.agent.post(office.path("/presence"), {});
    CHECK(office.count("event WHERE object_kind = 'presence'") == 0);
    CHECK(others(office.colleague).size() == 1);
    CHECK(others(office.agent).empty());
    office.colleague.post(office.path("/presence"), {{"writes", "1"}});
    CHECK(others(office.agent)[0]["writes"] == true);
    office.colleague.post(office.path("/presence"), {{"writes", "1"}}); // still there: nothing new
    CHECK(office.count("event WHERE object_kind = 'presence'") == 1);
    office.colleague.post(office.path("/presence"), {});
    CHECK(others(office.agent)[0]["writes"] == false);
    office.colleague.post(office.path("/presence"), {{"left", "1"}});
    CHECK(others(office.agent).empty());
    CHECK(office.count("event WHERE action = 'presence.left'") == 1);
}

TEST_CASE("what a colleague did since the page was shown is told, one's own deeds are not", "[presence]") {
    office office;
    auto seen = std::to_string(office.agent.get(office.path()).data["last_event"].get<std::int64_t>());
    auto changes = [&] { return office.agent.get(office.path("/changes?seen=" + seen)).data["changes"]; };
    CHECK(changes().empty());
    office.act(office.agent, "assignment", {{"assignee", "me"}});
    CHECK(changes().empty());
    office.act(office.colleague, "category", {{"category", "CIV-01"}});
    REQUIRE(changes().size() == 1);
    CHECK(changes()[0]["actor"]["name"] == "Nom de paul");
    CHECK(office.agent.get("/console/tickets/26-0000-0000/changes?seen=1").status == 404);
}
