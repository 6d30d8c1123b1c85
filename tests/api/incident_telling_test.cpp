// SPDX-License-Identifier: EUPL-1.2
#include "model/dossier_store.hpp"
#include "model/incident_corrections.hpp"
#include "model/incident_grouper.hpp"
#include "model/outgoing_mail.hpp"
#include "model/report.hpp"
#include "model/sql.hpp"
#include "model/ticket.hpp"
#include "tests/support/dossiers.hpp"
#include "tests/support/samples.hpp"
#include "tests/support/test_app.hpp"

#include <catch2/catch.hpp>

using namespace relais;
using tests::browser;
using tests::program;

namespace {

const auto nothing = nlohmann::json::object();

// A resolution team with a confirmed incident, and people in front of the site.
struct centre {
    tests::test_app app;
    program robot{app, app.add_token("resolver")};
    browser resolver{app, "192.0.2.11"}, citizen{app};
    std::int64_t number = 0;
    int made = 0;

    centre() {
        resolver.enter_as(app.add_user("paul", "resolver"));
        number =
            robot.post("/api/v1/incidents", {{"title", "Photo refusée"}, {"nature", "software_defect"}}).data["number"].get<std::int64_t>();
        robot.post(path("/confirmation"), nothing);
    }
    std::string path(const std::string& rest = "") const { return "/api/v1/incidents/" + std::to_string(number) + rest; }
    std::string page(const std::string& rest = "") const { return "/console/incidents/" + std::to_string(number) + rest; }
    std::string known(const std::string& rest = "") const { return "/incidents/" + std::to_string(number) + rest; }
    template <class Function> auto write(Function f) { return app.database().write_now(f); }
    std::int64_t count(const std::string& what) {
        return app.database().read_now(
            [&](soci::session& sql) { return *model::sql::first<std::int64_t>(sql, "SELECT COUNT(*) FROM " + what); });
    }
    void ticket() {
        auto contact = tests::sample_contact(++made);
        write([&](soci::session& sql) {
            auto opened = model::tickets::open(sql, contact, tests::citizen_actor(), app.now());
            model::placement what;
            what.ticket_id = opened.id, what.incident_id = number, what.engine = "test";
            model::reports::place(sql, what, {}, app.now());
        });
    }
    void publish() { robot.post(path("/workaround"), {{"public", "Passez par un photographe agréé."}, {"internal", "Patienter."}}); }
};

} // namespace

TEST_CASE("the fix is told to everyone attached, after a look at five of the mails", "[telling]") {
    centre centre;
    for (int i = 0; i < 7; ++i) centre.ticket();
    auto seen = centre.resolver.get(centre.page());
    auto version = std::to_string(seen.data["version"].get<std::int64_t>());
    auto preview = centre.resolver.post(centre.page("/fix"),
                                        {{"version", version}, {"message", "C’est corrigé."}, {"release", "4.12"}, {"preview", "1"}});
    REQUIRE(preview.status == 200);
    CHECK(preview.data["items"].size() == 5);
    CHECK(centre.app.html().find("C’est corrigé.") != std::string::npos);
    CHECK(centre.count("outbox WHERE kind = 'incident_news'") == 0); // nothing left
    CHECK(centre.robot.get(centre.path()).data["state"] == "confirmed");
    auto fixed = centre.robot.post(centre.path("/fix"),
                                   {{"released_at", "2026-11-25T08:00:00Z"}, {"release", "4.12"}, {"message", "C’est corrigé."}});
    REQUIRE(fixed.status == 200);
    CHECK(fixed.data["state"] == "fixed");
    CHECK(centre.count("outbox WHERE kind = 'incident_news' AND medium = 'mail'") == 7);
    auto told = centre.robot.get(centre.path()).data["broadcasts"][0];
    CHECK(told["kind"] == "fix");
    CHECK(told["progress"]["waiting"] == 7);
    auto id = told["id"];
    CHECK(centre.robot.post(centre.path("/broadcast/stop"), {{"broadcast", id}}).status == 200);
    CHECK(centre.robot.get(centre.path()).data["broadcasts"][0]["progress"]["stopped"] == 7);
    CHECK(centre.robot.post(centre.path("/broadcast/stop"), {{"broadcast", id}}).status == 409);
    CHECK(centre.robot.post(centre.path("/broadcast/resumption"), {{"broadcast", id}}).status == 200);
    CHECK(centre.robot.get(centre.path()).data["broadcasts"][0]["progress"]["waiting"] == 7);
    CHECK(centre.robot.post(centre.path("/fix"), {{"released_at", "2027-01-01T00:00:00Z"}}).status != 200); // fixed already
    CHECK(centre.resolver.get(centre.page()).status == 200);
}

