// SPDX-License-Identifier: EUPL-1.2
#include "api/follow_up_token.hpp"
#include "model/attachment.hpp"
#include "model/participant.hpp"
#include "tests/support/contact_walk.hpp"
#include "tests/support/office.hpp"

#include <catch2/catch.hpp>

using namespace relais;
using tests::browser;
using tests::header_of;
using tests::office;
using tests::program;
using form = std::map<std::string, std::string, std::less<>>;

namespace {

// Somebody who opened a follow-up link.
struct follower {
    browser at;
    follower(tests::test_app& app, const std::string& address) : at(app, address) {}
    nlohmann::json page() { return at.get("/suivi").data; }
    api::reply post(const std::string& path, form answers, const std::string& id) {
        answers["form_token"] = page()["form_token"];
        answers["form_id"] = id;
        return at.post(path, std::move(answers));
    }
    std::string thread() {
        std::string out;
        auto seen = page();
        for (const auto& each : seen["thread"]) out += (out.empty() ? "" : "|") + each["body"].get<std::string>();
        return out;
    }
};

// An office whose ticket a driving school follows too.
struct shared_office : office {
    program desk{app, app.add_token("agent")};
    std::string api = "/api/v1/tickets/" + reference;
    std::int64_t school = add("proxy", "Auto-école du Port", "ecole@example.test");
    follower zoe{app, "198.51.100.1"}, teacher{app, "198.51.100.2"};

    shared_office() {
        zoe.at.get("/suivi/" + requester_token());
        teacher.at.get("/suivi/" + token_of(school));
    }
    std::int64_t add(const std::string& role, const std::string& name, const std::string& email) {
        auto added = desk.post(api + "/participants", {{"role", role}, {"name", name}, {"email", email}});
        return added.status == 201 ? added.data["id"].get<std::int64_t>() : 0;
    }
    // The sample's link was made without the server's key: it gets one that was.
    std::string requester_token() {
        auto token = api::follow_up_tokens::make(app.keys(), reference, 2);
        app.database().write_now([&](soci::session& sql) {
            model::tickets::action act{reference, 0, tests::agent_actor(), app.now()};
            model::tickets::renew_link(sql, act, api::follow_up_tokens::hash(token));
        });
        return token;
    }
    std::string token_of(std::int64_t id) {
        auto who = app.database().read_now([&](soci::session& sql) { return *model::participants::find(sql, id); });
        return api::follow_up_tokens::make(app.keys(), who.code, who.link_generation);
    }
    api::reply answer(const std::string& body, const nlohmann::json& to) {
        return desk.post(api + "/messages", {{"kind", "reply"}, {"body", body}, {"to", to}});
    }
};

} // namespace

TEST_CASE("a participant is added with a link of their own, listed, given a new link and removed", "[participants]") {
    shared_office office;
    REQUIRE(office.school > 0);
    auto listed = office.desk.get(office.api + "/participants").data["items"];
    REQUIRE(listed.size() == 2);
    CHECK(listed[0]["id"] == 0);
    CHECK(listed[0]["role"] == "citizen");
    CHECK(listed[1]["name"] == "Auto-école du Port");
    CHECK(listed[1]["is_present"] == true);
    auto path = office.api + "/participants/" + std::to_string(office.school);
    CHECK(office.desk.post(path + "/link", nlohmann::json::object()).status == 200);
    CHECK(office.teacher.at.get("/suivi").page == "follow_up_entry"); // the old link
    office.teacher.at.get("/suivi/" + office.token_of(office.school));
    CHECK(office.teacher.page()["reference"] == office.reference);
    CHECK(office.desk.remove(path).status == 200);
    CHECK(office.desk.get(office.api + "/participants").data["items"][1]["ended_by"] == "staff");
    CHECK(office.desk.post(path + "/link", nlohmann::json::object()).status == 409);
    CHECK(office.desk.remove(office.api + "/participants/999").status == 404);
    auto other = office.open(2);
    CHECK(office.desk.remove("/api/v1/tickets/" + other + "/participants/" + std::to_string(office.school)).status == 404);
    CHECK(office.desk.get(office.api).data["participants"].size() == 2);
}

