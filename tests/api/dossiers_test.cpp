// SPDX-License-Identifier: EUPL-1.2
#include "model/reference.hpp"
#include "tests/support/office.hpp"

#include <catch2/catch.hpp>

using namespace relais;
using tests::browser;
using tests::office;
using tests::program;

TEST_CASE("a dossier is found by number, NEPH, name or birth date, and what disagrees is not", "[dossier]") {
    office office;
    office.add_dossier("0011223344556677");
    program api(office.app, office.app.add_token("agent"));
    auto find = [&](const nlohmann::json& query) { return api.post("/api/v1/dossiers/search", query).data["items"].size(); };
    CHECK(find({{"number", "0011 2233 4455 6677"}}) == 1);
    CHECK(find({{"q", "00112233"}}) == 1);
    CHECK(find({{"q", "durand luc"}}) == 1);
    CHECK(find({{"name", "DURAND"}, {"birth_date", "1980-05-04"}}) == 1);
    CHECK(find({{"name", "Durand"}, {"birth_date", "1981-05-04"}}) == 0);
    CHECK(find({{"number", "9911223344556677"}}) == 0);
    auto refused = api.post("/api/v1/dossiers/search", nlohmann::json::object());
    CHECK(refused.status == 422);
    CHECK(refused.data["errors"][0]["field"] == "q");
    CHECK(api.post("/api/v1/dossiers/search", {{"q", "durand"}, {"email", "x"}}).status == 422);
}

TEST_CASE("the console's search keeps what was typed and leads to the dossier", "[dossier]") {
    office office;
    auto id = office.add_dossier("0011223344556677");
    CHECK(office.agent.get("/console/dossiers").status == 200);
    auto shown = office.agent.post("/console/dossiers", {{"name", "durand"}, {"birth_date", "1980-05-04"}});
    CHECK(shown.data["items"].size() == 1);
    CHECK(office.app.html().find("/console/dossiers/" + id) != std::string::npos);
    CHECK(office.app.html().find("value=\"durand\"") != std::string::npos);
    CHECK(office.agent.post("/console/dossiers", {{"name", "personne"}}).data["is_empty"] == true);
    CHECK(office.agent.post("/console/dossiers", {}).status == 422);
}

TEST_CASE("a dossier looked for a ticket is linked to it from the results, unless a colleague was first", "[dossier]") {
    office office;
    auto id = office.add_dossier("0011223344556677");
    auto contact = tests::sample_contact();
    auto reference = model::references::make(2026);
    contact.name = [reference] { return model::ticket_name{reference, "hash"}; };
    office.app.database().write_now(
        [&](soci::session& sql) { model::tickets::open(sql, contact, tests::citizen_actor(), office.app.now()); });
    office.reference = reference;
    auto seen = office.agent.get(office.path());
    auto version = std::to_string(seen.data["version"].get<std::int64_t>()),
         event = std::to_string(seen.data["last_event"].get<std::int64_t>());
    CHECK(office.agent.get("/console/dossiers?for=..%2F..%2Fdeconnexion&version=1&seen=1").data["for"].is_null());
    auto form = office.agent.get("/console/dossiers?for=" + reference + "&version=" + version + "&seen=" + event);
    INFO(form.status << form.data.dump());
    CHECK(office.app.html().find("name=\"for\" value=\"" + reference + "\"") != std::string::npos);
    office.agent.post("/console/dossiers", {{"q", "durand"}, {"for", reference}, {"version", version}, {"seen", event}});
    CHECK(office.app.html().find("action=\"" + office.path("/dossier") + "\"") != std::string::npos);
    CHECK(office.agent.post(office.path("/dossier"), {{"dossier", id}, {"version", version}, {"seen", event}}).status == 303);
    CHECK(office.agent.post(office.path("/dossier"), {{"dossier", id}, {"version", version}, {"seen", event}}).status == 409);
}

