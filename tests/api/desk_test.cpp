// SPDX-License-Identifier: EUPL-1.2
#include "model/legal_clock.hpp"
#include "model/sql.hpp"
#include "tests/support/office.hpp"

#include <catch2/catch.hpp>

using namespace relais;
using namespace std::chrono_literals;
using tests::browser;
using tests::office;
using tests::program;

namespace {

std::string location(const api::reply& reply) { return tests::header_of(reply, "Location"); }

} // namespace

TEST_CASE("an agent finds the ticket in the queue, reads it, answers; the citizen's mail waits", "[desk]") {
    office office;
    auto queue = office.agent.get("/console/tickets");
    REQUIRE(queue.data["items"].size() == 1);
    CHECK(queue.data["items"][0]["subject"] == "Date de naissance refusée");
    CHECK(office.app.html().find(office.reference) != std::string::npos);
    auto ticket = office.agent.get(office.path());
    CHECK(ticket.data["messages"].size() == 1);
    CHECK(office.app.html().find("00/00/1991") != std::string::npos);
    CHECK(location(office.act(office.agent, "messages", {{"kind", "reply"}, {"body", "Bonjour,\r\nc’est corrigé."}})) ==
          office.path("?done=replied"));
    CHECK(office.agent.get(office.path("?done=replied")).data["messages"][1]["body"] == "Bonjour,\nc’est corrigé.");
    CHECK(office.count("outbox WHERE kind = 'reply' AND medium = 'mail' AND recipient = 'zoe@example.test'") == 1);
    CHECK(office.count("message WHERE kind = 'reply' AND author_name = 'Nom de anne, conseillère'") == 1);
}

TEST_CASE("without a mail address the answer is a letter, or to be told without a postal one", "[desk]") {
    office office;
    office.reference = office.open(2, "", "", "3 rue des Lilas\n33000 Bordeaux");
    office.act(office.agent, "messages", {{"kind", "reply"}, {"body", "Bonjour"}});
    CHECK(office.count("outbox WHERE kind = 'reply' AND medium = 'letter'") == 1);
    office.reference = office.open(3, "", "");
    office.act(office.agent, "messages", {{"kind", "reply"}, {"body", "Bonjour"}});
    CHECK(office.count("outbox WHERE kind = 'reply' AND medium = 'phone'") == 1);
}

TEST_CASE("every reading of a ticket and of the dossier beside it is written down, once an hour", "[desk]") {
    office office;
    auto dossier = office.add_dossier("0011223344556677");
    office.act(office.agent, "dossier", {{"dossier", dossier}});
    auto before = office.count("event WHERE action = 'dossier.read'");
    office.agent.get(office.path());
    auto by_anne = "event WHERE action = 'ticket.read' AND actor_id = " + std::to_string(office.anne);
    CHECK(office.count(by_anne) == 2); // without the dossier, then with it
    CHECK(office.count("event WHERE action = 'dossier.read'") == before + 1);
    office.agent.get(office.path());
    CHECK(office.count(by_anne) == 2);
    office.colleague.get(office.path());
    CHECK(office.count("event WHERE action = 'dossier.read'") == before + 2);
    for (int i = 0; i < 4; ++i) office.app.pass(15min), office.agent.get("/console/tickets"); // an hour, still signed in
    office.agent.get(office.path());
    CHECK(office.count(by_anne) == 3);
    CHECK(office.count("event WHERE action = 'dossier.read'") == before + 3);
}

TEST_CASE("the dossiers that may be a ticket's own are read with it", "[desk]") {
    office office;
    auto other = office.add_dossier("0011223344556678");
    office.agent.get(office.path());
    CHECK(office.count("event WHERE action = 'dossier.read'") == 0);
    office.act(office.agent, "dossier", {{"dossier", other}, {"role", "homonym"}});
    office.agent.get(office.path());
    office.agent.get(office.path());
    CHECK(office.count("event WHERE action = 'dossier.read' AND actor_id = " + std::to_string(office.anne)) == 1);
}