TEST_CASE("a message to everyone needs words, and an audience that exists", "[telling]") {
    centre centre;
    centre.ticket();
    CHECK(centre.robot.post(centre.path("/broadcast"), {{"message", " "}}).status == 422);
    CHECK(centre.robot.post(centre.path("/broadcast"), {{"message", "Bonjour"}, {"audience", "everybody"}}).status == 422);
    CHECK(centre.robot.post(centre.path("/broadcast"), {{"message", "Nous y travaillons."}}).status == 200);
    CHECK(centre.count("outbox WHERE kind = 'incident_news'") == 1);
    program agent(centre.app, centre.app.add_token("agent"));
    CHECK(agent.post(centre.path("/broadcast"), {{"message", "x"}}).status == 403);
}

TEST_CASE("the owners of silent dossiers are told alone, in their own words, as the look at five of their mails shows", "[telling]") {
    centre centre;
    centre.ticket();
    std::vector<model::dossier_news> news;
    for (int i = 0; i < 7; ++i) {
        auto one = tests::some_dossier("D-" + std::to_string(1000 + i), "Muet" + std::to_string(i), "Luc", "1980-05-04");
        one.values.error_code = "E-17", one.values.email = i == 0 ? "" : "muet" + std::to_string(i) + "@example.test";
        news.push_back(one);
    }
    centre.write([&](soci::session& sql) { model::dossiers::store(sql, news, centre.app.now()); });
    REQUIRE(centre.robot.post(centre.path("/stuck-state"), {{"error_code", "E-17"}}).status == 200);
    centre.app->preview_mail = [](const auto& row, const auto& facts) { return row.kind + " " + facts.body; };
    nlohmann::json asked = {{"message", "Nous débloquons votre dossier."}, {"audience", "silent"}, {"preview", true}};
    auto preview = centre.robot.post(centre.path("/broadcast"), asked);
    REQUIRE(preview.status == 200);
    REQUIRE(preview.data["items"].size() == 5);
    for (const auto& each : preview.data["items"]) {
        CHECK(each["name"].get<std::string>().find("Muet") != std::string::npos);
        CHECK(each["email"].get<std::string>().starts_with("muet"));
        CHECK(each["reference"].is_null());
        CHECK(each["dossier"].get<std::string>().starts_with("D-"));
        CHECK(each["by"] == "mail");
        CHECK(each["text"] == "incident_silent Nous débloquons votre dossier.");
    }
    CHECK(centre.count("outbox") == 1); // the acknowledgement of the one ticket
    asked["audience"] = "everybody";
    CHECK(centre.robot.post(centre.path("/broadcast"), asked).status == 422);
    asked["audience"] = "silent", asked.erase("preview");
    CHECK(centre.robot.post(centre.path("/broadcast"), asked).status == 200);
    CHECK(centre.count("outbox WHERE kind = 'incident_silent' AND recipient LIKE 'muet%'") == 6);
    CHECK(centre.count("outbox WHERE kind = 'incident_news'") == 0); // nobody who wrote
    CHECK(centre.count("message WHERE body = 'Nous débloquons votre dossier.'") == 0);
}

