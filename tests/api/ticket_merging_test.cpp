// SPDX-License-Identifier: EUPL-1.2
#include "model/attachment.hpp"
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

namespace {

// A ticket as it is read, less what every change moves: its version, when it changed, what happened to it, and the page's own keys.
std::string bytes_of(tests::browser& by, const std::string& address) {
    auto shown = by.get(address).data;
    for (const auto* name : {"version", "updated_at", "updated_at_shown", "history", "last_event", "form_key", "changes_address",
                             "dossier_search_address", "csrf"})
        shown.erase(name);
    return shown.dump(1);
}

} // namespace

TEST_CASE("two tickets that were merged and parted are, byte for byte, what they were", "[merge]") {
    office office;
    auto target = office.open(2);
    office.app.database().write_now([](soci::session& sql) {
        model::sql::change(sql, "UPDATE ticket SET channel = 'phone'");
        model::attachment file;
        file.public_id = "f1", file.ticket_id = 1, file.message_id = 1, file.display_name = "photo.png", file.media_type = "image/png";
        file.storage_name = "x", file.scan_state = "clean", file.created_at = tests::monday;
        model::attachments::add(sql, file, "key");
    });
    office.act(office.agent, "category", {{"category", "CIV-01"}});
    office.act(office.agent, "messages", {{"kind", "note"}, {"body", "Vérifier l’état civil"}});
    office.agent.get(office.path());
    office.agent.post(office.path("/steps"), {{"steps[]", "identity.two_facts"}});
    office.act(office.agent, "draft", {{"body", "Bonjour, votre"}});
    office.act(office.agent, "waiting", {{"reason", "external_owner"}, {"detail", "La préfecture"}});
    office.app.database().write_now([&](soci::session& sql) {
        model::sql::change(sql, "UPDATE ticket_wait SET reminders = 1, next_at = :next", office.app.now() + std::chrono::hours(72));
    });
    auto other = "/console/tickets/" + target;
    auto before = bytes_of(office.agent, office.path()), other_before = bytes_of(office.agent, other);
    for (const auto* kept : {"photo.png", "La préfecture", "Bonjour, votre", "Nom de anne", "CIV-01"})
        CHECK(before.find(kept) != std::string::npos);
    CHECK(office.act(office.agent, "merge", {{"into", target}}).status == 303);
    CHECK(bytes_of(office.agent, office.path()) != before);
    CHECK(bytes_of(office.agent, other).find("photo.png") != std::string::npos);
    CHECK(office.act(office.agent, "unmerge", {}).status == 303);
    CHECK(bytes_of(office.agent, office.path()) == before);
    CHECK(bytes_of(office.agent, other) == other_before);
    program api(office.app, office.app.add_token("agent"));
    CHECK(api.get("/api/v1/tickets/" + office.reference).data["waiting"]["reminders"] == 1);
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
