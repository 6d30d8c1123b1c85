// SPDX-License-Identifier: EUPL-1.2
#include "api/calendar_file.hpp"
#include "model/callback.hpp"
#include "model/callback_rate.hpp"
#include "model/callback_rules.hpp"
#include "model/cti.hpp"
#include "model/sql.hpp"
#include "tests/support/test_app.hpp"

#include <catch2/catch.hpp>

using namespace relais;
using tests::browser;
using tests::program;
using json = nlohmann::json;

namespace {

// The clock of test_app: Wednesday 25 November 2026, 10:46 in Paris, 5:46 in Fort-de-France.
constexpr auto thursday_nine_there = "2026-11-26T13:00:00Z";

struct office {
    tests::test_app app;
    browser citizen{app, "192.0.2.30"}, agent{app};
    std::int64_t anne = app.add_user("anne", "agent");

    office() { agent.enter_as(anne); }

    std::int64_t count(const std::string& what) {
        return app.database().read_now(
            [&](soci::session& sql) { return *model::sql::first<std::int64_t>(sql, "SELECT COUNT(*) FROM " + what); });
    }
    // The first page of /rappel, filled.
    std::map<std::string, std::string, std::less<>> person(const std::string& phone = "0639981201") {
        return {{"requester.name", "Zoé N’Diaye"},
                {"phone", phone},
                {"department", "972"},
                {"requester.email", "zoe@example.test"},
                {"procedure", "REGISTRATION"},
                {"subject", "Date de naissance refusée"}};
    }
    // Sends the form of the page shown, with its hidden fields.
    api::reply post(browser& by, const std::string& path, std::map<std::string, std::string, std::less<>> form) {
        auto shown = by.get(path);
        for (auto name : {"form_token", "form_id"})
            if (shown.data.contains(name)) form[name] = shown.data[name].get<std::string>();
        return by.post(path, form);
    }
    api::reply book(const std::string& slot = thursday_nine_there) {
        post(citizen, "/rappel", person());
        app.pass(std::chrono::seconds(5)); // nobody fills two pages faster
        return post(citizen, "/rappel/creneau", {{"go", "book"}, {"slot_start", slot}});
    }
    // The moment of the slot, a day later: the agent signs in again.
    void thursday() {
        app.pass(std::chrono::hours(27) + std::chrono::minutes(14));
        agent.enter_as(anne);
    }
};

std::string location(const api::reply& reply) { return tests::header_of(reply, "Location"); }

json booking(const std::string& slot, const std::string& phone = "0639981234") {
    return {{"phone", phone},
            {"slot_start", slot},
            {"zone", "America/Martinique"},
            {"requester", {{"name", "Zoé N’Diaye"}, {"email", "zoe@example.test"}}},
            {"procedure", "REGISTRATION"},
            {"subject", "Date de naissance refusée"}};
}

} // namespace

TEST_CASE("a citizen books in their own time, and is promised it in both", "[callback]") {
    office office;
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
    office office;
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
    office office;
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
    office office;
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
    office office;
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
    office office;
    auto rules = *office.app.settings().callback;
    rules.is_registering = false;
    office.app.settings().callback = std::make_shared<model::callback_rules>(rules);
    CHECK(office.citizen.get("/rappel").page == "callback_closed");
    program anybody{office.app, ""};
    CHECK(anybody.get("/api/v1/callbacks/slots?zone=Europe/Paris").data.empty());
    CHECK(anybody.post("/api/v1/callbacks", booking(thursday_nine_there)).status == 409);
}

TEST_CASE("programs see slots and book them; a full one is 409 with the nearest", "[callback]") {
    office office;
    program anybody{office.app, ""};
    auto slots = anybody.get("/api/v1/callbacks/slots?zone=America/Martinique&from=2026-11-26T00:00:00Z&to=2026-11-27T00:00:00Z").data;
    REQUIRE(slots.size() == 6);
    CHECK(slots[0]["start"] == thursday_nine_there);
    CHECK(slots[0]["end"] == "2026-11-26T13:30:00Z");
    CHECK(slots[0]["local_start"] == "2026-11-26T09:00:00-04:00");
    CHECK(slots[0]["paris_start"] == "2026-11-26T14:00:00+01:00");
    CHECK(slots[0]["left"] == 4);
    for (int i = 0; i < 4; ++i) {
        auto made = anybody.post("/api/v1/callbacks", booking(thursday_nine_there, "063998120" + std::to_string(i)));
        REQUIRE(made.status == 201);
        CHECK(made.data["id"].get<std::string>().size() == 32);
        CHECK(made.data["follow_up_url"].get<std::string>().find("/suivi/") != std::string::npos);
        CHECK(made.data["slot"]["start"] == thursday_nine_there);
        CHECK_FALSE(made.data["code_word"].get<std::string>().empty());
    }
    auto full = anybody.post("/api/v1/callbacks", booking(thursday_nine_there, "0639981209"));
    CHECK(full.status == 409);
    REQUIRE(full.data["slots"].size() == 5);
    CHECK(full.data["slots"][0]["start"] == "2026-11-26T13:30:00Z");
    CHECK(office.count("callback") == 4);
}

TEST_CASE("an idempotency key books once and answers the same, link included", "[callback]") {
    office office;
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
    office office;
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
    office office;
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

TEST_CASE("an agent claims, dials and says how it ended; what was said goes to the citizen in writing", "[callback]") {
    office office;
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

TEST_CASE("a callback is dialled by the telephone system, and its outcome writes the call down", "[callback]") {
    office office;
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
    office office;
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
    office office;
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
    office office;
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

TEST_CASE("the citizen changes and cancels by their link until the slot begins, and asks again after it failed", "[callback]") {
    office office;
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

TEST_CASE("a supervisor sees K12 and plans the roster; an agent does not", "[callback]") {
    office office;
    browser boss{office.app, "192.0.2.13"};
    boss.enter_as(office.app.add_user("boss", "supervisor"));
    CHECK(boss.get("/console/callbacks/figures").data["weeks"].size() == 10);
    CHECK(office.agent.get("/console/callbacks/figures").status == 403);
    CHECK(office.agent.get("/console/roster").status == 403);
    CHECK(boss.get("/console/roster?week=2026-W49").status == 200);
    CHECK(boss.get("/console/roster?week=2025-W53").status == 422);
    auto plan = [&](std::map<std::string, std::string, std::less<>> form) {
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

TEST_CASE("how many promises were kept is told to everybody when it is configured, and only then", "[callback]") {
    office office;
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