TEST_CASE("the latest of a long history is shown, however often it was read", "[desk]") {
    office office;
    office.app.database().write_now([&](soci::session& sql) {
        auto id = model::tickets::get(sql, office.reference).id;
        auto add = [&](const char* action, int times) {
            for (int i = 0; i < times; ++i) model::events::record(sql, {"staff", 99, "X"}, action, "ticket", id, {}, office.app.now());
        };
        add("ticket.noted", 60), add("ticket.read", 300), add("ticket.file_read", 300), add("ticket.noted", 480);
    });
    office.agent.get(office.path());
    office.act(office.colleague, "category", {{"category", "CIV-01"}});
    auto seen = office.agent.get(office.path());
    auto history = seen.data["history"];
    CHECK(history.size() == 600);
    CHECK(history.back()["action"] == "ticket.categorised");
    CHECK(seen.data["last_event"] == history.back()["id"]);
    auto changes = office.agent.get(office.path("/changes?seen=1")).data["changes"];
    REQUIRE(changes.size() == 50);
    CHECK(changes.back()["action"] == "ticket.categorised");
    CHECK(changes.front()["action"] == "ticket.noted");
}

TEST_CASE("two agents never overwrite each other silently", "[desk]") {
    office office;
    auto seen = office.agent.get(office.path());
    auto version = std::to_string(seen.data["version"].get<std::int64_t>()),
         event = std::to_string(seen.data["last_event"].get<std::int64_t>());
    CHECK(office.act(office.colleague, "category", {{"category", "CIV-01"}}).status == 303);
    auto late =
        office.agent.post(office.path("/messages"), {{"kind", "reply"}, {"body", "Mon long texte"}, {"version", version}, {"seen", event}});
    CHECK(late.status == 409);
    CHECK(late.data["typed"]["body"] == "Mon long texte");
    CHECK(office.app.html().find("Mon long texte</textarea>") != std::string::npos);
    REQUIRE(late.data["changes"].size() == 1);
    CHECK(late.data["changes"][0]["action"] == "ticket.categorised");
    CHECK(late.data["changes"][0]["actor"]["name"] == "Nom de paul");
    CHECK(office.count("message WHERE kind = 'reply'") == 0);
    CHECK(office.agent.post(office.path("/messages"), {{"kind", "reply"}, {"body", "x"}}).status == 409); // no version at all
}

TEST_CASE("what is wrong in a form comes back with what was typed", "[desk]") {
    office office;
    CHECK(office.act(office.agent, "messages", {{"kind", "reply"}, {"body", "  \n "}}).status == 422);
    auto refused = office.act(office.agent, "closure", {{"reason", ""}, {"text", "Au revoir"}});
    CHECK(refused.status == 422);
    CHECK(refused.data["errors"][0]["field"] == "reason");
    CHECK(refused.data["typed"]["text"] == "Au revoir");
    CHECK(office.act(office.agent, "category", {{"category", "ABC-99"}}).status == 422);
    CHECK(office.act(office.agent, "forwarding", {{"service", "nobody"}}).status == 422);
    CHECK(office.act(office.agent, "dossier", {{"dossier", "unknown"}}).status == 422);
    CHECK(office.act(office.agent, "dossier", {{"dossier", ""}}).status == 422); // removing needs a reason
    CHECK(office.act(office.agent, "messages", {{"kind", "shout"}, {"body", "x"}}).status == 422);
}

TEST_CASE("closing needs a dossier or a reason, except for questions", "[desk]") {
    office office;
    CHECK(office.act(office.agent, "closure", {}).status == 422);
    CHECK(office.act(office.agent, "closure", {{"reason", "no_dossier"}}).status == 303);
    CHECK(office.agent.get(office.path()).data["status"] == "closed");
    CHECK(office.act(office.agent, "closure", {{"reason", "answered"}}).status == 409); // closed twice is closed once
    CHECK(office.act(office.agent, "reopening", {{"reason", "l’usager a rappelé"}}).status == 303);
    office.act(office.agent, "dossier", {{"dossier", office.add_dossier("0011223344556677")}});
    CHECK(office.act(office.agent, "closure", {}).status == 303);
    office.reference = office.open(3, "GEN-02");
    CHECK(office.act(office.agent, "closure", {}).status == 303);
}

