// SPDX-License-Identifier: EUPL-1.2
#include "api/calendar_file.hpp"
#include "model/callback.hpp"
#include "model/callback_rules.hpp"
#include "model/sql.hpp"
#include "tests/support/callback_site.hpp"

#include <catch2/catch.hpp>

using namespace relais;
using tests::booking;
using tests::browser;
using tests::location;
using tests::program;
using tests::thursday_nine_there;
using json = nlohmann::json;

TEST_CASE("a citizen books in their own time, and is promised it in both", "[callback]") {
    tests::callback_site office;
    CHECK(location(office.post(office.citizen, "/rappel", office.person())) == "/rappel/creneau");
    auto slots = office.citizen.get("/rappel/creneau");
    CHECK(slots.data["place"] == "Fort-de-France (Martinique)");
    CHECK(office.app.html().find("9 h 00") != std::string::npos);
    CHECK(office.app.html().find("14 h 00 à Paris") != std::string::npos);
    CHECK(slots.data["days"].size() == 5);
    CHECK(location(office.book()) == "/rappel/confirmation");
    auto promised = office.citizen.get("/rappel/confirmation");
    CHECK(promised.data["promised"]["from"] == "9 h 00");
    CHECK(promised.data["promised"]["paris_from"] == "14 h 00");
    CHECK(office.app.html().find(promised.data["code_word"].get<std::string>()) != std::string::npos);
    CHECK(office.count("callback WHERE zone = 'America/Martinique' AND department = '972'") == 1);
    CHECK(office.count("ticket WHERE channel = 'callback'") == 1);
}

TEST_CASE("the same page sent twice books once", "[callback]") {
    tests::callback_site office;
    office.post(office.citizen, "/rappel", office.person());
    office.app.pass(std::chrono::seconds(5));
    auto shown = office.citizen.get("/rappel/creneau");
    std::map<std::string, std::string, std::less<>> form = {{"go", "book"}, {"slot_start", thursday_nine_there}};
    for (auto name : {"form_token", "form_id"}) form[name] = shown.data[name].get<std::string>();
    auto cookies = office.citizen.cookies;
    CHECK(office.citizen.post("/rappel/creneau", form).status == 303);
    office.citizen.cookies = cookies; // the browser's Back, then the button again
    CHECK(location(office.citizen.post("/rappel/creneau", form)) == "/rappel/confirmation");
    CHECK(office.count("callback") == 1);
    CHECK(office.count("ticket") == 1);
}

TEST_CASE("faults of the first page come back together, and nothing typed is lost", "[callback]") {
    tests::callback_site office;
    auto form = office.person("0892123456");
    form["subject"] = "", form["procedure"] = "";
    CHECK(location(office.post(office.citizen, "/rappel", form)) == "/rappel");
    auto again = office.citizen.get("/rappel");
    CHECK(again.data["faults"].size() == 3);
    CHECK(office.app.html().find("surtaxé") != std::string::npos);
    CHECK(office.app.html().find("0892123456") != std::string::npos);
    CHECK(location(office.citizen.get("/rappel/creneau")) == "/rappel"); // no slots before it is right
}

TEST_CASE("the legal time follows the number, and can be changed", "[callback]") {
    tests::callback_site office;
    auto form = office.person("0692123456");
    form["department"] = "75";
    office.post(office.citizen, "/rappel", form);
    CHECK(office.citizen.get("/rappel/creneau").data["place"] == "Saint-Denis (La Réunion)");
    office.post(office.citizen, "/rappel/creneau", {{"go", "zone"}, {"zone", "Europe/Paris"}});
    auto slots = office.citizen.get("/rappel/creneau");
    CHECK(slots.data["place"] == "Paris (métropole)");
    CHECK_FALSE(slots.data["is_elsewhere"].get<bool>());
    office.post(office.citizen, "/rappel/creneau", {{"go", "zone"}, {"zone", "../../etc/passwd"}});
    CHECK(office.citizen.get("/rappel/creneau").data["place"] == "Saint-Denis (La Réunion)");
}

TEST_CASE("where nothing fits, it says so and a written answer is one button away", "[callback]") {
    tests::callback_site office;
    auto form = office.person();
    form["department"] = "988";
    office.post(office.citizen, "/rappel", form);
    CHECK(office.citizen.get("/rappel/creneau").data["is_extended"] == true); // 17:45 in Nouméa is 7:45 in Paris
    form["department"] = "986";
    office.post(office.citizen, "/rappel", form);
    auto none = office.citizen.get("/rappel/creneau");
    CHECK(none.data["place"] == "Mata-Utu (Wallis-et-Futuna)"); // in winter even the extended hours are their night
    CHECK(none.data["has_days"] == false);
    CHECK(office.app.html().find("Aucun créneau ne convient") != std::string::npos);
    office.app.pass(std::chrono::seconds(5));
    CHECK(location(office.post(office.citizen, "/rappel/creneau", {{"go", "write"}})) == "/contact/recu");
    CHECK(office.count("ticket WHERE subject = 'Date de naissance refusée'") == 1);
    CHECK(office.count("callback") == 0);
}