TEST_CASE("people are changed on the version that was seen, of a ticket that is there", "[participants]") {
    shared_office office;
    const nlohmann::json person = {{"role", "adviser"}, {"name", "Maison de Pau"}, {"email", "pau@example.test"}};
    auto path = office.api + "/participants/" + std::to_string(office.school);
    CHECK(office.desk.post("/api/v1/tickets/26-0000-0000/participants", person).status == 404);
    CHECK(office.desk.post(office.api + "/participants", person, {{"if-match", "\"99\""}}).status == 412);
    CHECK(office.desk.post(path + "/link", nlohmann::json::object(), {{"if-match", "\"99\""}}).status == 412);
    CHECK(office.desk.remove(path, {{"if-match", "\"99\""}}).status == 412);
    CHECK(office.desk.post(path + "/link", {{"colour", "blue"}}).status == 422);
    CHECK(office.desk.remove(path, {{"idempotency-key", "k"}}).status == 200);
    CHECK(office.desk.remove(path, {{"idempotency-key", "k"}, {"if-match", "\"99\""}}).status == 422); // the key of another question
    REQUIRE(office.desk.post(office.api + "/merge", {{"into", office.open(2)}}).status == 200);
    CHECK(office.desk.post(office.api + "/participants", person).status == 409);
    CHECK(office.desk.remove(path).status == 409);
}

TEST_CASE("what is wrong about a new participant is told field by field", "[participants]") {
    shared_office office;
    auto refused = office.desk.post(office.api + "/participants",
                                    {{"role", "friend"}, {"name", " "}, {"email", "x"}, {"language", "de"}, {"until", "2020-01-01"}});
    REQUIRE(refused.status == 422);
    std::string fields;
    for (const auto& each : refused.data["errors"]) fields += each["field"].get<std::string>() + " ";
    CHECK(fields == "role name email language until ");
    CHECK(office.desk.post(office.api + "/participants", {{"role", "proxy"}, {"name", "Sans moyen"}}).data["errors"][0]["field"] ==
          "email");
    CHECK(office.add("adviser", "Encore elle", "ECOLE@example.test") == 0);
    CHECK(office.add("adviser", "Zoé", "zoe@example.test") == 0);
    auto dated = office.desk.post(office.api + "/participants",
                                  {{"role", "proxy"}, {"name", "Tante"}, {"phone", "06 39 98 01 02"}, {"until", "2026-11-25"}});
    REQUIRE(dated.status == 201);
    CHECK(dated.data["ends_at"] == "2026-11-25T23:00:00Z"); // midnight in Paris
    CHECK(dated.data["phone"] == "+33639980102");
    CHECK(program(office.app, office.app.add_token("owner")).get(office.api + "/participants").status == 403);
}

TEST_CASE("each link shows the messages of its holder and nothing of the others'", "[participants]") {
    shared_office office;
    REQUIRE(office.answer("Pour l’école", {office.school}).status == 200);
    REQUIRE(office.answer("Pour les deux", {0, office.school}).status == 200);
    REQUIRE(office.desk.post(office.api + "/messages", {{"kind", "reply"}, {"body", "Pour Zoé"}}).status == 200);
    REQUIRE(office.desk.post(office.api + "/messages", {{"kind", "note"}, {"body", "Entre nous"}}).status == 200);
    CHECK(office.teacher.post("/suivi/messages", {{"body", "Voici la date"}}, "m1").status == 303);
    CHECK(office.teacher.post("/suivi/messages", {{"body", "Voici la date"}}, "m1").status == 303); // sent twice is sent once
    CHECK(office.teacher.thread() == "Pour l’école|Pour les deux|Voici la date");
    CHECK(office.app.html().find("date de naissance") == std::string::npos); // neither the subject nor the first message
    CHECK(office.app.html().find("zoe@example.test") == std::string::npos);
    CHECK(office.zoe.thread() == "Bonjour, le site du code refuse ma date de naissance 00/00/1991.|Pour les deux|Pour Zoé");
    CHECK(office.zoe.page()["thread"][1]["others"] == "Auto-école du Port");
    auto messages = office.desk.get(office.api).data["messages"];
    CHECK(messages[1]["to"][0]["id"] == office.school);
    CHECK(messages[2]["to"].size() == 2);
    CHECK(messages[3]["to"][0]["id"] == 0);
    CHECK(messages[5]["from_participant"] == office.school);
    CHECK(office.answer("x", {}).status == 422);
    CHECK(office.answer("x", {999}).status == 422);
    CHECK(office.answer("x", {"0"}).status == 422);
}

