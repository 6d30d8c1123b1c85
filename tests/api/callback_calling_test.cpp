// SPDX-License-Identifier: EUPL-1.2
#include "model/callback.hpp"
#include "model/cti.hpp"
#include "model/dossier.hpp"
#include "model/dossier_store.hpp"
#include "model/sql.hpp"
#include "tests/support/callback_site.hpp"
#include "tests/support/contact_walk.hpp"
#include "tests/support/dossiers.hpp"

#include <catch2/catch.hpp>

using namespace relais;
using tests::booking;
using tests::browser;
using tests::location;
using tests::program;
using tests::thursday_nine_there;
using json = nlohmann::json;

TEST_CASE("an agent claims, dials and says how it ended; what was said goes to the citizen in writing", "[callback]") {
    tests::callback_site office;
    office.book();
    office.thursday(); // 14:00 in Paris
    auto list = office.agent.get("/console/callbacks");
    REQUIRE(list.data["items"].size() == 1);
    CHECK(list.data["items"][0]["state"] == "due");
    CHECK(office.app.html().find("Zoé N’Diaye") != std::string::npos);
    auto where = location(office.agent.post("/console/callbacks/next-claim", {}));
    auto sheet = office.agent.get(where);
    CHECK(sheet.data["is_mine"] == true);
    CHECK(sheet.data["phone_shown"] == "06 39 98 12 01");
    CHECK(office.app.html().find("tel:+33639981201") != std::string::npos);
    auto token = std::to_string(sheet.data["token"].get<std::int64_t>());
    CHECK(location(office.agent.post(where + "/dialling", {{"token", token}})) == where);
    CHECK(office.agent.get(where).data["is_dialling"] == true);
    CHECK(location(
              office.agent.post(where + "/outcome", {{"token", token}, {"outcome", "reached"}, {"summary", "Votre date est acceptée."}})) ==
          "/console/callbacks?fait=reached");
    CHECK(office.count("callback WHERE state = 'reached'") == 1);
    CHECK(office.count("outbox WHERE kind = 'reply'") == 1);
    CHECK(office.agent.post(where + "/outcome", {{"token", token}, {"outcome", "reached"}}).status == 409);
    CHECK(location(office.agent.post("/console/callbacks/next-claim", {})) == "/console/callbacks?fait=aucun");
}

TEST_CASE("an agent who told on the telephone to file again says why, or corrects the summary", "[callback]") {
    tests::callback_site office;
    office.book();
    office.app.database().write_now([&](soci::session& sql) {
        auto news = tests::some_dossier("0011223344556677", "Durand", "Luc", "1980-05-04");
        model::dossiers::store(sql, std::span(&news, 1), office.app.now());
        model::sql::change(sql, "UPDATE ticket SET dossier_id = :dossier", model::dossiers::find_by_number(sql, "0011223344556677")->id);
    });
    office.thursday();
    auto where = location(office.agent.post("/console/callbacks/next-claim", {}));
    auto token = std::to_string(office.agent.get(where).data["token"].get<std::int64_t>());
    office.agent.post(where + "/dialling", {{"token", token}});
    office.agent.get(where);
    CHECK(office.app.html().find("new_request_reason") == std::string::npos);
    std::map<std::string, std::string, std::less<>> outcome = {
        {"token", token}, {"outcome", "reached"}, {"summary", "Refaites votre demande."}};
    CHECK(office.agent.post(where + "/outcome", outcome).status == 422);
    CHECK(office.app.html().find("Refaites votre demande\u00a0»") != std::string::npos);
    CHECK(office.app.html().find("name=\"new_request_reason\"") != std::string::npos);
    CHECK(office.app.html().find("value=\"reached\" required checked") != std::string::npos);
    outcome["new_request_reason"] = "erreur de démarche";
    CHECK(location(office.agent.post(where + "/outcome", outcome)) == "/console/callbacks?fait=reached");
    CHECK(office.count("event WHERE action = 'ticket.refiling_told'") == 1);
    CHECK(office.count("outbox WHERE kind = 'reply'") == 1);
}

