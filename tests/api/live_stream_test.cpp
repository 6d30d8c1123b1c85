// SPDX-License-Identifier: EUPL-1.2
#include "api/live_hub.hpp"
#include "model/sql.hpp"
#include "tests/support/raw_client.hpp"
#include "tests/support/test_site.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

#include <thread>

using namespace relais;
using namespace relais::tests;

namespace {

const model::actor somebody{"staff", 7, "Camille Martin", ""};

void write_event(test_app& app, const std::string& action, const nlohmann::json& data = nlohmann::json::object(),
                 const std::string& kind = "ticket") {
    app.database().write_now([&](soci::session& sql) { model::events::record(sql, somebody, action, kind, 12, data, app.now()); });
}

std::string open_text(const std::string& path, const std::string& cookie, const std::string& fields = "") {
    return "GET " + path + " HTTP/1.1\r\nHost: a.test\r\nCookie: " + cookie + "\r\n" + fields + "\r\n";
}

// A server, a colleague signed in, and the task that follows the event table, stepped by hand.
struct live_site {
    explicit live_site(const std::string& role = "agent")
        : user(site.app.add_user("zoe", role)), person(site.app), watch(site.app.database()) {
        person.enter_as(user);
        cookie = person.cookies.begin()->first + "=" + person.cookies.begin()->second;
        watch.step();
    }
    ~live_site() { site.app.live().close(); }
    void step() { site.app.live().publish(watch.step()); }
    void wait_for_viewers(std::size_t count) {
        while (site.app.live().viewers() != count) std::this_thread::yield();
    }

    test_site site;
    std::int64_t user;
    browser person;
    model::event_watch watch;
    std::string cookie;
};

} // namespace

TEST_CASE("a change reaches the colleagues who look, with its number", "[live]") {
    live_site here;
    raw_client eyes(here.site.port());
    eyes.send(open_text("/console/stream", here.cookie));
    auto head = eyes.read_until("\r\n\r\n");
    CHECK(head.find("200 OK") != std::string::npos);
    CHECK(head.find("Content-Type: text/event-stream") != std::string::npos);
    here.wait_for_viewers(1);
    write_event(here.site.app, "ticket.replied", {{"message", 3}});
    here.step();
    auto text = eyes.read_until("ticket.replied");
    CHECK(text.find("id: ") != std::string::npos);
    here.step(); // nothing new: nothing comes twice
    write_event(here.site.app, "ticket.closed");
    here.step();
    CHECK(eyes.read_until("ticket.closed").find("ticket.replied") == std::string::npos);
}

TEST_CASE("the first who looks misses nothing of what happens as they come", "[live]") {
    live_site here;
    write_event(here.site.app, "ticket.opened");
    here.watch.rest(); // nobody looks
    raw_client eyes(here.site.port());
    eyes.send(open_text("/console/stream", here.cookie));
    here.wait_for_viewers(1);
    write_event(here.site.app, "ticket.replied"); // before the first step that somebody sees
    here.step();
    CHECK(eyes.read_until("ticket.replied").find("ticket.opened") == std::string::npos);
}

TEST_CASE("who read what is shown to those who oversee, and what is for me says so", "[live]") {
    auto seen_by = [](const std::string& role) {
        live_site here(role);
        raw_client eyes(here.site.port());
        eyes.send(open_text("/console/stream", here.cookie));
        here.wait_for_viewers(1);
        for (const auto* reading : {"ticket.read", "ticket.file_read"}) write_event(here.site.app, reading);
        write_event(here.site.app, "webhook.added", {}, "webhook");
        write_event(here.site.app, "presence.moved", {}, "presence");
        write_event(here.site.app, "call.answered", {{"agents", {here.user}}}, "call");
        here.step();
        auto text = eyes.read_until("call.answered");
        CHECK(text.find("event: mine\nid: ") != std::string::npos);
        return text;
    };
    auto by_agent = seen_by("agent"), by_dpo = seen_by("dpo");
    for (const auto* reading : {"ticket.read", "ticket.file_read", "webhook.added"}) {
        INFO(reading);
        CHECK(by_agent.find(reading) == std::string::npos);
        CHECK(by_dpo.find(reading) != std::string::npos);
    }
    CHECK(by_agent.find("presence.moved") != std::string::npos);
}

TEST_CASE("a reader who comes back is told what was missed", "[live]") {
    live_site here;
    write_event(here.site.app, "ticket.opened");
    auto read = here.site.app.database().read_now(
        [](soci::session& sql) { return *model::sql::first<std::int64_t>(sql, "SELECT MAX(id) FROM event"); });
    write_event(here.site.app, "ticket.replied");
    write_event(here.site.app, "call.rings", {{"agents", {here.user}}}, "call");
    here.site.app.pass(std::chrono::minutes(1)); // the last seconds would come again
    raw_client eyes(here.site.port());
    eyes.send(open_text("/console/stream", here.cookie, "Last-Event-ID: " + std::to_string(read) + "\r\n"));
    auto text = eyes.read_until("call.rings");
    CHECK(text.find("ticket.replied") != std::string::npos);
    CHECK(text.find("ticket.opened") == std::string::npos);
    CHECK(text.find("event: mine\nid: ") != std::string::npos); // theirs all the same
    raw_client confused(here.site.port());
    confused.send(open_text("/console/stream", here.cookie, "Last-Event-ID: yesterday\r\n"));
    CHECK(confused.read_answer().status == 422);
}

