// SPDX-License-Identifier: EUPL-1.2
// What programs are told when they ask for what cannot be.
#include "tests/support/office.hpp"

#include <catch2/catch.hpp>

using namespace relais;
using nlohmann::json;
using tests::office;
using tests::program;

namespace {

struct question {
    std::string path;
    json body;
    int status;
    std::string field; // that is told to be wrong, or the reason of a conflict
};

void check(program& by, const question& asked) {
    INFO(asked.path << ' ' << asked.body.dump());
    auto told = by.post(asked.path, asked.body);
    REQUIRE(told.status == asked.status);
    CHECK(told.data["detail"].get<std::string>().find(' ') != std::string::npos); // a sentence, no key
    if (asked.status == 409) CHECK(told.data["reason"] == asked.field);
    if (asked.status != 422) return;
    REQUIRE_FALSE(told.data["errors"].empty());
    CHECK(told.data["errors"][0]["field"] == asked.field);
    CHECK(told.data["errors"][0]["message"].get<std::string>().find(' ') != std::string::npos);
}

} // namespace

TEST_CASE("an agent's program that asks for what cannot be is told which field, or what stands in the way", "[wrong]") {
    office office;
    program api(office.app, office.app.add_token("agent", 0));
    auto on = "/api/v1/tickets/" + office.reference;
    auto other = office.open(2);
    auto note = api.get("/api/v1/tickets/" + other).data["messages"][0]["id"];
    auto none = json::object();
    auto version = tests::header_of(api.get(on), "ETag");
    for (const auto& each :
         std::vector<question>{{on + "/messages", none, 422, "kind"},
                               {on + "/messages", {{"kind", "reply"}}, 422, "body"},
                               {on + "/messages", {{"kind", "reply"}, {"body", "Bonjour"}, {"to", {999}}}, 422, "to"},
                               {on + "/messages", {{"kind", "reply"}, {"body", 1.5}}, 422, "body"},
                               {on + "/assignment", none, 422, "assignee"},
                               {on + "/assignment", {{"assignee", "paul"}}, 422, "assignee"},
                               {on + "/assignment", {{"assignee", -1}}, 422, "assignee"},
                               {on + "/team", none, 422, "team"},
                               {on + "/team", {{"team", "nobody"}}, 422, "team"},
                               {on + "/category", none, 422, "category"},
                               {on + "/dossier", {{"reason", "au téléphone"}}, 422, "dossier"},
                               {on + "/dossier", {{"dossier", "x"}, {"role", "friend"}}, 422, "dossier"},
                               {on + "/closure", none, 422, "reason"},
                               {on + "/closure", {{"because", "x"}}, 422, "because"},
                               {on + "/reopening", {{"reason", "erreur"}}, 409, "conflict.status"},
                               {on + "/forwarding", none, 422, "service"},
                               {on + "/merge", none, 422, "into"},
                               {on + "/merge", {{"into", office.reference}}, 422, "into"},
                               {on + "/unmerge", none, 409, "conflict.not_merged"},
                               {on + "/split", none, 422, "messages"},
                               {on + "/split", {{"messages", {note}}}, 422, "messages"},
                               {on + "/participants", none, 422, "role"},
                               {on + "/participants/999/link", none, 404, ""},
                               {on + "/waiting", none, 422, "reason"},
                               {on + "/waiting", {{"reason", "incident"}, {"detail", "999"}}, 422, "detail"},
                               {on + "/resumption", none, 409, "conflict.status"},
                               {on + "/incident", none, 422, "incident"},
                               {on + "/incident", {{"number", 999}}, 422, "number"},
                               {on + "/incident/removal", none, 409, "conflict.not_attached"},
                               {"/api/v1/dossiers/nobody/dates", {{"kind", "medical_deadline"}, {"day", "2026-12-01"}}, 404, ""},
                               {"/api/v1/tickets/none/assignment", {{"assignee", office.paul}}, 404, ""}})
        check(api, each);
    CHECK(tests::header_of(api.get(on), "ETag") == version);
}

TEST_CASE("a supervisor's program that asks for what cannot be is told so, and nobody else's rules answer it", "[wrong]") {
    office office;
    program api(office.app, office.app.add_token("supervisor", 0)), agent(office.app, office.app.add_token("agent", 0));
    auto none = json::object();
    for (const auto& each : std::vector<question>{{"/api/v1/rules", none, 422, "title"},
                                                  {"/api/v1/rules/999", none, 404, ""},
                                                  {"/api/v1/rules/x", none, 404, ""},
                                                  {"/api/v1/teams", none, 422, "name"},
                                                  {"/api/v1/teams/members", none, 404, ""},
                                                  {"/api/v1/teams/members", {{"user", 999}, {"team", ""}}, 404, ""},
                                                  {"/api/v1/teams/members", {{"user", office.anne}, {"team", 999}}, 422, "team"},
                                                  {"/api/v1/reviews/26-0000-0000", none, 404, ""},
                                                  {"/api/v1/callbacks/nobody/release", none, 404, ""},
                                                  {"/api/v1/calls", none, 422, "started_at"}}) {
        check(api, each);
        if (each.path.find("/calls") == std::string::npos && each.path.find("/callbacks") == std::string::npos)
            CHECK(agent.post(each.path, each.body).status == 403);
    }
}