TEST_CASE("registering switched off: the page says how else to reach the service", "[callback]") {
    tests::callback_site office;
    auto rules = *office.app.settings().callback;
    rules.is_registering = false;
    office.app.settings().callback = std::make_shared<model::callback_rules>(rules);
    CHECK(office.citizen.get("/rappel").page == "callback_closed");
    program anybody{office.app, ""};
    CHECK(anybody.get("/api/v1/callbacks/slots?zone=Europe/Paris").data.empty());
    CHECK(anybody.post("/api/v1/callbacks", booking(thursday_nine_there)).status == 409);
}

TEST_CASE("programs see slots and book them; a full one is 409 with the nearest", "[callback]") {
    tests::callback_site office;
    program anybody{office.app, ""};
    auto slots = anybody.get("/api/v1/callbacks/slots?zone=America/Martinique&from=2026-11-26T00:00:00Z&to=2026-11-27T00:00:00Z").data;
    REQUIRE(slots.size() == 6);
    CHECK(slots[0]["start"] == thursday_nine_there);
    CHECK(slots[0]["end"] == "2026-11-26T13:30:00Z");
    CHECK(slots[0]["local_start"] == "2026-11-26T09:00:00-04:00");
    CHECK(slots[0]["paris_start"] == "2026-11-26T14:00:00+01:00");
    CHECK(slots[0]["left"] == 4);
    auto of_mailbox = [](int number) {
        auto out = booking(thursday_nine_there, "063998120" + std::to_string(number));
        out["requester"]["email"] = "zoe" + std::to_string(number) + "@example.test";
        return out;
    };
    for (int i = 0; i < 4; ++i) {
        auto made = anybody.post("/api/v1/callbacks", of_mailbox(i));
        REQUIRE(made.status == 201);
        CHECK(made.data["id"].get<std::string>().size() == 32);
        CHECK(made.data["follow_up_url"].get<std::string>().find("/suivi/") != std::string::npos);
        CHECK(made.data["slot"]["start"] == thursday_nine_there);
        CHECK_FALSE(made.data["code_word"].get<std::string>().empty());
    }
    auto full = anybody.post("/api/v1/callbacks", of_mailbox(9));
    CHECK(full.status == 409);
    REQUIRE(full.data["slots"].size() == 5);
    CHECK(full.data["slots"][0]["start"] == "2026-11-26T13:30:00Z");
    CHECK(office.count("callback") == 4);
}

TEST_CASE("a program without a token books for one mailbox three times a day, whatever it was promised before", "[callback][limits]") {
    tests::callback_site office;
    program anybody{office.app, ""};
    for (int i = 0; i < 3; ++i)
        CHECK(anybody.post("/api/v1/callbacks", booking(thursday_nine_there, "063998120" + std::to_string(i))).status == 201);
    CHECK(anybody.post("/api/v1/callbacks", booking("2026-11-26T13:30:00Z", "0639981209")).status == 429);
    CHECK(office.count("callback") == 3);
}

TEST_CASE("a booking that found its slot full does not count for its mailbox", "[callback][limits]") {
    tests::callback_site office;
    program anybody{office.app, ""}, desk{office.app, office.app.add_token("agent")};
    for (int i = 0; i < 4; ++i)
        REQUIRE(desk.post("/api/v1/callbacks", booking(thursday_nine_there, "063998120" + std::to_string(i))).status == 201);
    for (int i = 0; i < 3; ++i) CHECK(anybody.post("/api/v1/callbacks", booking(thursday_nine_there, "0639981209")).status == 409);
    CHECK(anybody.post("/api/v1/callbacks", booking("2026-11-26T13:30:00Z", "0639981209")).status == 201);
}

TEST_CASE("an idempotency key books once and answers the same, link included", "[callback]") {
    tests::callback_site office;
    program anybody{office.app, ""};
    auto first = anybody.post("/api/v1/callbacks", booking(thursday_nine_there), {{"idempotency-key", "one"}});
    auto again = anybody.post("/api/v1/callbacks", booking(thursday_nine_there), {{"idempotency-key", "one"}});
    CHECK(first.status == 201);
    CHECK(again.data == first.data);
    CHECK(office.count("callback") == 1);
    CHECK(office.count("idempotency_key WHERE answer LIKE '%/suivi/%'") == 0);
    CHECK(anybody.post("/api/v1/callbacks", booking("2026-11-26T13:30:00Z"), {{"idempotency-key", "one"}}).status == 422);
    CHECK(anybody.post("/api/v1/callbacks", booking("2026-11-26T13:30:00Z")).status == 409); // the number has one already
}