TEST_CASE("what an agent leaves on a machine, and the mail that follows, say nothing about the dossier", "[callback]") {
    tests::callback_site office;
    office.book();
    office.thursday();
    auto where = location(office.agent.post("/console/callbacks/next-claim", {}));
    auto sheet = office.agent.get(where);
    auto reference = sheet.data["reference"].get<std::string>();
    auto html = office.app.html();
    auto begins = html.find("Sur un répondeur, rien de plus que");
    REQUIRE(begins != std::string::npos);
    auto said = html.substr(begins, html.find("</p>", begins) - begins);
    CHECK(said.find("vous a appelé au sujet de votre demande " + reference) != std::string::npos);
    for (std::string word : {"Zoé", "Date de naissance", "Permis"}) CHECK(said.find(word) == std::string::npos);
    auto token = std::to_string(sheet.data["token"].get<std::int64_t>());
    office.agent.post(where + "/dialling", {{"token", token}});
    CHECK(location(office.agent.post(where + "/outcome", {{"token", token}, {"outcome", "voicemail"}})) ==
          "/console/callbacks?fait=voicemail");
    CHECK(office.count("callback WHERE state = 'voicemail'") == 1);
    CHECK(office.count("outbox WHERE kind = 'callback_missed'") == 1);
    CHECK(office.count("outbox WHERE kind = 'callback_missed' AND payload LIKE '%naissance%'") == 0);
    CHECK(office.count("outbox WHERE payload LIKE '%+33639981201%'") == 0); // two digits of the number are enough for a mail
}

TEST_CASE("who left only a telephone number is called like the others, and has been told once reached", "[callback]") {
    tests::callback_site office;
    tests::send_contact_form(office.app, office.citizen, {{"requester.email", ""}, {"requester.phone", "06 39 98 12 05"}});
    auto where = location(office.agent.post("/console/callbacks/next-claim", {}));
    auto sheet = office.agent.get(where);
    CHECK(sheet.data["origin"] == "contact");
    CHECK(sheet.data["subject"] == "Photo refusée");
    auto token = std::to_string(sheet.data["token"].get<std::int64_t>());
    office.agent.post(where + "/dialling", {{"token", token}});
    CHECK(office.count("outbox WHERE medium = 'phone' AND state = 'waiting'") == 1); // the acknowledgement
    office.agent.post(where + "/outcome", {{"token", token}, {"outcome", "reached"}, {"summary", "Votre photo est acceptée."}});
    CHECK(office.count("outbox WHERE medium = 'phone' AND state = 'told'") == 2); // and the trace of what was said
    CHECK(office.agent.get("/console/courriers").data["to_tell"].empty());
}

TEST_CASE("a callback is dialled by the telephone system, and its outcome writes the call down", "[callback]") {
    tests::callback_site office;
    json asked;
    office.app->originate = [&](json what) { asked = std::move(what); };
    office.app.settings().telephony.originate_url = "http://127.0.0.1:1/dial";
    office.book();
    office.thursday();
    auto where = location(office.agent.post("/console/callbacks/next-claim", {}));
    auto token = std::to_string(office.agent.get(where).data["token"].get<std::int64_t>());
    CHECK(location(office.agent.post(where + "/dialling", {{"token", token}})) == where);
    CHECK(asked["number"] == "+33639981201");
    asked = nullptr;
    office.agent.post(where + "/dialling", {{"token", token}}); // pressed twice
    CHECK(asked.is_null());

    model::cti_event event;
    event.kind = "newCall", event.direction = "out", event.call_id = "pbx-1", event.from = "201", event.to = "33639981201";
    event.users = {"anne"};
    auto send = [&](const std::string& kind, const std::string& cause = "") {
        event.kind = kind, event.cause = cause;
        office.app.database().write_now([&](soci::session& sql) {
            return model::cti::take(sql, event, "raw", {1, "standard"}, office.app.now());
        });
    };
    send("newCall");
    send("answer");
    auto bar = office.agent.get("/console/calls/current").data["calls"];
    REQUIRE(bar.size() == 1);
    CHECK(bar[0]["opens_itself"] == false);                        // the callback's own page is where one writes
    CHECK(office.count("callback WHERE state = 'dialling'") == 1); // answered by us is no reason to drop it
    send("hangup", "normalClearing");
    CHECK(office.agent.get("/console/calls/current").data["calls"].size() == 1);
    CHECK(office.agent.post(where + "/outcome", {{"token", token}, {"outcome", "reached"}, {"summary", "C’est fait."}}).status == 303);
    CHECK(office.agent.get("/console/calls/current").data["calls"].empty());
    CHECK(office.count("phone_call") == 1);
    CHECK(office.count("phone_call JOIN callback ON callback.ticket_id = phone_call.ticket_id WHERE written_at IS NOT NULL") == 1);
}