TEST_CASE("what changes the request itself is refused to a participant", "[participants]") {
    shared_office office;
    for (auto path : {"/suivi/resolu", "/suivi/satisfaction", "/suivi/annulation-rappel", "/suivi/personnes/retrait"}) {
        INFO(path);
        CHECK(office.teacher.post(path, {{"score", "10"}, {"participant", std::to_string(office.school)}}, "x1").status == 404);
    }
    CHECK(office.teacher.at.get("/suivi/rappel").status == 404);
    CHECK(office.count("ticket WHERE status = 'closed' OR satisfaction IS NOT NULL") == 0);
    CHECK(office.teacher.page()["reference"] == office.reference); // still there
}

TEST_CASE("a file is for those who read its message, and for them behind a code of their own", "[participants]") {
    shared_office office;
    auto send = [&](follower& who, const std::string& name) {
        who.at.files = {tests::make_upload(office.app, name, "text/plain", "Bonjour")};
        who.post("/suivi/pieces", {{"body", ""}}, name);
        return who.page()["thread"].back()["files"][0]["public_id"].get<std::string>();
    };
    auto of_zoe = send(office.zoe, "zoe.txt"), of_school = send(office.teacher, "ecole.txt");
    CHECK(office.teacher.at.get("/suivi/pieces/" + of_zoe).status == 404);
    CHECK(office.zoe.at.get("/suivi/pieces/" + of_school).status == 404);
    auto asked = office.teacher.at.get("/suivi/pieces/" + of_school);
    CHECK(header_of(asked, "Location") == "/suivi/code?piece=" + of_school);
    office.teacher.post("/suivi/code/envoi", {{"file", of_school}}, "c1");
    auto code = office.app.database().read_now([](soci::session& sql) {
        return nlohmann::json::parse(*model::sql::first<std::string>(
            sql, "SELECT payload FROM outbox WHERE kind = 'code' AND recipient = 'ecole@example.test'"))["code"]
            .get<std::string>();
    });
    office.zoe.post("/suivi/code", {{"file", of_zoe}, {"code", code}}, "c2"); // another's code opens nothing
    CHECK(office.zoe.at.get("/suivi/pieces/" + of_zoe).status == 303);
    office.teacher.post("/suivi/code", {{"file", of_school}, {"code", code}}, "c3");
    CHECK(office.teacher.at.get("/suivi/pieces/" + of_school).status == 200);
    CHECK(office.teacher.at.get("/suivi/pieces/" + of_zoe).status == 404);
}

TEST_CASE("the requester sees who follows their request and withdraws the mandate; the link then opens nothing", "[participants]") {
    shared_office office;
    auto people = office.zoe.page()["people"];
    REQUIRE(people.size() == 1);
    CHECK(people[0]["name"] == "Auto-école du Port");
    CHECK(people[0]["may_remove"] == true);
    auto link = "/suivi/" + office.token_of(office.school);
    auto done = office.zoe.post("/suivi/personnes/retrait", {{"participant", std::to_string(office.school)}}, "p1");
    CHECK(header_of(done, "Location") == "/suivi?fait=retrait#personnes");
    CHECK(office.zoe.page()["people"][0]["may_remove"] == false);
    browser stranger(office.app, "198.51.100.9");
    auto revoked = stranger.get(link), unknown = stranger.get("/suivi/" + std::string(43, 'a'));
    CHECK(header_of(revoked, "Location") == header_of(unknown, "Location"));
    CHECK(revoked.status == unknown.status);
    CHECK(office.teacher.at.get("/suivi").page == "follow_up_entry");
    CHECK(office.zoe.post("/suivi/personnes/retrait", {{"participant", "999"}}, "p2").status == 404);
    CHECK(office.count("event WHERE action = 'ticket.participant_ended' AND actor_kind = 'citizen'") == 1);
    CHECK(office.desk.get(office.api + "/participants").data["items"][1]["ended_by"] == "citizen");
    CHECK(office.answer("Trop tard", {office.school}).status == 422);
}

