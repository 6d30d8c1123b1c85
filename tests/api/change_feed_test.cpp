// SPDX-License-Identifier: EUPL-1.2
#include "model/event.hpp"
#include "model/event_feed.hpp"
#include "model/event_mark.hpp"
#include "tests/support/office.hpp"

#include <catch2/catch.hpp>

#include <set>

using namespace relais;
using namespace std::chrono_literals;
using tests::office;
using tests::program;

namespace {

std::set<std::int64_t> ids_of(const api::reply& page) {
    std::set<std::int64_t> out;
    for (const auto& each : page.data["items"]) out.insert(each["id"].get<std::int64_t>());
    return out;
}

std::string next_of(const api::reply& page) { return page.data["next"].get<std::string>(); }

// An event with a number of its own, as a slower transaction leaves it.
void add_event(office& office, std::int64_t id, std::chrono::sys_seconds at) {
    office.app.database().write_now([&](soci::session& sql) {
        model::sql::change(sql,
                           "INSERT INTO event (id, at_us, actor_kind, action, object_kind, object_id) "
                           "VALUES (:id, :at, 'system', 'ticket.opened', 'ticket', 1)",
                           id, model::seconds(at) * 1'000'000);
    });
}

void note_marks(office& office) {
    office.app.database().write_now([&](soci::session& sql) { model::event_marks::note(sql, office.app.now()); });
}

} // namespace

TEST_CASE("what happened is read oldest first, with the ticket's reference", "[feed]") {
    office office;
    office.act(office.agent, "category", {{"category", "CIV-01"}});
    program api(office.app, office.app.add_token("agent"));
    auto page = api.get("/api/v1/events");
    REQUIRE(page.data["items"].size() == 2); // the reading of the ticket is not a change
    CHECK(page.data["items"][0]["action"] == "ticket.opened");
    CHECK(page.data["items"][1]["action"] == "ticket.categorised");
    CHECK(page.data["items"][1]["data"]["to"] == "CIV-01");
    CHECK(page.data["items"][1]["object"]["reference"] == office.reference);
    for (auto since : {"x", "-1", "1.", "9.8", "1.2.3", "99999999999999999999"})
        CHECK(api.get("/api/v1/events?since=" + std::string(since)).status == 422);
    CHECK(api.get("/api/v1/events?limit=201").status == 422);
    CHECK(api.get("/api/v1/stream?after=x").status == 422); // the same, as it happens
}

TEST_CASE("an event that commits late under a lower number is not lost", "[feed]") {
    office office;
    program api(office.app, office.app.add_token("agent"));
    add_event(office, 1001, office.app.now());
    add_event(office, 1003, office.app.now());
    auto first = api.get("/api/v1/events");
    CHECK(ids_of(first).contains(1003));
    add_event(office, 1002, office.app.now());
    auto second = api.get("/api/v1/events?since=" + next_of(first));
    CHECK(ids_of(second).contains(1002));
    note_marks(office);
    office.app.pass(60s); // settled: nothing comes again
    note_marks(office);
    auto third = api.get("/api/v1/events?since=" + next_of(second));
    CHECK(ids_of(third).contains(1002));
    CHECK(api.get("/api/v1/events?since=" + next_of(third)).data["items"].empty());
}

TEST_CASE("a reader passes a busy half-minute page by page and loses nothing of it", "[feed]") {
    office office;
    program api(office.app, office.app.add_token("agent"));
    for (std::int64_t id = 1000; id < 1010; ++id) add_event(office, id, office.app.now());
    std::set<std::int64_t> seen;
    std::string since = "0";
    for (int page = 0; page < 5; ++page) {
        auto read = api.get("/api/v1/events?limit=4&since=" + since);
        if (page == 1) add_event(office, 990, office.app.now()); // behind the reader
        for (auto id : ids_of(read)) seen.insert(id);
        since = next_of(read);
    }
    for (std::int64_t id = 1000; id < 1010; ++id) CHECK(seen.contains(id));
    CHECK(seen.contains(990));
}

TEST_CASE("readings and sign-ins are shown to those who oversee, what changed to those who treat tickets", "[feed]") {
    office office;
    office.act(office.agent, "category", {{"category", "CIV-01"}});
    auto actions = [&](const char* role) {
        std::set<std::string> out;
        auto page = program(office.app, office.app.add_token(role)).get("/api/v1/events");
        for (const auto& each : page.data["items"]) {
            out.insert(each["action"].get<std::string>());
            if (role != std::string("agent")) CHECK(each["data"].empty());
            if (each["actor"]["kind"] == "citizen") CHECK(each["actor"]["name"].is_null() == (role == std::string("owner")));
        }
        return out;
    };
    CHECK_FALSE(actions("agent").contains("ticket.read"));
    CHECK_FALSE(actions("owner").contains("ticket.read"));
    CHECK(actions("dpo").contains("ticket.read"));
    CHECK(program(office.app, office.app.add_token("partner")).get("/api/v1/events").status == 403);
}