TEST_CASE("a ticket is given to those who treat tickets, and only to them", "[desk]") {
    office office;
    auto owner = office.app.add_user("moa", "owner");
    CHECK(office.act(office.agent, "assignment", {{"assignee", std::to_string(owner)}}).status == 422);
    CHECK(office.act(office.agent, "assignment", {{"assignee", "x"}}).status == 422);
    CHECK(office.act(office.agent, "assignment", {{"assignee", "me"}}).status == 303);
    CHECK(office.agent.get("/console/tickets?assignee=me").data["items"].size() == 1);
    CHECK(office.colleague.get("/console/tickets?assignee=me").data["items"].empty());
    CHECK(office.act(office.agent, "assignment", {{"assignee", ""}}).status == 303);
    CHECK(office.agent.get("/console/tickets?assignee=none").data["items"].size() == 1);
}

TEST_CASE("a dossier is linked with its state at that moment, related, and removed with a reason", "[desk]") {
    office office;
    auto subject = office.add_dossier("0011223344556677"), other = office.add_dossier("0011223344556678");
    CHECK(office.act(office.agent, "dossier", {{"dossier", "0011 2233 4455 6677"}}).status == 303); // as the agent types it
    auto ticket = office.agent.get(office.path());
    CHECK(ticket.data["dossier"]["id"] == subject);
    CHECK(ticket.data["snapshots"].back()["status"] == "UNDER_ASSESSMENT");
    CHECK(office.act(office.agent, "dossier", {{"dossier", other}, {"role", "homonym"}}).status == 303);
    CHECK(office.act(office.agent, "dossier", {{"dossier", other}, {"role", "owner"}}).status == 422);
    CHECK(office.act(office.agent, "dossier", {{"dossier", subject}, {"role", "duplicate"}}).status == 409);
    office.app.database().write_now(
        [](soci::session& sql) { model::sql::change(sql, "UPDATE ticket_dossier SET reason = 'name-birth_date'"); });
    auto candidate = office.agent.get(office.path()).data["candidates"][0];
    CHECK(candidate["role"] == "homonym");
    REQUIRE(candidate["reasons"].size() == 2); // in words, and which way each speaks
    CHECK((candidate["reasons"][0]["label"] == "nom" && candidate["reasons"][0]["is_against"] == false));
    CHECK((candidate["reasons"][1]["label"] == "date de naissance" && candidate["reasons"][1]["is_against"] == true));
    CHECK(office.act(office.agent, "dossier", {{"dossier", ""}, {"reason", "homonyme"}}).status == 303);
    CHECK(office.agent.get(office.path()).data["dossier"].is_null());
}

TEST_CASE("a request of another service is forwarded and the citizen told", "[desk]") {
    office office;
    CHECK(
        office.act(office.agent, "forwarding", {{"service", "fines"}, {"text", "Votre avis de contravention relève de l’ANTAI."}}).status ==
        303);
    auto ticket = office.agent.get(office.path());
    CHECK(ticket.data["closure_reason"] == "forwarded");
    CHECK(ticket.data["forwarded_to"].get<std::string>().find("ANTAI") != std::string::npos);
    CHECK(office.count("outbox WHERE kind = 'forwarding'") == 1);
    CHECK(office.act(office.agent, "reopening", {{"reason", "l’usager a rappelé"}}).status == 303);
    CHECK(office.agent.get(office.path()).data["forwarded_to"] == "");
}

TEST_CASE("the product owner and the data-protection officer read no free text", "[desk]") {
    office office;
    office.reference = office.open(4, "MED-01");
    for (auto role : {"owner", "admin", "dpo"}) {
        INFO(role);
        browser other(office.app, "192.0.2.12");
        other.enter_as(office.app.add_user(role, role));
        auto ticket = other.get(office.path());
        REQUIRE(ticket.status == 200);
        CHECK_FALSE(ticket.data.contains("messages"));
        CHECK_FALSE(ticket.data.contains("subject"));
        CHECK(ticket.data.contains("requester") == (role == std::string("dpo")));
        for (auto word : {"00/00", "naissance refusée", "Bonjour"}) CHECK(office.app.html().find(word) == std::string::npos);
        auto queue = other.get("/console/tickets");
        CHECK(queue.data["items"][0]["subject"].is_null());
        CHECK(office.app.html().find("naissance refusée") == std::string::npos);
        // Nor does a search tell whether words or people are there.
        if (role != std::string("dpo")) CHECK(other.get("/console/tickets?q=diaye").data["items"].empty());
        CHECK(other.get("/console/tickets?q=" + office.reference).data["items"].size() <= 1);
        CHECK(other.post(office.path("/messages"), {{"kind", "note"}, {"body", "x"}, {"version", "1"}}).status == 403);
    }
}

