// SPDX-License-Identifier: EUPL-1.2
#include "model/calendar_book.hpp"
#include "model/clock_job.hpp"
#include "tests/support/office.hpp"

#include <catch2/catch.hpp>

using namespace relais;
using namespace std::chrono_literals;
using tests::office;
using tests::program;

namespace {

// The task that keeps the clocks up, as the server runs it.
struct clock_task {
    office& of;
    model::clock_job job{of.app.database(),
                         std::make_shared<model::clock_book>(
                             model::clock_books::load("config/clocks.json", model::calendar_books::load("config/calendars.json").centre)),
                         "node"};
    explicit clock_task(office& office) : of(office) { run(); }
    void run() {
        while (job.step(of.app.now())) {
        }
    }
    void pass(std::chrono::seconds time) { of.app.pass(time), run(); }
};

nlohmann::json clock_named(const nlohmann::json& ticket, const std::string& name) {
    for (const auto& each : ticket["clocks"])
        if (each["clock"] == name) return each;
    return nullptr;
}

} // namespace

TEST_CASE("the page and the API show the clocks of a ticket, and that they stand still while the citizen is awaited", "[clock]") {
    office office;
    clock_task task(office);
    program api(office.app, office.app.add_token("agent"));
    auto base = "/api/v1/tickets/" + office.reference;
    CHECK(clock_named(api.get(base).data, "answer")["state"] == "running");
    CHECK(office.agent.get(office.path()).status == 200);
    CHECK(office.app.html().find("Première réponse") != std::string::npos);

    CHECK(office.act(office.agent, "waiting", {{"reason", "citizen"}, {"detail", ""}}).status == 303);
    task.pass(1s);
    auto paused = api.get(base).data;
    CHECK(clock_named(paused, "answer")["state"] == "paused");
    CHECK(clock_named(paused, "announced")["state"] == "running"); // a date given in writing does not move
    CHECK(paused["waiting"]["reason"] == "citizen");
    CHECK(paused["waiting"]["next_at"].is_string());
    CHECK(office.agent.get(office.path()).status == 200);
    CHECK(office.app.html().find("Reprendre la demande") != std::string::npos);

    CHECK(office.act(office.agent, "resumption", {}).status == 303);
    task.pass(72h);
    program later(office.app, office.app.add_token("agent"));
    CHECK(clock_named(later.get(base).data, "answer")["state"] == "late");
    CHECK(later.post(base + "/messages", {{"kind", "reply"}, {"body", "Bonjour"}}).status == 200);
    task.pass(1s);
    CHECK(clock_named(later.get(base).data, "answer")["state"] == "missed");
}

TEST_CASE("the queue shows which clock is due first while the citizen is awaited, and that its date has passed", "[clock]") {
    office office;
    clock_task task(office);
    auto line = [&](const std::string& query) {
        office.agent.enter_as(office.anne);
        auto items = office.agent.get("/console/tickets?" + query).data["items"];
        return items.empty() ? nlohmann::json::object() : items[0];
    };
    auto in_hand = line("");
    CHECK(in_hand["due_clock"] == "answer");
    CHECK_FALSE(in_hand.contains("paused_clock"));
    office.act(office.agent, "waiting", {{"reason", "citizen"}, {"detail", ""}});
    task.pass(1s);
    auto waiting = line("status=waiting");
    CHECK(waiting["due_clock"] == "announced");
    CHECK(waiting["paused_clock"] == "answer");
    CHECK(waiting["is_late"] == false);
    CHECK(office.app.html().find("Première réponse, en pause") != std::string::npos);
    CHECK(line("late=1").empty());
    task.pass(9 * 24h); // the day that the acknowledgement announced is over
    auto late = line("late=1");
    CHECK(late["reference"] == office.reference);
    CHECK(late["is_late"] == true);
    auto shown = office.agent.get("/console/tickets").data;
    CHECK(shown["late"] == "1");
    CHECK(shown["items"].empty());
    CHECK(line("late=1&q=" + office.reference)["due_clock"] == "announced");
    CHECK(line("late=1&status=active").empty());
}

TEST_CASE("a wait says for what, and a ticket that waits for nothing is not taken up again", "[clock]") {
    office office;
    program api(office.app, office.app.add_token("agent"));
    auto base = "/api/v1/tickets/" + office.reference;
    CHECK(api.post(base + "/resumption", nlohmann::json::object()).status == 409);
    CHECK(api.post(base + "/resumption", {{"reason", "enfin"}}).status == 422);
    for (const auto* noun : {"/resumption", "/waiting"}) { // somebody was first
        nlohmann::json body = nlohmann::json::object();
        if (noun == std::string("/waiting")) body["reason"] = "centre";
        CHECK(api.post(base + noun, body, {{"if-match", "\"999\""}}).status == 412);
        CHECK(api.post("/api/v1/tickets/26-0000-0000" + std::string(noun), body).status == 404);
    }
    CHECK(api.post(base + "/waiting", {{"reason", "godot"}}).status == 422);
    CHECK(api.post(base + "/waiting", {{"reason", "external_owner"}}).status == 422);
    CHECK(api.post(base + "/waiting", {{"reason", "incident"}, {"detail", "12"}}).status == 422);
    CHECK(api.post(base + "/waiting", {{"reason", "external_owner"}, {"detail", "CERT de Nantes"}}).status == 200);
    CHECK(api.get(base).data["waiting"]["detail"] == "CERT de Nantes");
    CHECK(api.post(base + "/resumption", nlohmann::json::object()).status == 200);
    CHECK(api.get(base).data["waiting"].is_null());
    CHECK(api.post(base + "/closure", {{"reason", "no_dossier"}}).status == 200);
    CHECK(api.post(base + "/waiting", {{"reason", "centre"}}).status == 409); // what is closed waits for nothing
}

TEST_CASE("who is told of a delay finds it among their alerts, and marks it as read", "[clock]") {
    office office;
    auto chief = office.app.add_user("chief", "supervisor");
    tests::browser supervisor(office.app, "192.0.2.12");
    supervisor.enter_as(chief);
    clock_task task(office);
    CHECK(supervisor.get("/console/alertes").data["items"].empty());
    task.pass(96h);
    supervisor.enter_as(chief), office.agent.enter_as(office.anne); // a session does not last that long
    auto mine = supervisor.get("/console/alertes").data["items"];
    REQUIRE(mine.size() >= 1);
    CHECK(mine[0]["ticket"] == office.reference);
    CHECK(office.app.html().find("Première réponse.") != std::string::npos);
    CHECK(supervisor.get("/console/alertes/nouvelles").data["count"] == mine.size());
    // Nobody reads another's alerts, nor marks them.
    CHECK(office.agent.get("/console/alertes").data["items"].empty());
    office.agent.post("/console/alertes/lecture", {{"id", std::to_string(mine[0]["id"].get<std::int64_t>())}});
    CHECK(supervisor.get("/console/alertes/nouvelles").data["count"] == mine.size());
    CHECK(supervisor.post("/console/alertes/lecture", {{"id", std::to_string(mine[0]["id"].get<std::int64_t>())}}).status == 303);
    CHECK(supervisor.get("/console/alertes/nouvelles").data["count"] == mine.size() - 1);
    supervisor.post("/console/alertes/lecture", {});
    CHECK(supervisor.get("/console/alertes/nouvelles").data["count"] == 0);
}
