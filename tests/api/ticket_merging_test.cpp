// SPDX-License-Identifier: EUPL-1.2
#include "tests/support/office.hpp"

#include <catch2/catch.hpp>

using namespace relais;
using tests::office;
using tests::program;

TEST_CASE("an agent merges two tickets of one person, reads them together, and parts them again", "[merge]") {
    office office;
    auto target = office.open(2);
    CHECK(tests::header_of(office.act(office.agent, "merge", {{"into", target}}), "Location") == office.path("?done=merged"));
    CHECK(office.agent.get(office.path()).data["merged_into"] == target);
    CHECK(office.app.html().find("/unmerge") != std::string::npos);
    auto together = office.agent.get("/console/tickets/" + target);
    CHECK(together.data["merged"] == nlohmann::json::array({office.reference}));
    CHECK(together.data["messages"].size() == 2);
    CHECK(office.agent.get("/console/tickets").data["items"].size() == 1);
    CHECK(office.act(office.agent, "messages", {{"kind", "note"}, {"body", "x"}}).status == 409);
    CHECK(office.act(office.agent, "unmerge", {}).status == 303);
    CHECK(office.agent.get("/console/tickets").data["items"].size() == 2);
}

TEST_CASE("a merge that would show one person's words to another is refused, and what was typed kept", "[merge]") {
    office office;
    auto stranger = office.open(2, "", "jean@example.test");
    office.app.database().write_now(
        [](soci::session& sql) { model::sql::change(sql, "UPDATE citizen SET phone = '' WHERE email = 'jean@example.test'"); });
    auto refused = office.act(office.agent, "merge", {{"into", stranger}});
    CHECK(refused.status == 422);
    CHECK(refused.data["errors"][0]["field"] == "into");
    CHECK(office.app.html().find("d’une autre personne") != std::string::npos);
    CHECK(refused.data["typed"]["into"] == stranger);
}

TEST_CASE("programs merge, part and split with versions", "[merge]") {
    office office;
    program api(office.app, office.app.add_token("agent"));
    auto target = office.open(2);
    auto base = "/api/v1/tickets/" + office.reference;
    CHECK(api.post(base + "/merge", {{"into", "26-0000-0000"}}).status == 422);
    CHECK(api.post(base + "/merge", {{"into", target}}, {{"if-match", "\"9\""}}).status == 412);
    CHECK(api.post(base + "/merge", {{"into", target}}, {{"if-match", "\"1\""}}).data["status"] == "merged");
    CHECK(api.post(base + "/merge", {{"into", target}}).status == 409);
    CHECK(api.post(base + "/unmerge", {{"x", 1}}).status == 422);
    CHECK(api.post(base + "/unmerge", nlohmann::json::object(), {{"if-match", "\"1\""}}).status == 412);
    CHECK(api.post(base + "/unmerge", nlohmann::json::object()).data["status"] == "new");
    CHECK(api.post(base + "/unmerge", nlohmann::json::object()).status == 409);

    office.act(office.agent, "messages", {{"kind", "note"}, {"body", "À part"}});
    auto note = api.get(base).data["messages"][1]["id"];
    for (const auto& wrong :
         {nlohmann::json{{"messages", "1"}}, nlohmann::json{{"messages", {"1"}}}, nlohmann::json{{"messages", nlohmann::json::array()}},
          nlohmann::json{{"messages", {note}}, {"x", 1}}, nlohmann::json{{"messages", {999}}}})
        CHECK(api.post(base + "/split", wrong).status == 422);
    CHECK(api.post("/api/v1/tickets/26-0000-0000/split", {{"messages", {note}}}).status == 404);
    CHECK(api.post(base + "/split", {{"messages", {note}}}, {{"if-match", "\"1\""}}).status == 412);
    auto made = api.post(base + "/split", {{"messages", {note}}}, {{"idempotency-key", "s"}});
    CHECK(made.status == 201);
    CHECK(api.post(base + "/split", {{"messages", {note}}}, {{"idempotency-key", "s"}}).data == made.data); // once
    auto reference = made.data["reference"].get<std::string>();
    CHECK(tests::header_of(made, "Location") == "/api/v1/tickets/" + reference);
    CHECK(api.get("/api/v1/tickets/" + reference).data["messages"][0]["body"] == "À part");
    api.post("/api/v1/tickets/" + target + "/merge", {{"into", office.reference}});
    CHECK(api.post("/api/v1/tickets/" + target + "/split", {{"messages", {1}}}).status == 409);
}

TEST_CASE("the console splits what is ticked", "[merge]") {
    office office;
    office.act(office.agent, "messages", {{"kind", "note"}, {"body", "À part"}});
    auto note = office.agent.get(office.path()).data["messages"][1]["id"].get<std::int64_t>();
    CHECK(office.act(office.agent, "split", {}).status == 422);
    auto made = tests::header_of(office.act(office.agent, "split", {{"messages[]", std::to_string(note)}}), "Location");
    CHECK(made.ends_with("?done=split"));
    CHECK(office.agent.get(made).data["messages"].size() == 1);
}