TEST_CASE("a colleague's claim cannot be ended by another, and the sheet says whose it is", "[callback]") {
    tests::callback_site office;
    office.book();
    office.thursday();
    auto where = location(office.agent.post("/console/callbacks/next-claim", {}));
    browser paul{office.app, "192.0.2.12"};
    paul.enter_as(office.app.add_user("paul", "agent"));
    auto sheet = paul.get(where);
    CHECK(sheet.data["is_mine"] == false);
    CHECK(sheet.data["held_by"] == "Nom de anne");
    auto token = std::to_string(sheet.data["token"].get<std::int64_t>());
    auto refused = paul.post(where + "/outcome", {{"token", token}, {"outcome", "reached"}});
    CHECK(refused.status == 409);
    CHECK(refused.data["t:problem"] == "conflict.callback_lease");
    CHECK(office.agent.post(where + "/release", {{"token", token}}).status == 303);
    CHECK(location(paul.post("/console/callbacks/next-claim", {})) == where);
}

TEST_CASE("the same in the API: next-claim, outcome, rescheduling, cancellation", "[callback]") {
    tests::callback_site office;
    program anybody{office.app, ""}, agent{office.app, office.app.add_token("agent")};
    auto id = anybody.post("/api/v1/callbacks", booking(thursday_nine_there)).data["id"].get<std::string>();
    auto other = anybody.post("/api/v1/callbacks", booking("2026-11-26T14:00:00Z", "0639981299")).data["id"].get<std::string>();
    CHECK(agent.post("/api/v1/callbacks/next-claim", json::object()).data["callback"].is_null());
    CHECK(agent.post("/api/v1/callbacks/" + other + "/rescheduling", {{"slot_start", "2026-11-27T13:00:00Z"}}).data["slot"]["start"] ==
          "2026-11-27T13:00:00Z");
    CHECK(agent.post("/api/v1/callbacks/" + other + "/cancellation", json::object()).data["state"] == "cancelled");
    office.thursday();
    program later{office.app, office.app.add_token("agent")};
    CHECK(later.get("/api/v1/callbacks?state=due").data["items"].size() == 1);
    auto claimed = later.post("/api/v1/callbacks/next-claim", json::object()).data["callback"];
    CHECK(claimed["id"] == id);
    CHECK(claimed["state"] == "claimed");
    auto ended = later.post("/api/v1/callbacks/" + id + "/outcome", {{"outcome", "no_answer"}});
    CHECK(ended.data["state"] == "scheduled");
    CHECK(ended.data["attempts"] == 1);
    CHECK(ended.data["due_at"] == "2026-11-27T13:00:00Z"); // their mornings only: the next day
    CHECK(later.post("/api/v1/callbacks/" + id + "/outcome", {{"outcome", "no_answer"}}).status == 409);
    CHECK(later.post("/api/v1/callbacks/nobody/outcome", {{"outcome", "reached"}}).status == 404);
    program owner{office.app, office.app.add_token("owner")};
    CHECK(owner.get("/api/v1/callbacks").status == 403);
}

