// SPDX-License-Identifier: EUPL-1.2
#include "model/call_report.hpp"
#include "model/caller.hpp"
#include "model/cti.hpp"
#include "model/dossier.hpp"
#include "model/dossier_store.hpp"
#include "model/sql.hpp"
#include "model/ticket_actions.hpp"
#include "tests/support/dossiers.hpp"
#include "tests/support/samples.hpp"
#include "tests/support/test_app.hpp"

#include <catch2/catch.hpp>

using namespace relais;
using namespace relais::tests;
using json = nlohmann::json;

namespace {

struct console {
    test_app app;
    std::int64_t user;
    browser agent{app};
    program machine;
    std::string reference;

    explicit console(const std::string& role = "agent") : user(app.add_user("camille", role)), machine(app, app.add_token(role)) {
        agent.enter_as(user);
        reference = app.database().write_now(
            [this](soci::session& sql) { return model::tickets::open(sql, sample_contact(), citizen_actor(), app.now()).reference; });
    }
    // A call of the sample's number, answered by this agent.
    std::string rings(const std::string& from = "33639981234", const std::string& id = "a1") {
        model::cti_event what;
        what.kind = "answer", what.call_id = id, what.from = from, what.to = "3400", what.users = {"camille"};
        app.database().write_now([&](soci::session& sql) { return model::cti::take(sql, what, "raw", {1, "standard"}, app.now()); });
        return app.database().read_now([](soci::session& sql) { return model::calls::list(sql, {}, "", 1).lines.at(0).what.public_id; });
    }
    void ends(const std::string& id = "a1") {
        model::cti_event what;
        what.kind = "hangup", what.call_id = id, what.cause = "normalClearing";
        app.database().write_now([&](soci::session& sql) { return model::cti::take(sql, what, "raw", {1, "standard"}, app.now()); });
    }
    std::int64_t count(const std::string& what) {
        return app.database().read_now(
            [&](soci::session& sql) { return *model::sql::first<std::int64_t>(sql, "SELECT COUNT(*) FROM " + what); });
    }
};

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

} // namespace

TEST_CASE("a call of the API is kept, listed and found by the end of its number", "[call]") {
    console here;
    auto added = here.machine.post("/api/v1/calls", {{"direction", "in"},
                                                     {"phone", "06 39 98 12 34"},
                                                     {"started_at", "2026-11-25T09:00:00Z"},
                                                     {"ended_at", "2026-11-25T09:03:20Z"},
                                                     {"outcome", "answered"},
                                                     {"note", "A rappelé."}});
    REQUIRE(added.status == 201);
    auto list = here.machine.get("/api/v1/calls?phone_ending=1234");
    REQUIRE(list.data["items"].size() == 1);
    const auto& item = list.data["items"][0];
    CHECK(item["id"] == added.data["id"]);
    CHECK(item["phone"] == "+33639981234");
    CHECK(item["talk_s"] == 200);
    CHECK(item["note"] == "A rappelé.");
    CHECK(item["started_at"] == "2026-11-25T09:00:00Z");
    CHECK(here.machine.get("/api/v1/calls?phone_ending=9999").data["items"].empty());
    CHECK(here.machine.get("/api/v1/calls?from=2026-11-25&to=2026-11-25").data["items"].size() == 1);
    CHECK(here.machine.get("/api/v1/calls?to=2026-11-24").data["items"].empty());
    auto refused = here.machine.post(
        "/api/v1/calls", {{"direction", "up"}, {"phone", "06"}, {"started_at", "soon"}, {"outcome", "fine"}, {"role", "admin"}});
    CHECK(refused.status == 422);
    CHECK(refused.data["errors"].size() == 4);
    CHECK(here.machine.get("/api/v1/calls?phone_ending=x").status == 422);
}