TEST_CASE("a message to everyone does not tell to file again while dossiers exist, without a reason", "[telling]") {
    centre centre;
    centre.ticket();
    auto message = nlohmann::json{{"message", "Refaites votre demande."}};
    CHECK(centre.robot.post(centre.path("/broadcast"), {{"message", "Refaites votre demande."}, {"preview", true}}).data["files_again"] ==
          nullptr); // nobody has a dossier
    centre.write([](soci::session& sql) { model::sql::change(sql, "UPDATE ticket SET dossier_id = 1"); });
    CHECK(centre.robot.post(centre.path("/broadcast"), {{"message", "Refaites votre demande."}, {"preview", true}}).data["files_again"] ==
          "Refaites votre demande");
    CHECK(centre.robot.post(centre.path("/broadcast"), message).status == 422);
    CHECK(centre.robot.post(centre.path("/fix"), message).status == 422);
    CHECK(centre.count("outbox WHERE kind = 'incident_news'") == 0);
    auto version = std::to_string(centre.resolver.get(centre.page()).data["version"].get<std::int64_t>());
    CHECK(centre.resolver.post(centre.page("/broadcast"), {{"version", version}, {"message", "Refaites votre demande."}}).status == 422);
    CHECK(centre.app.html().find("id=\"tell-why\"") != std::string::npos);
    CHECK(centre.app.html().find("id=\"fix-why\"") == std::string::npos); // nobody wanted to announce a fix
    CHECK(centre.app.html().find("Refaites votre demande.</textarea>") == centre.app.html().rfind("Refaites votre demande.</textarea>"));
    CHECK(centre.resolver.post(centre.page("/fix"), {{"version", version}, {"message", "Refaites votre demande."}}).status == 422);
    CHECK(centre.app.html().find("id=\"fix-why\"") != std::string::npos);
    CHECK(centre.app.html().find("id=\"tell-why\"") == std::string::npos);
    message["new_request_reason"] = "les premières sont perdues";
    CHECK(centre.robot.post(centre.path("/broadcast"), message).status == 200);
    CHECK(centre.count("outbox WHERE kind = 'incident_news'") == 1);
    CHECK(centre.count("event WHERE action = 'incident.refiling_told'") == 1);
}

TEST_CASE("tickets that waited for the incident move on with the fix, and it is verified when no dossier stays stuck", "[telling]") {
    centre centre;
    centre.ticket();
    centre.write([](soci::session& sql) {
        model::sql::change(sql, "UPDATE ticket SET status = 'waiting', waiting_reason = 'incident', is_active = 0");
    });
    centre.robot.post(centre.path("/fix"), {{"released_at", "2026-11-25T08:00:00Z"}, {"release", "4.12"}});
    CHECK(centre.count("ticket WHERE status = 'open' AND is_active = 1 AND waiting_reason = ''") == 1);
    CHECK(centre.count("outbox WHERE kind = 'incident_news'") == 0); // no message, nobody is written to
    CHECK(centre.robot.post(centre.path("/closure"), nothing).status == 409);
    auto verified = centre.robot.post(centre.path("/verification"), nothing);
    CHECK(verified.data["state"] == "verified");
    CHECK(centre.robot.get(centre.path()).data["verification"]["no_dossier"] == 1);
    CHECK(centre.robot.post(centre.path("/closure"), nothing).data["state"] == "closed");
}