TEST_CASE("a dossier shows every contact about it in one timeline, newest first, with the states frozen at each", "[dossier]") {
    office office;
    auto id = office.add_dossier("0011223344556677");
    office.act(office.agent, "dossier", {{"dossier", id}});
    office.app.pass(std::chrono::minutes(5));
    office.act(office.agent, "messages", {{"kind", "reply"}, {"body", "Bonjour, votre dossier avance."}});
    office.app.pass(std::chrono::minutes(5));
    auto first = office.reference;
    office.reference = office.open(2);
    office.act(office.agent, "dossier", {{"dossier", id}});
    program api(office.app, office.app.add_token("agent"));
    auto dossier = api.get("/api/v1/dossiers/" + id);
    REQUIRE(dossier.status == 200);
    CHECK(dossier.data["number"] == "0011223344556677");
    auto& timeline = dossier.data["timeline"];
    REQUIRE(timeline.size() == 4);
    CHECK(timeline[3]["kind"] == "state");
    CHECK(timeline[0]["reference"] == office.reference);
    CHECK(timeline[1]["kind"] == "reply");
    CHECK(timeline[1]["excerpt"] == "Bonjour, votre dossier avance.");
    CHECK(timeline[2]["reference"] == first);
    CHECK(timeline[2]["kind"] == "ticket");
    CHECK(dossier.data["snapshots"].size() == 2);
    CHECK(office.agent.get("/console/dossiers/" + id).status == 200);
    CHECK(office.app.html().find("votre dossier avance") != std::string::npos);
    CHECK(office.count("event WHERE action = 'dossier.read' AND object_kind = 'dossier'") >= 2);
    CHECK(api.get("/api/v1/dossiers/0011223344556677").status == 404); // the number is no address
}

TEST_CASE("a dossier opened again within the hour is one reading, for each person, whatever a search showed of it", "[dossier]") {
    office office;
    auto id = office.add_dossier("0011223344556677");
    auto opened = [&] { return office.count("event WHERE action = 'dossier.read' AND data = '{}'"); };
    office.agent.get("/console/dossiers");
    office.agent.post("/console/dossiers", {{"number", "0011223344556677"}});
    CHECK(opened() == 0);
    for (int again = 0; again < 3; ++again) office.agent.get("/console/dossiers/" + id);
    CHECK(opened() == 1);
    office.colleague.get("/console/dossiers/" + id);
    CHECK(opened() == 2);
    office.app.pass(std::chrono::minutes(20)), office.agent.get("/console/dossiers/" + id);
    office.app.pass(std::chrono::minutes(20)), office.agent.get("/console/dossiers/" + id);
    CHECK(opened() == 2);
    office.app.pass(std::chrono::minutes(20)), office.agent.get("/console/dossiers/" + id);
    CHECK(opened() == 3);
}

TEST_CASE("the data-protection officer sees whose dossier it is, never words; others see no dossier", "[dossier]") {
    office office;
    auto id = office.add_dossier("0011223344556677");
    office.act(office.agent, "dossier", {{"dossier", id}});
    office.act(office.agent, "messages", {{"kind", "reply"}, {"body", "Votre certificat médical"}});
    browser officer(office.app);
    officer.enter_as(office.app.add_user("dpo", "dpo"));
    auto seen = officer.get("/console/dossiers/" + id);
    CHECK(seen.data["birth_name"] == "Durand");
    for (const auto& each : seen.data["timeline"]) {
        CHECK(each["subject"].is_null());
        CHECK_FALSE(each.contains("excerpt"));
    }
    CHECK(office.app.html().find("médical") == std::string::npos);
    for (auto role : {"owner", "admin", "partner"}) {
        INFO(role);
        program other(office.app, office.app.add_token(role));
        CHECK(other.post("/api/v1/dossiers/search", {{"q", "durand"}}).status == 403);
        CHECK(other.get("/api/v1/dossiers/" + id).status == 403);
    }
}