TEST_CASE("a call of the API that names a ticket becomes a message on it, once for one key", "[call]") {
    console here;
    json call = {{"direction", "in"},     {"phone", "0639981234"},    {"started_at", "2026-11-25T09:00:00Z"},
                 {"outcome", "answered"}, {"ticket", here.reference}, {"note", "Nous avons corrigé la date."}};
    auto first = here.machine.post("/api/v1/calls", call, {{"idempotency-key", "k1"}});
    CHECK(first.status == 201);
    CHECK(first.data["traced"] == true);
    auto again = here.machine.post("/api/v1/calls", call, {{"idempotency-key", "k1"}});
    CHECK(again.data == first.data);
    CHECK(here.count("phone_call") == 1);
    CHECK(here.count("message WHERE channel = 'phone'") == 1);
    CHECK(here.count("outbox WHERE kind = 'call_trace'") == 1);
    call["ticket"] = "26-ZZZZ-ZZZZ";
    CHECK(here.machine.post("/api/v1/calls", call).status == 422);
    CHECK(here.count("phone_call") == 1); // nothing is left of it
    CHECK(here.machine.get("/api/v1/calls?ticket=" + here.reference).data["items"].size() == 1);
    CHECK(here.machine.get("/api/v1/calls?ticket=26-ZZZZ-ZZZZ").data["items"].empty());
    here.agent.get("/console/calls?ticket=" + here.reference);
    CHECK(holds(here.app.html(), "value=\"" + here.reference + "\""));
}

TEST_CASE("only those who treat tickets see who called", "[call]") {
    console here;
    auto id = here.rings();
    for (const auto& role : {"owner", "dpo", "partner", "telephony"}) {
        program other(here.app, here.app.add_token(role));
        CHECK(other.get("/api/v1/calls").status == 403);
    }
    browser owner(here.app);
    owner.enter_as(here.app.add_user("claire", "owner"));
    CHECK(owner.get("/console/calls").status == 403);
    CHECK(owner.get("/console/calls/" + id).status == 403);
    CHECK(owner.get("/console/calls/figures").status == 200); // figures name nobody
    CHECK(owner.get("/console/telephony").status == 403);
    CHECK(here.agent.get("/console/telephony").status == 403);
    CHECK(here.agent.get("/console/calls/staffing").status == 403);
    browser stranger(here.app);
    CHECK(stranger.get("/console/calls/" + id).status == 303);
    CHECK(here.agent.get("/console/calls/nothing").status == 404);
}

TEST_CASE("the card shows who may be calling; identity, report and trace follow", "[call]") {
    console here;
    auto id = here.rings();
    auto bar = here.agent.get("/console/calls/current");
    CHECK(bar.data["calls"].size() == 1);
    CHECK(bar.data["calls"][0]["opens_itself"] == true);
    CHECK(holds(here.app.html(), "06 39 98 12 34"));
    auto card = here.agent.get("/console/calls/" + id);
    CHECK(card.status == 200);
    CHECK(card.data["people"][0]["certainty"] == "known");
    CHECK(holds(here.app.html(), here.reference));
    CHECK(here.count("event WHERE action = 'call.read'") == 1);

    auto one =
        here.agent.post("/console/calls/" + id + "/identity", {{"person", card.data["people"][0]["key"]}, {"facts[]", "birth_date"}});
    CHECK(one.status == 422);
    auto two = here.agent.post("/console/calls/" + id + "/identity",
                               {{"person", card.data["people"][0]["key"]}, {"facts[]", "birth_date\nreference"}});
    CHECK(two.status == 303);
    CHECK(here.agent.get("/console/calls/" + id).data["call"]["is_confirmed"] == true);

    auto done = here.agent.post("/console/calls/" + id + "/report", {{"ticket", here.reference},
                                                                     {"said", "Toujours refusé."},
                                                                     {"answered", "C’est corrigé."},
                                                                     {"reason", "solved"},
                                                                     {"then", "close"}});
    CHECK(done.status == 303);
    CHECK(header_of(done, "Location") == "/console/tickets/" + here.reference + "?done=called");
    CHECK(here.count("ticket WHERE status = 'closed'") == 1);
    CHECK(here.count("outbox WHERE kind = 'call_trace'") == 1);
    auto still = here.agent.get("/console/calls/current").data["calls"];
    REQUIRE(still.size() == 1); // they are still talking
    CHECK(still[0]["opens_itself"] == false);
    here.ends();
    CHECK(here.agent.get("/console/calls/current").data["calls"].empty());
    CHECK(here.agent.get(header_of(done, "Location")).status == 200);
}