TEST_CASE("those whose dossier moved are not told to file again without a reason, and nothing typed is lost", "[telling]") {
    centre centre;
    centre.ticket();
    centre.robot.post(centre.path("/fix"), {{"released_at", "2026-11-25T08:00:00Z"}});
    auto message = nlohmann::json{{"message", "Refaites votre demande."}};
    auto refused = centre.robot.post(centre.path("/verification"), message);
    CHECK(refused.status == 422);
    CHECK(refused.data["errors"][0]["field"] == "new_request_reason");
    CHECK(centre.count("verification_run") == 0);
    auto version = std::to_string(centre.resolver.get(centre.page()).data["version"].get<std::int64_t>());
    CHECK(centre.resolver.post(centre.page("/verification"), {{"version", version}, {"message", "Refaites votre demande."}}).status == 422);
    auto html = centre.app.html();
    CHECK(html.find("id=\"verify-why\"") != std::string::npos);
    CHECK(html.find("id=\"tell-why\"") == std::string::npos);
    CHECK(html.find("Refaites votre demande.</textarea>") != std::string::npos);
    CHECK(html.find("Refaites votre demande.</textarea>") == html.rfind("Refaites votre demande.</textarea>"));
    message["new_request_reason"] = "la première est perdue";
    CHECK(centre.robot.post(centre.path("/verification"), message).status == 200);
    CHECK(centre.count("event WHERE action = 'incident.refiling_told'") == 1);
}

TEST_CASE("only what is published is known to everybody, and nothing of the team's words with it", "[telling]") {
    centre centre;
    centre.ticket();
    CHECK(centre.citizen.get(centre.known()).status == 404);
    CHECK(centre.citizen.get("/incidents/999999").status == 404);
    CHECK(centre.citizen.get("/incidents/abc").status == 404);
    CHECK(centre.citizen.get("/incidents").data["items"].empty());
    CHECK(centre.citizen.post(centre.known("/moi-aussi"), {}).status == 404);
    centre.publish();
    CHECK(centre.citizen.get("/incidents").data["items"].size() == 1);
    auto shown = centre.citizen.get(centre.known());
    REQUIRE(shown.status == 200);
    CHECK(centre.app.html().find("Passez par un photographe agréé.") != std::string::npos);
    CHECK(centre.app.html().find("Patienter.") == std::string::npos);
    CHECK_FALSE(shown.data.contains("internal_workaround"));
    CHECK(centre.citizen.get("/").data["known"].size() == 1);
    centre.robot.post(centre.path("/workaround"), {{"public", "Passez par un photographe agréé."}, {"published", false}});
    CHECK(centre.citizen.get(centre.known()).status == 404);
}

TEST_CASE("the page of an incident that became part of another leads there, and is back when they come apart", "[telling]") {
    centre centre;
    centre.publish();
    auto shown = centre.known(), first = centre.path();
    CHECK(centre.citizen.post(shown + "/moi-aussi", {{"email", "moi@example.test"}}).status == 303);
    auto other = centre.robot.post("/api/v1/incidents", {{"title", "Photo floue"}}).data["number"].get<std::int64_t>();
    REQUIRE(centre.robot.post(first + "/merge", {{"into", other}}).status == 200);
    CHECK(centre.robot.get(first).data["is_published"] == false);
    centre.number = other;
    centre.robot.post(centre.path("/confirmation"), nothing);
    CHECK(centre.citizen.get(shown).status == 404); // nothing of the other is known to everybody
    centre.publish();
    CHECK(tests::header_of(centre.citizen.get(shown), "Location") == centre.known());
    CHECK(centre.citizen.post(shown + "/moi-aussi", {{"email", "toi@example.test"}}).status == 303);
    CHECK(centre.robot.get(centre.path()).data["followers"] == 2);
    centre.robot.post(centre.path("/fix"), {{"released_at", "2026-11-25T08:00:00Z"}, {"message", "Corrigé."}});
    CHECK(centre.count("outbox WHERE kind = 'incident_news'") == 2);
    CHECK(centre.robot.post(first + "/unmerge", nothing).status == 200);
    CHECK(centre.citizen.get(shown).status == 200);
    CHECK(centre.citizen.get("/incidents").data["items"].size() == 2);
}

