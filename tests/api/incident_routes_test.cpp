// SPDX-License-Identifier: EUPL-1.2
#include "api/tracker.hpp"
#include "model/report.hpp"
#include "model/sql.hpp"
#include "model/ticket.hpp"
#include "tests/support/samples.hpp"
#include "tests/support/test_app.hpp"

#include <catch2/catch.hpp>

#include <set>

using namespace relais;
using tests::program;
using json = nlohmann::json;

namespace {

const auto nothing = json::object();
const std::map<std::string, std::string, std::less<>> stale = {{"if-match", "\"999\""}};

// One noun under an incident, with a body that it takes.
struct noun {
    const char* name;
    json body;
};
const std::vector<noun>& nouns() {
    static const std::vector<noun> all = {
        {"confirmation", nothing},
        {"escalation", nothing},
        {"acceptance", nothing},
        {"return", {{"reason", "Étapes manquantes"}}},
        {"workaround", {{"public", "Passez par un photographe."}}},
        {"cause", {{"cause_owner", "CERT"}}},
        {"description", {{"title", "Photo refusée"}}},
        {"stuck-state", {{"error_code", "E-17"}}},
        {"schedule", {{"at", "2026-12-01T08:00:00Z"}}},
        {"fix", {{"released_at", "2026-11-20T08:00:00Z"}}},
        {"verification", nothing},
        {"broadcast", {{"message", "Nous cherchons."}}},
        {"broadcast/stop", {{"broadcast", 1}}},
        {"broadcast/resumption", {{"broadcast", 1}}},
        {"trackers", {{"tracker", "gitlab"}}},
        {"closure", nothing},
        {"reopening", {{"reason", "Ce n’est pas fini"}}},
        {"dismissal", nothing},
        {"merge", {{"into", 1}}},
        {"unmerge", nothing},
        {"split", {{"tickets", {"26-7K3F-9QTX"}}}},
        {"undo", {{"event", 1}}},
    };
    return all;
}

struct centre {
    tests::test_app app;
    std::vector<api::tracker> trackers{1};
    program robot{app, app.add_token("resolver")};
    int made = 0;

    centre() { trackers[0].name = "gitlab", app->trackers = &trackers; }

    std::int64_t incident() { return robot.post("/api/v1/incidents", {{"title", "Photo refusée"}}).data["number"].get<std::int64_t>(); }
    static std::string path(std::int64_t number, const std::string& rest = "") {
        return "/api/v1/incidents/" + std::to_string(number) + (rest.empty() ? "" : "/" + rest);
    }
    std::string ticket(std::optional<std::int64_t> incident = {}) {
        auto contact = tests::sample_contact(++made);
        return app.database().write_now([&](soci::session& sql) {
            auto opened = model::tickets::open(sql, contact, tests::citizen_actor(), app.now());
            model::placement what;
            what.ticket_id = opened.id, what.incident_id = incident, what.engine = "test";
            model::reports::place(sql, what, {}, app.now());
            return opened.reference;
        });
    }
};

} // namespace