TEST_CASE("a report that is refused comes back as it was typed", "[call]") {
    console here;
    auto id = here.rings("33639985555");
    auto refused = here.agent.post("/console/calls/" + id + "/report", {{"ticket", "new"},
                                                                        {"said", "Permis perdu"},
                                                                        {"requester.name", "Jean <b>Petit</b>"},
                                                                        {"requester.email", "jean@"},
                                                                        {"procedure", "LOSS"},
                                                                        {"then", "keep"}});
    CHECK(refused.status == 422);
    CHECK(refused.data["errors"].size() >= 3);
    CHECK(holds(here.app.html(), "Permis perdu"));
    CHECK(holds(here.app.html(), "Jean &lt;b&gt;Petit"));
    CHECK(holds(here.app.html(), "value=\"LOSS\" selected"));
    auto done = here.agent.post("/console/calls/" + id + "/report", {{"ticket", "new"},
                                                                     {"said", "Permis perdu"},
                                                                     {"answered", "Une attestation part."},
                                                                     {"requester.name", "Jean Petit"},
                                                                     {"requester.email", "jean@example.test"},
                                                                     {"requester.phone", "0639985555"},
                                                                     {"procedure", "LOSS"},
                                                                     {"department", "33"},
                                                                     {"subject", "Permis perdu"},
                                                                     {"then", "keep"}});
    CHECK(done.status == 303);
    CHECK(here.count("ticket WHERE channel = 'phone' AND procedure_code = 'LOSS'") == 1);
    CHECK(here.count("outbox WHERE kind = 'call_trace' AND recipient = 'jean@example.test'") == 1);
    CHECK(here.agent.get("/console/calls/" + id).data["ticket_reference"] != "");
}

TEST_CASE("what was said on the telephone does not tell to file again in writing without a reason, and a dossier shown is a reading",
          "[call]") {
    console here;
    here.app.database().write_now([&](soci::session& sql) {
        auto news = tests::some_dossier("0011223344556677", "Durand", "Luc", "1980-05-04");
        model::dossiers::store(sql, std::span(&news, 1), here.app.now());
        model::tickets::link_dossier(sql, {here.reference, 0, tests::agent_actor(), here.app.now()},
                                     model::dossiers::find_by_number(sql, "0011223344556677")->id, "");
    });
    auto id = here.rings();
    REQUIRE(here.agent.get("/console/calls/" + id).data["dossiers"].size() == 1);
    CHECK(here.count("event WHERE action = 'dossier.read' AND data LIKE '%call%'") == 1);
    std::map<std::string, std::string, std::less<>> report = {
        {"ticket", here.reference}, {"answered", "Refaites votre demande."}, {"then", "keep"}};
    CHECK(here.agent.post("/console/calls/" + id + "/report", report).status == 422);
    CHECK(holds(here.app.html(), "Refaites votre demande\u00a0»"));
    CHECK(holds(here.app.html(), "name=\"new_request_reason\""));
    CHECK(here.count("outbox WHERE kind = 'call_trace'") == 0);
    report["new_request_reason"] = "la première est au nom d’un autre";
    CHECK(here.agent.post("/console/calls/" + id + "/report", report).status == 303);
    CHECK(here.count("outbox WHERE kind = 'call_trace'") == 1);
    CHECK(here.count("event WHERE action = 'ticket.refiling_told'") == 1);

    nlohmann::json call = {{"direction", "in"},     {"phone", "0639981234"},    {"started_at", "2026-11-23T08:00:00Z"},
                           {"outcome", "answered"}, {"ticket", here.reference}, {"note", "Refaites votre demande."}};
    CHECK(here.machine.post("/api/v1/calls", call).status == 422);
    call["new_request_reason"] = "erreur de démarche";
    CHECK(here.machine.post("/api/v1/calls", call).status == 201);
}

TEST_CASE("an agent notes a call by hand, withheld number included", "[call]") {
    console here;
    auto started = here.agent.post("/console/calls", {{"phone", ""}, {"direction", "in"}});
    REQUIRE(started.status == 303);
    auto card = here.agent.get(header_of(started, "Location"));
    CHECK(card.data["people"].empty());
    CHECK(holds(here.app.html(), "numéro masqué"));
    auto none =
        here.agent.post(header_of(started, "Location") + "/report", {{"ticket", "none"}, {"note", "Erreur de numéro"}, {"then", "keep"}});
    CHECK(none.status == 303);
    CHECK(here.agent.post("/console/calls", {{"phone", "douze"}, {"direction", "in"}}).status == 422);
}