TEST_CASE("the stream beats in silence, and ends when the person signs out", "[live]") {
    live_site here;
    raw_client eyes(here.site.port());
    eyes.send(open_text("/console/stream", here.cookie));
    eyes.read_until(":\n\n"); // the heartbeat
    here.person.post("/deconnexion", {});
    CHECK(eyes.read_until("0\r\n\r\n").find("event: over") != std::string::npos);
    here.wait_for_viewers(0);
    raw_client again(here.site.port());
    again.send(open_text("/console/stream", here.cookie));
    CHECK(again.read_answer().status == 303); // to the sign-in page: nothing is streamed
}

TEST_CASE("a page left open keeps nobody signed in", "[live]") {
    live_site here;
    here.site.app.pass(std::chrono::minutes(20));
    raw_client eyes(here.site.port());
    eyes.send(open_text("/console/stream", here.cookie));
    eyes.read_until(":\n\n");
    CHECK(ask(here.site.port(), open_text("/console/tickets", here.cookie, "X-Relais-Live: 1\r\nConnection: close\r\n")).status == 200);
    here.site.app.pass(std::chrono::minutes(11)); // thirty since the person did something
    CHECK(eyes.read_until("0\r\n\r\n").find("event: over") != std::string::npos);
}

TEST_CASE("a reader that does not keep up is let go, the others read on", "[live]") {
    live_site here;
    raw_client eyes(here.site.port()), deaf(here.site.port());
    eyes.send(open_text("/console/stream", here.cookie));
    here.wait_for_viewers(1);
    boost::asio::io_context nobody_runs_it;
    api::audience who;
    who.is = api::audience::kind::staff, who.role = "agent", who.id = 99;
    auto slow = here.site.app.live().open(nobody_runs_it.get_executor(), who, {});
    for (int i = 0; i < 20; ++i) { // more than a queue holds
        write_event(here.site.app, "ticket.noted");
        here.step();
    }
    write_event(here.site.app, "ticket.closed");
    here.step();
    eyes.read_until("ticket.closed");
    int pieces = 0;
    auto drain = [&]() -> boost::asio::awaitable<void> {
        while (auto piece = co_await slow->next()) ++pieces;
    };
    boost::asio::co_spawn(nobody_runs_it, drain(), boost::asio::detached);
    nobody_runs_it.run(); // ends: the stream was ended
    CHECK(pieces == 1);
}

TEST_CASE("one browser holds a few streams; the oldest gives way", "[live]") {
    live_site here;
    std::vector<std::unique_ptr<raw_client>> pages;
    for (int i = 0; i < 4; ++i) {
        pages.push_back(std::make_unique<raw_client>(here.site.port()));
        pages.back()->send(open_text("/console/stream", here.cookie));
        pages.back()->read_until("\r\n\r\n");
    }
    pages.front()->read_until("0\r\n\r\n");
    here.wait_for_viewers(3);
    write_event(here.site.app, "ticket.closed");
    here.step();
    pages.back()->read_until("ticket.closed");
}

TEST_CASE("a server that stops ends its streams cleanly", "[live]") {
    live_site here;
    raw_client eyes(here.site.port());
    eyes.send(open_text("/console/stream", here.cookie));
    here.wait_for_viewers(1);
    here.site.site.is_draining = true;
    here.site.listener->stop_accepting();
    here.site.app.live().close();
    auto rest = eyes.read_to_end();
    CHECK(rest.ends_with("0\r\n\r\n"));
    CHECK(here.site.listener->wait_for_connections(std::chrono::seconds(3)));
}

TEST_CASE("programs read the same stream with their token, telephones do not", "[live]") {
    live_site here;
    auto token = here.site.app.add_token("supervisor");
    raw_client eyes(here.site.port());
    eyes.send(get("/api/v1/stream", "Authorization: Bearer " + token + "\r\n"));
    here.wait_for_viewers(1);
    write_event(here.site.app, "ticket.closed");
    here.step();
    eyes.read_until("ticket.closed");
    auto telephone = here.site.app.add_token("telephony");
    CHECK(ask(here.site.port(), get("/api/v1/stream", "Authorization: Bearer " + telephone + "\r\nConnection: close\r\n")).status == 403);
    CHECK(ask(here.site.port(), get("/api/v1/stream", "Connection: close\r\n")).status == 401);
}