TEST_CASE("nor an agent's words about a dossier or a wait, nor a date of health or of an offence", "[desk]") {
    office office;
    auto subject = office.add_dossier("0011223344556677"), other = office.add_dossier("0011223344556678");
    office.act(office.agent, "dossier", {{"dossier", subject}});
    office.act(office.agent, "dossier", {{"dossier", other}, {"role", "homonym"}, {"reason", "Sa sœur, en cure"}});
    office.act(office.agent, "waiting", {{"reason", "external_owner"}, {"detail", "Le Dr Martin"}});
    office.app.database().write_now([&](soci::session& sql) {
        auto id = model::dossiers::get(sql, subject).id;
        for (const auto* kind : {"medical", "suspension", "filing"})
            model::legal_clocks::note(sql, id, kind, "2026-12-24", {"staff", office.anne, "Anne"}, office.app.now());
    });
    auto told = [&](browser& by) {
        auto ticket = by.get(office.path()).data;
        return ticket["candidates"].dump() + ticket["waiting"].dump() + ticket["deadlines"].dump();
    };
    for (const auto* private_word : {"Sa sœur", "Le Dr Martin", "\"medical\"", "\"suspension\"", "\"filing_certificate\""})
        CHECK(told(office.agent).find(private_word) != std::string::npos);
    for (auto role : {"owner", "admin"}) {
        INFO(role);
        browser by(office.app, "192.0.2.12");
        by.enter_as(office.app.add_user(role, role));
        auto seen = told(by);
        for (const auto* private_word : {"Sa sœur", "Le Dr Martin", "\"medical\"", "\"suspension\""}) {
            CHECK(seen.find(private_word) == std::string::npos);
            CHECK(office.app.html().find(private_word) == std::string::npos);
        }
        CHECK(seen.find("\"filing_certificate\"") != std::string::npos);
        CHECK(seen.find("\"external_owner\"") != std::string::npos);
    }
}

TEST_CASE("a form without the session's token changes nothing, nor one of another site", "[desk]") {
    office office;
    office.agent.get(office.path());
    auto good = office.agent.csrf;
    for (auto token : {std::string(), std::string("x"), office.app.keys().sign("csrf", "other session")}) {
        office.agent.csrf = token;
        CHECK(office.agent.post(office.path("/category"), {{"category", "CIV-01"}, {"version", "1"}}).status == 403);
    }
    CHECK(office.count("ticket WHERE category = 'CIV-01'") == 0);
    office.agent.csrf = "x";
    CHECK(office.agent.post("/deconnexion", {}).status == 403);
    office.agent.csrf = good;
    CHECK(office.agent.post(office.path("/category"), {{"category", "CIV-01"}, {"version", "1"}}).status == 303);
}

TEST_CASE("filters that do not exist are said, not silently empty", "[desk]") {
    office office;
    for (auto query :
         {"status=x", "department=20", "procedure=x", "category=x", "assignee=x", "after=x", "limit=0", "limit=201", "updated_since=x"}) {
        INFO(query);
        CHECK(office.agent.get(std::string("/console/tickets?") + query).status == 422);
    }
    CHECK(office.agent.get("/console/tickets?department=974&procedure=REGISTRATION&status=new&limit=200").data["items"].size() == 1);
    CHECK(office.agent.get("/console/tickets?department=971").data["items"].empty());
    CHECK(office.agent.get("/console/tickets?q=zo%C3%A9%20n%27dia").data["items"].size() == 1);
    CHECK(office.agent.get("/console/tickets?q=%25%5F%27%20OR%201%3D1").data["items"].empty());
}