TEST_CASE("an outgoing call asked of the telephone system keeps its ticket when it begins", "[call]") {
    console here;
    json asked;
    here.app->originate = [&](json what) { asked = std::move(what); };
    here.app.settings().telephony.originate_url = "http://127.0.0.1:1/dial";
    here.app.database().write_now([&](soci::session& sql) { model::extensions::set(sql, here.user, "201", {}, here.app.now()); });
    auto started = here.agent.post("/console/calls", {{"phone", "06 39 98 12 34"}, {"dial", "1"}, {"ticket", here.reference}});
    REQUIRE(started.status == 303);
    CHECK(asked["number"] == "+33639981234");
    CHECK(asked["extension"] == "201");
    here.app.pass(std::chrono::seconds(5));
    model::cti_event begins;
    begins.kind = "newCall", begins.direction = "out", begins.call_id = "pbx-7", begins.from = "201", begins.to = "33639981234",
    begins.users = {"camille"};
    auto send = [&] {
        here.app.database().write_now([&](soci::session& sql) {
            return model::cti::take(sql, begins, "raw", {1, "standard"}, here.app.now());
        });
    };
    send();
    begins.kind = "hangup", begins.cause = "noAnswer";
    send();
    CHECK(here.count("phone_call") == 1);
    auto card = here.agent.get(header_of(started, "Location"));
    CHECK(card.data["ticket_reference"] == here.reference);
    CHECK(card.data["call"]["outcome"] == "missed");
    CHECK(card.data["asks_outcome"] == true);
    CHECK(here.agent.post(header_of(started, "Location") + "/report", {{"ticket", "none"}, {"outcome", "voicemail"}, {"then", "keep"}})
              .status == 303);
    CHECK(here.count("phone_call WHERE outcome = 'voicemail'") == 1);
}

TEST_CASE("the telephony page shows raw events with the reason, and keeps extensions and refusals", "[call]") {
    console here("supervisor");
    here.rings();
    here.app.database().write_now([&](soci::session& sql) {
        model::cti::note_unread(sql, "event_unknown", "dtmf", "{\"event\":\"dtmf\",\"x\":\"<script>\"}", {1, "standard"}, here.app.now());
    });
    auto page = here.agent.get("/console/telephony");
    CHECK(page.data["events"].size() == 2);
    CHECK(holds(here.app.html(), "newCall, ni answer"));
    CHECK_FALSE(holds(here.app.html(), "<script>\""));
    CHECK(here.agent.get("/console/telephony?unread=1").data["events"].size() == 1);
    auto give = [&](std::int64_t user, const char* extension) {
        return here.agent.post("/console/telephony/extensions",
                               {{"user", std::to_string(user)}, {"extension", extension}, {"version", "1"}});
    };
    CHECK(give(here.user, "201").status == 303);
    auto other = here.app.add_user("zoe", "agent");
    CHECK(give(other, "201").status == 422);
    CHECK(here.agent.post("/console/telephony/blocked", {{"phone", "0639980666"}, {"reason", "menaces"}, {"days", "30"}}).status == 303);
    CHECK(here.agent.get("/console/telephony").data["blocked"].size() == 1);
    CHECK(here.agent.post("/console/telephony/blocked/removal", {{"phone", "+33639980666"}}).status == 303);
    CHECK(here.agent.get("/console/telephony").data["blocked"].empty());
}