TEST_CASE("an action on an incident that nobody knows, that has changed, or in words it does not take is refused", "[incident-routes]") {
    centre centre;
    auto number = centre.incident();
    for (const auto& each : nouns()) {
        INFO(each.name);
        CHECK(centre.robot.post(centre.path(999'999, each.name), each.body).status == 404);
        CHECK(centre.robot.post(centre.path(number, each.name), each.body, stale).status == 412);
        CHECK(centre.robot.post(centre.path(number, each.name), {{"nonsense", "x"}}).status == 422);
    }
    CHECK(centre.robot.get(centre.path(number)).data["state"] == "proposed"); // nothing was done
}

TEST_CASE("an incident that was merged refuses every action but its unmerging", "[incident-routes]") {
    centre centre;
    auto into = centre.incident(), number = centre.incident();
    REQUIRE(centre.robot.post(centre.path(number, "merge"), {{"into", into}}).status == 200);
    for (const auto& each : nouns()) {
        std::string name = each.name;
        if (name == "unmerge" || name == "undo" || name == "split" || name.starts_with("broadcast/")) continue;
        INFO(name);
        auto body = name == "merge" ? json{{"into", into}} : each.body;
        CHECK(centre.robot.post(centre.path(number, name), body).status == 409);
    }
    CHECK(centre.robot.post(centre.path(into, "unmerge"), nothing).status == 409); // it was not merged
    CHECK(centre.robot.post(centre.path(number, "unmerge"), nothing).status == 200);
    CHECK(centre.robot.post(centre.path(number, "confirmation"), nothing).status == 200);
}

TEST_CASE("what was stopped is not stopped again, what was undone not undone again", "[incident-routes]") {
    centre centre;
    auto number = centre.incident();
    auto reference = centre.ticket(number);
    REQUIRE(centre.robot.post(centre.path(number, "confirmation"), nothing).status == 200);
    REQUIRE(centre.robot.post(centre.path(number, "broadcast"), {{"message", "Nous cherchons."}}).status == 200);
    auto told = json{{"broadcast", centre.robot.get(centre.path(number)).data["broadcasts"][0]["id"]}};
    CHECK(centre.robot.post(centre.path(number, "broadcast/resumption"), told).status == 409); // it is not stopped
    CHECK(centre.robot.post(centre.path(number, "broadcast/stop"), told).status == 200);
    CHECK(centre.robot.post(centre.path(number, "broadcast/stop"), told).status == 409);
    CHECK(centre.robot.post(centre.path(number, "broadcast/resumption"), told).status == 200);
    CHECK(centre.robot.post(centre.path(number, "trackers"), {{"tracker", "gitlab"}}).status == 200);
    CHECK(centre.robot.post(centre.path(number, "trackers"), {{"tracker", "gitlab"}}).status == 409); // it is on its way
    REQUIRE(centre.robot.post(centre.path(number, "split"), {{"tickets", {reference}}}).status == 200);
    auto history = centre.robot.get(centre.path(number, "timeline")).data["items"];
    auto split = std::find_if(history.begin(), history.end(), [](const auto& each) { return each["action"] == "incident.split"; });
    REQUIRE(split != history.end());
    CHECK(centre.robot.post(centre.path(number, "undo"), {{"event", (*split)["id"]}}).status == 200);
    CHECK(centre.robot.post(centre.path(number, "undo"), {{"event", (*split)["id"]}}).status == 409);
    CHECK(centre.robot.post(centre.path(number, "dismissal"), nothing).status == 200);
    CHECK(centre.robot.post(centre.path(number, "split"), {{"tickets", {reference}}}).status == 409);
}

TEST_CASE("the lists of an incident are pages, and figures have a span", "[incident-routes]") {
    centre centre;
    auto number = centre.incident();
    centre.ticket(number);
    for (const auto* each : {"", "tickets", "dossiers", "timeline", "trend", "pack"}) {
        INFO(each);
        CHECK(centre.robot.get(centre.path(number, each)).status == 200);
        CHECK(centre.robot.get(centre.path(999'999, each)).status == 404);
    }
    CHECK(centre.robot.get(centre.path(number, "tickets?limit=0")).status == 422);
    CHECK(centre.robot.get(centre.path(number, "dossiers?after=x")).status == 422);
    CHECK(centre.robot.post("/api/v1/incidents", {{"title", ""}}).status == 422);
    CHECK(centre.robot.get("/api/v1/incident-figures").data["returned"] == 0);
    CHECK(centre.robot.get("/api/v1/incident-figures?from=2026-11-01T00:00:00Z&to=2026-11-30T00:00:00Z").status == 200);
    CHECK(centre.robot.get("/api/v1/incident-figures?from=soon").status == 422);
}

TEST_CASE("the history of an incident is read by pages, the last first, and its page keeps the last of it", "[incident-routes]") {
    centre centre;
    auto number = centre.incident();
    centre.app.database().write_now([&](soci::session& sql) {
        for (int i = 0; i < 600; ++i)
            model::events::record(sql, {}, "incident.attached", "incident", number, {{"ticket", i}}, centre.app.now());
    });
    REQUIRE(centre.robot.post(centre.path(number, "dismissal"), nothing).status == 200);
    auto shown = centre.robot.get(centre.path(number)).data["history"];
    CHECK(shown.size() == 500);
    CHECK(shown.back()["action"] == "incident.dismissed");
    std::set<std::int64_t> seen;
    std::string after, first;
    do {
        auto page = centre.robot.get(centre.path(number, "timeline?limit=200" + after));
        REQUIRE(page.status == 200);
        auto items = page.data["items"];
        if (first.empty()) first = items[0]["action"];
        for (const auto& each : items) {
            CHECK((seen.empty() || each["id"].get<std::int64_t>() < *seen.begin()));
            seen.insert(each["id"].get<std::int64_t>());
        }
        after = page.data["next"].is_null() ? "" : "&after=" + page.data["next"].get<std::string>();
    } while (!after.empty());
    CHECK(first == "incident.dismissed");
    CHECK(seen.size() == 602); // opened, and all the others
    CHECK(centre.robot.get(centre.path(number, "timeline?after=x")).status == 422);
    CHECK(centre.robot.get(centre.path(999'999, "timeline")).status == 404);
}

TEST_CASE("a program attaches a ticket, and takes it out by either verb", "[incident-routes]") {
    centre centre;
    auto number = centre.incident();
    auto reference = centre.ticket();
    auto path = "/api/v1/tickets/" + reference + "/incident";
    const std::string nobody = "/api/v1/tickets/26-0000-000X/incident";
    CHECK(centre.robot.post(path, nothing).status == 422); // nothing is suggested
    CHECK(centre.robot.post(path, {{"incident", number}}, stale).status == 412);
    CHECK(centre.robot.post(nobody, {{"incident", number}}).status == 404);
    CHECK(centre.robot.post(path, {{"incident", number}, {"waits", true}}).data["waiting_reason"] == "incident");
    CHECK(centre.robot.get("/api/v1/tickets/" + reference).data["incident"]["number"] == number);
    CHECK(centre.robot.post(path + "/removal", nothing, stale).status == 412);
    CHECK(centre.robot.post(path + "/removal", {{"nonsense", "x"}}).status == 422);
    CHECK(centre.robot.post(path + "/removal", nothing).status == 200);
    CHECK(centre.robot.post(path + "/removal", nothing).status == 409);
    CHECK(centre.robot.post(nobody + "/removal", nothing).status == 404);
    CHECK(centre.robot.remove(path).status == 409);
    CHECK(centre.robot.remove(nobody).status == 404);
    REQUIRE(centre.robot.post("/api/v1/incidents/" + std::to_string(number) + "/dismissal", nothing).status == 200);
    CHECK(centre.robot.post(path, {{"incident", number}}).status == 409); // not a bug
    auto other = centre.incident();
    CHECK(centre.robot.post(path, {{"incident", other}}).status == 200);
    CHECK(centre.robot.remove(path, {{"idempotency-key", std::string(300, 'k')}}).status == 422);
    CHECK(centre.robot.remove(path, stale).status == 412);
    CHECK(centre.robot.remove(path).status == 200);
}

TEST_CASE("an incident is described, its stuck state said, and it is opened again after its dismissal", "[incident-routes]") {
    centre centre;
    auto number = centre.incident();
    auto described = centre.robot.post(centre.path(number, "description"), {{"title", "Photo trop claire"}});
    CHECK(described.status == 200);
    CHECK(described.data["title"] == "Photo trop claire");
    CHECK(centre.robot.post(centre.path(number, "stuck-state"), {{"error_code", "E-17"}}).status == 200);
    CHECK(centre.robot.post(centre.path(number, "confirmation"), nothing).status == 200);
    CHECK(centre.robot.post(centre.path(number, "dismissal"), nothing).status == 200);
    auto opened = centre.robot.post(centre.path(number, "reopening"), {{"reason", "Ce n’est pas fini"}});
    CHECK(opened.status == 200);
    CHECK(opened.data["state"] == "confirmed");
}