TEST_CASE("whoever says me too of an incident that was merged meanwhile is told so, and counted once with it", "[telling]") {
    centre centre;
    centre.app.settings().limits_enabled = true;
    centre.publish();
    auto shown = centre.known(), first = centre.path();
    tests::browser neighbour{centre.app, "192.0.2.77"};
    CHECK(neighbour.get(shown).status == 200);
    CHECK(neighbour.post(shown + "/moi-aussi", {}).status == 303);
    CHECK(neighbour.post(shown + "/moi-aussi", {{"email", "moi@example.test"}}).status == 303);
    auto other = centre.robot.post("/api/v1/incidents", {{"title", "Photo floue"}}).data["number"].get<std::int64_t>();
    centre.number = other;
    centre.robot.post(centre.path("/confirmation"), nothing);
    centre.publish();
    REQUIRE(centre.robot.post(first + "/merge", {{"into", other}}).status == 200);
    // The page was open before the merge.
    for (const auto* address : {"", "MOI@example.test"}) {
        auto said = neighbour.post(shown + "/moi-aussi", {{"email", address}});
        auto there = tests::header_of(neighbour.get(tests::header_of(said, "Location")), "Location");
        auto done = std::string(address).empty() ? "compte" : "suivi";
        CHECK(there == centre.known(std::string("?fait=") + done));
        CHECK(neighbour.get(there).status == 200);
        auto told = std::string(address).empty() ? "Merci, c’est compté." : "nous vous préviendrons.";
        CHECK(centre.app.html().find(told) != std::string::npos);
        CHECK(neighbour.post(centre.known("/moi-aussi"), {{"email", address}}).status == 303);
    }
    CHECK(tests::header_of(neighbour.get(shown + "?fait=autre"), "Location") == centre.known());
    auto seen = centre.robot.get(centre.path()).data;
    CHECK(seen["me_too"] == 1);
    CHECK(seen["followers"] == 1);
}

TEST_CASE("me too is counted, and with an address told of the fix until its link ends it", "[telling]") {
    centre centre;
    centre.publish();
    CHECK(tests::header_of(centre.citizen.post(centre.known("/moi-aussi"), {}), "Location") == centre.known("?fait=compte"));
    CHECK(tests::header_of(centre.citizen.post(centre.known("/moi-aussi"), {{"email", "moi@example.test"}}), "Location") ==
          centre.known("?fait=suivi"));
    CHECK(centre.citizen.post(centre.known("/moi-aussi"), {{"email", "pas une adresse"}}).status == 422);
    auto seen = centre.robot.get(centre.path()).data;
    CHECK(seen["me_too"] == 1);
    CHECK(seen["followers"] == 1);
    centre.resolver.get(centre.page());
    CHECK(centre.app.html().find("<strong>1</strong> personnes à tenir au courant") != std::string::npos);
    CHECK(centre.citizen.get(centre.known("?fait=suivi")).status == 200);
    centre.robot.post(centre.path("/fix"), {{"released_at", "2026-11-25T08:00:00Z"}, {"message", "Corrigé."}});
    CHECK(centre.count("outbox WHERE kind = 'incident_news' AND recipient = 'moi@example.test'") == 1);
    auto token = centre.app.database().read_now(
        [](soci::session& sql) { return *model::sql::first<std::string>(sql, "SELECT token FROM incident_follower"); });
    CHECK(centre.citizen.get("/incidents/arret/" + token).status == 200); // reading changes nothing
    CHECK(centre.robot.get(centre.path()).data["followers"] == 1);
    CHECK(centre.citizen.post("/incidents/arret/" + token, {}).status == 200);
    CHECK(centre.robot.get(centre.path()).data["followers"] == 0);
    CHECK(centre.citizen.post("/incidents/arret/nothing", {}).status == 404);
}

TEST_CASE("how messages are sorted is told to everybody, in both languages", "[telling]") {
    centre centre;
    CHECK(centre.citizen.get("/tri-des-messages").status == 200);
    CHECK(centre.app.html().find("L. 312-1-3") != std::string::npos);
    CHECK(centre.citizen.get("/tri-des-messages?lang=en").status == 200);
    CHECK(centre.app.html().find("It decides nothing") != std::string::npos);
}