TEST_CASE("of two who set an extension or a queue's team, the second sees the first's, and keeps what was typed", "[call]") {
    console here("supervisor");
    auto found = [&](const char* code) {
        return std::to_string(here.app.database().write_now([&](soci::session& sql) {
            return model::sql::insert(sql, "INSERT INTO team (code, name) VALUES (:code, :name)", code, code);
        }));
    };
    here.app.database().write_now(
        [](soci::session& sql) { model::sql::change(sql, "INSERT INTO phone_queue (name) VALUES ('standard')"); });
    here.agent.get("/console/telephony");
    auto give = [&](const std::string& extension, const std::string& version) {
        return here.agent.post("/console/telephony/extensions",
                               {{"user", std::to_string(here.user)}, {"extension", extension}, {"version", version}});
    };
    auto put = [&](const std::string& chosen, const std::string& seen) {
        return here.agent.post("/console/telephony/queues", {{"queue", "standard"}, {"team", chosen}, {"seen", seen}});
    };
    auto first = found("nord"), second = found("sud");
    CHECK(give("201", "1").status == 303);
    auto late = give("305", "1");
    CHECK(late.status == 409);
    CHECK(holds(here.app.html(), "value=\"305\""));
    CHECK(holds(here.app.html(), "201</span>"));
    CHECK(here.count("extension WHERE number = '201'") == 1);
    CHECK(give("305", "").status == 409);
    CHECK(give("305", "2").status == 303);
    std::map<std::string, std::string, std::less<>> twice = {
        {"user", std::to_string(here.user)}, {"extension", "306"}, {"version", "3"}, {"form_key", std::string(32, 'k')}};
    for (int press = 0; press < 2; ++press) CHECK(here.agent.post("/console/telephony/extensions", twice).status == 303);

    CHECK(put(first, "").status == 303);
    CHECK(put(second, "").status == 409);
    CHECK(holds(here.app.html(), "Un collègue vient de changer l’équipe de cette file"));
    CHECK(here.count("phone_queue WHERE team_id = " + first) == 1);
    CHECK(put(second, first).status == 303);
    CHECK(put("", second).status == 303);
    CHECK(here.agent.post("/console/telephony/queues", {{"queue", "aucune"}, {"team", ""}, {"seen", ""}}).status == 404);
}

TEST_CASE("a number that is refused badly stays typed", "[call]") {
    console here("supervisor");
    here.agent.get("/console/telephony");
    CHECK(here.agent.post("/console/telephony/blocked", {{"phone", "12"}, {"reason", "menaces"}, {"days", "12"}}).status == 422);
    CHECK(holds(here.app.html(), "name=\"phone\" type=\"tel\" value=\"12\""));
    CHECK(holds(here.app.html(), "value=\"menaces\""));
}

TEST_CASE("figures and staffing are drawn, with the table beneath", "[call]") {
    console here("supervisor");
    for (int i = 0; i < 40; ++i) here.rings("33639981234", "n" + std::to_string(i)), here.app.pass(std::chrono::minutes(7));
    here.agent.enter_as(here.user); // hours have passed
    auto figures = here.agent.get("/console/calls/figures");
    CHECK(figures.status == 200);
    CHECK(figures.data["whole"]["answered"] == 40);
    CHECK(holds(here.app.html(), "<polyline"));
    CHECK(holds(here.app.html(), "relais-chart__bar relais-chart__fast")); // teams side by side
    CHECK(holds(here.app.html(), "<table"));
    CHECK_FALSE(holds(here.app.html(), "style="));
    here.app.pass(std::chrono::hours(24));
    here.agent.enter_as(here.user);
    auto staffing = here.agent.get("/console/calls/staffing");
    CHECK(staffing.status == 200);
    CHECK(staffing.data["days"].size() >= 1);
    CHECK(holds(here.app.html(), "<svg"));
    CHECK(here.agent.get("/console/calls/staffing?week=2026-12-01").status == 422); // a Tuesday
    CHECK(here.agent.get("/console/calls/figures?from=soon").status == 422);
    auto followed = here.agent.post("/console/calls/staffing/seats", {{"week", "2026-11-30"}});
    CHECK(header_of(followed, "Location") == "/console/calls/staffing?done=1&week=2026-11-30");
    CHECK(here.agent.post("/console/calls/staffing/seats", {{"week", "2026-12-01"}}).status == 422);
    here.agent.get("/console/calls/figures?from=2026-01-01&to=2026-11-30"); // beyond three months, by week
    CHECK(holds(here.app.html(), "Par semaine"));
    CHECK(holds(here.app.html(), "lundi 23 novembre 2026"));
    here.agent.get("/console/calls/figures?from=2026-11-01&to=2026-11-30");
    CHECK_FALSE(holds(here.app.html(), "Par semaine"));
    program machine(here.app, here.app.add_token("supervisor"));
    auto told = machine.get("/api/v1/calls/figures");
    CHECK(machine.get("/api/v1/calls/figures?from=2026-01-01&to=2026-11-30").data["by_day"][0]["key"] == "2026-11-25");
    CHECK(told.data["whole"]["k1"] == 100.0);
    CHECK(machine.get("/api/v1/calls/figures?to=never").status == 422);
    CHECK(machine.get("/api/v1/calls/staffing").data["days"].size() == staffing.data["days"].size());
    CHECK(machine.get("/api/v1/calls/staffing?week=never").status == 422);
}