TEST_CASE("the page of the desk answers whoever wrote last, and says who reads each message", "[participants]") {
    shared_office office;
    office.add("adviser", "France services", "maison@example.test");
    auto chosen = [&] {
        std::string out;
        auto page = office.agent.get(office.path());
        for (const auto& each : page.data["addressees"])
            if (each["is_chosen"].get<bool>()) out += each["name"].get<std::string>() + ";";
        return out;
    };
    CHECK(chosen() == "Zoé N’Diaye-Lefèvre;");
    office.teacher.post("/suivi/messages", {{"body", "Une question"}}, "m1");
    CHECK(chosen() == "Auto-école du Port;");
    CHECK(office.act(office.agent, "messages", {{"kind", "reply"}, {"body", "x"}, {"addressed", "1"}}).status == 422); // nobody was ticked
    auto kept = office.act(office.agent, "draft", {{"body", "À finir"}, {"to[]", "0\n" + std::to_string(office.school)}});
    CHECK(kept.status == 303);
    CHECK(chosen() == "Zoé N’Diaye-Lefèvre;Auto-école du Port;");
    auto seen = office.act(office.agent, "preview", {{"body", "Bonjour"}, {"to[]", std::to_string(office.school)}});
    CHECK(seen.data["email"] == "ecole@example.test");
    CHECK(office.app.html().find("name=\"to[]\" value=\"" + std::to_string(office.school) + "\"") != std::string::npos);
    CHECK(office.act(office.agent, "messages", {{"kind", "reply"}, {"body", "Bonjour"}, {"to[]", std::to_string(office.school)}}).status ==
          303);
    office.agent.get(office.path());
    CHECK(office.app.html().find("Auto-école du Port (mandataire)") != std::string::npos);
    CHECK(office.count("outbox WHERE kind = 'participant_message' AND recipient = 'ecole@example.test'") == 1);
    CHECK(office.count("outbox WHERE kind = 'reply'") == 0);
}

TEST_CASE("the console adds and removes people as the API does, and keeps what was typed", "[participants]") {
    shared_office office;
    auto refused =
        office.act(office.agent, "participants", {{"role", "proxy"}, {"name", "Tante Rose"}, {"email", "tante@"}, {"until", ""}});
    CHECK(refused.status == 422);
    CHECK(office.app.html().find("value=\"Tante Rose\"") != std::string::npos);
    auto added = office.act(office.agent, "participants",
                            {{"role", "proxy"}, {"name", "Tante Rose"}, {"email", "tante@example.test"}, {"until", ""}});
    CHECK(header_of(added, "Location") == office.path("?done=person_added#people-title"));
    auto people = office.agent.get(office.path()).data["people"];
    REQUIRE(people.size() == 2);
    auto noun = "participants/" + std::to_string(people[1]["id"].get<std::int64_t>());
    CHECK(office.act(office.agent, noun + "/link", {}).status == 303);
    CHECK(office.act(office.agent, noun + "/removal", {}).status == 303);
    CHECK(office.agent.get(office.path()).data["people"][1]["is_present"] == false);
    CHECK(office.app.html().find("personne retirée de la demande") != std::string::npos); // history
}

TEST_CASE("a participant who lost the link gets their own again, and no other", "[participants]") {
    shared_office office;
    browser stranger(office.app, "198.51.100.9");
    stranger.get("/suivi");
    office.app.database().write_now([](soci::session& sql) {
        model::sql::change(sql, "DELETE FROM outbox");
        model::sql::change(sql, "UPDATE ticket SET reference = '26-7K3F-9QTX'"); // one that may be typed
    });
    stranger.post("/suivi/lien", {{"reference", "26-7K3F-9QTX"}, {"email", "Ecole@example.test"}});
    CHECK(office.count("outbox WHERE kind = 'participant_invitation' AND recipient = 'ecole@example.test'") == 1);
    CHECK(office.count("outbox") == 1);
}
