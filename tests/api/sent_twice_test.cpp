// SPDX-License-Identifier: EUPL-1.2
#include "tests/support/sent_twice.hpp"

#include "api/settings.hpp"
#include "tests/support/after_all.hpp"
#include "tests/support/office.hpp"

#include <catch2/catch.hpp>

using namespace relais;
using tests::office;

// tests::program sends the first success of each unsafe route again; here is what remains to be said, and what forms do.
namespace {

const bool asked_at_the_end = tests::after_all(tests::sent_twice::untried);

using fields = std::map<std::string, std::string, std::less<>>;

// Posts a form of the page that is shown, twice with the key of that page, then once with another key.
struct presses {
    std::vector<std::string> went_to;
    presses(tests::browser& by, const std::string& page, const std::string& address, fields form) {
        for (auto is_new : {true, false, true}) {
            if (is_new) form["form_key"] = by.get(page).data["form_key"].get<std::string>();
            auto answer = by.post(address, form);
            REQUIRE(answer.status == 303);
            went_to.push_back(tests::header_of(answer, "Location"));
        }
    }
    bool is_once() const { return went_to[0] == went_to[1] && went_to[1] != went_to[2]; }
};

} // namespace

TEST_CASE("a key that was used says so to whoever sends something else with it, and nobody reads another's answer", "[idempotency]") {
    CHECK(asked_at_the_end);
    office office;
    tests::program one(office.app, office.app.add_token("agent")), other(office.app, office.app.add_token("resolver"));
    nlohmann::json opened = {{"title", "Photo refusée"}, {"nature", ""}, {"cause_owner", ""}, {"description", ""}};
    std::map<std::string, std::string, std::less<>> key = {{"idempotency-key", "k1"}};
    auto first = one.post("/api/v1/incidents", opened, key);
    REQUIRE(first.status == 201);
    CHECK(one.post("/api/v1/incidents", opened, key).data == first.data);
    CHECK(other.post("/api/v1/incidents", opened, key).data["number"] != first.data["number"]);
    opened["title"] = "Une autre";
    CHECK(one.post("/api/v1/incidents", opened, key).data["errors"][0]["field"] == "idempotency_key");
    CHECK(office.count("incident") == 2);
}

TEST_CASE("a button pressed twice opens one incident, and the same page filled in otherwise another", "[idempotency]") {
    office office;
    fields form = {{"title", "Photo refusée"}, {"nature", ""}, {"cause_owner", ""}, {"description", ""}};
    CHECK(presses(office.agent, "/console/incidents", "/console/incidents", form).is_once());
    CHECK(office.count("incident") == 2);
    form["form_key"] = office.agent.get("/console/incidents").data["form_key"].get<std::string>();
    CHECK(office.agent.post("/console/incidents", form).status == 303);
    form["title"] = "Autre chose";
    CHECK(office.agent.post("/console/incidents", form).status == 303);
    CHECK(office.count("incident") == 4);
}

TEST_CASE("a button pressed twice notes one call, and dials once", "[idempotency]") {
    office office;
    auto rung = 0;
    office.app->originate = [&rung](const nlohmann::json&) { ++rung; };
    fields form = {{"phone", "06 39 98 12 34"}, {"direction", "out"}, {"ticket", office.reference}};
    CHECK(presses(office.agent, "/console/calls", "/console/calls", form).is_once());
    CHECK(office.count("phone_call") == 2);
    CHECK(rung == 0);
    office.app.settings().telephony.originate_url = "http://127.0.0.1:1/dial";
    form["dial"] = "1";
    CHECK(presses(office.agent, office.path(), "/console/calls", form).is_once());
    CHECK(office.count("phone_call") == 4);
    CHECK(rung == 2);
}

TEST_CASE("a button pressed twice takes one next ticket", "[idempotency]") {
    office office;
    office.open(2), office.open(3);
    CHECK(presses(office.agent, "/console/tickets", "/console/tickets/next", {{"view", ""}}).is_once());
}

TEST_CASE("a reply sent twice by the same page is written once", "[idempotency]") {
    office office;
    auto shown = office.agent.get(office.path());
    fields form = {{"kind", "reply"}, {"body", "Bonjour"}, {"form_key", shown.data["form_key"].get<std::string>()}};
    form["version"] = std::to_string(shown.data["version"].get<std::int64_t>());
    form["seen"] = std::to_string(shown.data["last_event"].get<std::int64_t>());
    for (int i = 0; i < 2; ++i) CHECK(office.agent.post(office.path("/messages"), form).status == 303);
    CHECK(office.count("message WHERE body = 'Bonjour'") == 1);
}

TEST_CASE("a citizen who asks twice for the link is sent one mail", "[idempotency]") {
    office office;
    tests::browser citizen(office.app);
    nlohmann::json asked = {{"channel", "phone"}, {"procedure", "LOSS"}, {"department", "08"}, {"subject", "Perte"}, {"body", "Perdu"}};
    asked["requester"] = {{"name", "Zoé Martin"}, {"email", "zoe@example.test"}};
    auto opened = tests::program(office.app, office.app.add_token("agent")).post("/api/v1/tickets", asked);
    auto before = office.count("outbox");
    fields form = {{"reference", opened.data["reference"].get<std::string>()}, {"email", "zoe@example.test"}};
    form["form_key"] = citizen.get("/suivi").data["form_key"].get<std::string>();
    CHECK(citizen.post("/suivi/lien", form).status == 303);
    office.app.pass(std::chrono::minutes(20)); // past the ten minutes in which no second one leaves anyway
    CHECK(citizen.post("/suivi/lien", form).status == 303);
    CHECK(office.count("outbox") == before + 1);
    form["form_key"] = citizen.get("/suivi").data["form_key"].get<std::string>();
    CHECK(citizen.post("/suivi/lien", form).status == 303);
    CHECK(office.count("outbox") == before + 2);
}