TEST_CASE("programs do the same by the API, with versions and keys", "[desk]") {
    office office;
    program api(office.app, office.app.add_token("agent"));
    auto base = "/api/v1/tickets/" + office.reference;
    auto ticket = api.get(base);
    REQUIRE(ticket.status == 200);
    CHECK(ticket.data["received_at"] == "2026-11-25T09:46:40Z");
    CHECK(tests::header_of(ticket, "ETag") == "\"1\"");
    auto changed = api.post(base + "/category", {{"category", "CIV-01"}}, {{"if-match", "\"1\""}});
    CHECK(changed.status == 200);
    CHECK(changed.data["version"] == 2);
    CHECK(api.post(base + "/category", {{"category", "CIV-02"}}, {{"if-match", "\"1\""}}).status == 412);
    CHECK(api.post(base + "/category", {{"category", "CIV-02"}}, {{"if-match", "W/\"2\""}}).status == 412);
    CHECK(api.post(base + "/category", {{"category", "CIV-02"}}).status == 200);

    nlohmann::json reply = {{"kind", "reply"}, {"body", "Bonjour"}};
    auto once = api.post(base + "/messages", reply, {{"idempotency-key", "a"}}),
         twice = api.post(base + "/messages", reply, {{"idempotency-key", "a"}});
    CHECK(once.status == 200);
    CHECK(twice.data == once.data);
    CHECK(office.count("message WHERE kind = 'reply'") == 1);
    reply["body"] = "Autre";
    CHECK(api.post(base + "/messages", reply, {{"idempotency-key", "a"}}).status == 422);
    program other(office.app, office.app.add_token("resolver"));
    CHECK(other.post(base + "/messages", reply, {{"idempotency-key", "a"}}).status == 200); // another sender's key is another key
    CHECK(office.count("message WHERE kind = 'reply'") == 2);
}

TEST_CASE("the API refuses in the words of RFC 9457", "[desk]") {
    office office;
    program api(office.app, office.app.add_token("agent")), nobody(office.app, ""), forged(office.app, "rdv_" + std::string(43, 'a'));
    auto base = "/api/v1/tickets/" + office.reference;
    auto refused = api.post(base + "/category", {{"category", "x"}, {"status", "closed"}});
    CHECK(refused.status == 422);
    CHECK(tests::header_of(refused, "Content-Type") == "application/problem+json; charset=utf-8");
    CHECK(refused.data["errors"][0] ==
          nlohmann::json({{"field", "status"}, {"code", "unknown"}, {"message", refused.data["errors"][0]["message"]}}));
    CHECK(refused.data["title"].is_string());
    CHECK(api.get("/api/v1/tickets/26-0000-0000").status == 404);
    CHECK(nobody.get(base).status == 401);
    CHECK(tests::header_of(nobody.get(base), "WWW-Authenticate") == "Bearer");
    CHECK(forged.get(base).status == 401);
    CHECK(nobody.get("/api/v1/nothing").status == 404);
    CHECK(api.get(base + "/messages").status == 405);
    CHECK(tests::header_of(api.get(base + "/messages"), "Allow") == "POST");
    office.agent.cookies["__Host-sid"] = "x";
    CHECK(office.agent.get(base).status == 401); // cookies mean nothing here
}

TEST_CASE("a token asks as often as it may", "[desk]") {
    office office;
    program slow(office.app, office.app.add_token("agent", 1)), free(office.app, office.app.add_token("agent", 0));
    auto refused = slow.get("/api/v1/tickets");
    CHECK(refused.status == 200);
    for (int i = 0; i < 50 && refused.status == 200; ++i) refused = slow.get("/api/v1/tickets"); // a slow machine may have earned another
    CHECK(refused.status == 429);
    CHECK(tests::header_of(refused, "Retry-After") == "1");
    for (int i = 0; i < 30; ++i) REQUIRE(free.get("/api/v1/tickets").status == 200);
}

TEST_CASE("a list in the API is pages of items", "[desk]") {
    office office;
    for (int i = 2; i <= 7; ++i) office.open(i);
    program api(office.app, office.app.add_token("agent"));
    auto first = api.get("/api/v1/tickets?status=new&limit=5");
    CHECK(first.data["items"].size() == 5);
    auto rest = api.get("/api/v1/tickets?status=new&limit=5&after=" + first.data["next"].get<std::string>());
    CHECK(rest.data["items"].size() == 2);
    CHECK(rest.data["next"].is_null());
    CHECK(first.data.size() == 2); // items and next, nothing of the page
}