TEST_CASE("all the faults of a booking come at once", "[callback]") {
    tests::callback_site office;
    program anybody{office.app, ""};
    auto body = booking("tomorrow", "3400");
    body["zone"] = "Europe/Atlantis", body["subject"] = "", body["hack"] = 1;
    auto refused = anybody.post("/api/v1/callbacks", body);
    CHECK(refused.status == 422);
    std::set<std::string> fields;
    for (const auto& each : refused.data["errors"]) fields.insert(each["field"]);
    CHECK(fields == std::set<std::string>{"hack", "phone", "slot_start", "subject", "zone"});
    body = booking(thursday_nine_there), body["ticket"] = "26-AAAA-AAAA";
    CHECK(anybody.post("/api/v1/callbacks", body).status == 422); // without a token nobody says which ticket
    CHECK(anybody.get("/api/v1/callbacks/slots?zone=Nowhere").status == 422);
    CHECK(anybody.get("/api/v1/callbacks").status == 401);
    CHECK(anybody.post("/api/v1/callbacks/next-claim", json::object()).status == 401);
}

TEST_CASE("an agent books about a ticket that is there", "[callback]") {
    tests::callback_site office;
    program agent{office.app, office.app.add_token("agent")};
    program anybody{office.app, ""};
    auto reference = anybody.post("/api/v1/callbacks", booking(thursday_nine_there)).data["reference"].get<std::string>();
    auto made =
        agent.post("/api/v1/callbacks",
                   {{"phone", "0639981277"}, {"slot_start", thursday_nine_there}, {"zone", "America/Martinique"}, {"ticket", reference}});
    CHECK(made.status == 201);
    CHECK(made.data["reference"] == reference);
    CHECK(made.data["follow_up_url"].is_null()); // the link is the citizen's
    CHECK(office.count("ticket") == 1);
}

TEST_CASE("the citizen changes and cancels by their link until the slot begins, and asks again after it failed", "[callback]") {
    tests::callback_site office;
    office.book();
    auto follow = office.citizen.get("/suivi");
    CHECK(follow.data["callback"]["may_change"] == true);
    CHECK(office.app.html().find("9 h 00") != std::string::npos);
    auto ics = office.citizen.get("/suivi/rappel.ics");
    CHECK(ics.content_type == "text/calendar; charset=utf-8");
    CHECK(ics.text.find("DTSTART:20261126T130000Z") != std::string::npos);
    CHECK(office.citizen.get("/suivi/rappel").data["is_change"] == true);
    CHECK(office.post(office.citizen, "/suivi/rappel", {{"go", "book"}, {"zone", "America/Martinique"}}).status == 422); // no slot chosen
    CHECK(location(office.post(office.citizen, "/suivi/rappel",
                               {{"go", "book"}, {"zone", "America/Martinique"}, {"slot_start", "2026-11-27T13:00:00Z"}})) ==
          "/suivi?fait=rappel#rappel");
    CHECK(office.count("outbox WHERE kind = 'callback_change'") == 1);
    auto token = office.citizen.get("/suivi").data["form_token"].get<std::string>();
    CHECK(office.citizen.post("/suivi/annulation-rappel", {{"form_token", "forged"}}).status == 403);
    CHECK(location(office.citizen.post("/suivi/annulation-rappel", {{"form_token", token}})) == "/suivi?fait=rappel_annule#rappel");
    CHECK(office.count("callback WHERE state = 'cancelled'") == 1);
    CHECK(office.citizen.get("/suivi/rappel").data["is_change"] == false);
    CHECK(
        office.post(office.citizen, "/suivi/rappel", {{"go", "book"}, {"zone", "America/Martinique"}, {"slot_start", thursday_nine_there}})
            .status == 303);
    CHECK(office.count("callback") == 2);
    CHECK(office.count("ticket") == 1);
    CHECK(office.citizen.get("/suivi/rappel?zone=Europe/Paris").data["place"] == "Paris (métropole)");
}

TEST_CASE("a calendar file folds its lines between characters and escapes what would end a value", "[callback]") {
    api::calendar_event event;
    event.uid = "1@relais", event.summary = "Appel, de l’agence; suite\\fin";
    event.description = std::string(30, 'a') + "éééééééééééééééééééééééééééééééééééééééé\nligne";
    auto text = api::calendar_file(event);
    CHECK(text.find("SUMMARY:Appel\\, de l’agence\\; suite\\\\fin\r\n") != std::string::npos);
    for (std::size_t from = 0, end = 0; (end = text.find("\r\n", from)) != std::string::npos; from = end + 2) {
        CHECK(end - from <= 75);
        CHECK((static_cast<unsigned char>(text[from]) & 0xC0U) != 0x80U);
    }
    auto unfolded = text;
    for (auto at = unfolded.find("\r\n "); at != std::string::npos; at = unfolded.find("\r\n ")) unfolded.erase(at, 3);
    CHECK(unfolded.find("DESCRIPTION:" + std::string(30, 'a') + "éééééééééééééééééééééééééééééééééééééééé\\nligne") != std::string::npos);
}