TEST_CASE("what the API refuses of a callback is told by its status", "[callback]") {
    tests::callback_site office;
    program anybody{office.app, ""}, agent{office.app, office.app.add_token("agent")};
    auto id = anybody.post("/api/v1/callbacks", booking(thursday_nine_there)).data["id"].get<std::string>();
    auto at = "/api/v1/callbacks/" + id + "/", nowhere = std::string("/api/v1/callbacks/nobody/");
    CHECK(agent.get("/api/v1/callbacks?state=asleep").status == 422);
    CHECK(agent.get("/api/v1/callbacks?limit=0").status == 422);
    CHECK(agent.get("/api/v1/callbacks/" + id).data["tickets"].empty());
    CHECK(agent.get("/api/v1/callbacks/nobody").status == 404);
    CHECK(agent.post("/api/v1/callbacks", {{"phone", "0639981277"}, {"slot_start", thursday_nine_there}, {"ticket", "26-AAAA-AAAA"}})
              .status == 404);
    for (auto action : {"dialling", "release"}) {
        CHECK(agent.post(nowhere + action, json::object()).status == 404);
        CHECK(agent.post(at + action, json::object()).status == 409); // nobody claimed it
    }
    CHECK(agent.post(nowhere + "cancellation", json::object()).status == 404);
    CHECK(agent.post(at + "cancellation", {{"reason", std::string(41, 'x')}}).status == 422);
    CHECK(agent.post(nowhere + "rescheduling", {{"slot_start", thursday_nine_there}}).status == 404);
    CHECK(agent.post(at + "rescheduling", {{"slot_start", "2026-11-26T03:00:00Z"}}).status == 422); // the night
    CHECK(agent.post(at + "outcome", {{"outcome", "asleep"}}).status == 422);

    office.thursday();
    program later{office.app, office.app.add_token("agent")}, colleague{office.app, office.app.add_token("agent")};
    later.post("/api/v1/callbacks/next-claim", json::object());
    CHECK(colleague.post(at + "dialling", json::object()).status == 409);
    CHECK(later.post(at + "release", json::object()).data["state"] == "due");
    auto token = later.post("/api/v1/callbacks/next-claim", json::object()).data["callback"]["lease"]["token"].get<int>();
    CHECK(later.post(at + "dialling", {{"token", token - 1}}).status == 409); // of the claim before
    CHECK(later.post(at + "dialling", {{"token", token}}).data["state"] == "dialling");
    CHECK(later.post(at + "cancellation", json::object()).status == 409); // the telephone is ringing there
    CHECK(later.post(at + "rescheduling", {{"slot_start", "2026-11-27T13:00:00Z"}}).status == 409);
    CHECK(later.post(at + "outcome", {{"outcome", "reached"}}).data["state"] == "reached");
    CHECK(later.get("/api/v1/callbacks/" + id).data["history"][0]["outcome"] == "reached");
    CHECK(office.count("outbox WHERE kind = 'reply'") == 1); // nothing was typed: that the call took place is written all the same

    auto rules = *office.app.settings().callback;
    rules.is_processing = false;
    office.app.settings().callback = std::make_shared<model::callback_rules>(rules);
    CHECK(later.post("/api/v1/callbacks/next-claim", json::object()).status == 409);
}

TEST_CASE("a program that saw an older version of a callback changes nothing of it", "[callback]") {
    tests::callback_site office;
    program agent(office.app, office.app.add_token("agent"));
    auto booked = agent.post("/api/v1/callbacks", booking(thursday_nine_there));
    REQUIRE(booked.status == 201);
    auto path = "/api/v1/callbacks/" + booked.data["id"].get<std::string>();
    auto seen = tests::header_of(agent.get(path), "ETag");
    REQUIRE(seen == "\"1\"");
    json other = {{"slot_start", "2026-11-27T13:00:00Z"}};
    CHECK(agent.post(path + "/rescheduling", other, {{"if-match", "\"7\""}}).status == 412);
    auto moved = agent.post(path + "/rescheduling", other, {{"if-match", seen}});
    CHECK(moved.status == 200);
    CHECK(tests::header_of(moved, "ETag") == tests::header_of(agent.get(path), "ETag"));
    for (const auto* act : {"dialling", "release", "cancellation"})
        CHECK(agent.post(path + "/" + act, json::object(), {{"if-match", seen}}).status == 412);
    CHECK(agent.post(path + "/outcome", {{"outcome", "no_answer"}}, {{"if-match", seen}}).status == 412);
    CHECK(office.count("callback WHERE state = 'scheduled'") == 1);
    CHECK(agent.post(path + "/cancellation", json::object(), {{"if-match", tests::header_of(moved, "ETag")}}).status == 200);
}
