// SPDX-License-Identifier: EUPL-1.2
// Clients that keep a connection busy without letting us work: each is cut at its deadline, and nobody else is.
#include "tests/support/raw_client.hpp"
#include "tests/support/test_site.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <future>
#include <thread>

using namespace relais;
using namespace relais::tests;
using std::chrono::milliseconds;

namespace {

api::reply text(std::string body) {
    api::reply out;
    out.text = std::move(body);
    out.content_type = "text/plain; charset=utf-8";
    return out;
}

// A body without an end, in pieces that fill the socket's buffers; or a short one, in a piece too.
api::reply endless(const api::request& request) {
    auto out = text("");
    out.stream = [is_short = request.path == "/short", made = 0]() mutable -> std::optional<std::string> {
        if (!is_short) return std::string(256 * 1024, 'x');
        return made++ == 0 ? std::optional<std::string>("ok") : std::nullopt;
    };
    return out;
}

// Sends a byte every few milliseconds until the server closes; true when it did.
bool drip(raw_client& client, std::string_view start, milliseconds limit) {
    client.send(start);
    auto until = std::chrono::steady_clock::now() + limit;
    while (std::chrono::steady_clock::now() < until) {
        if (!client.send("x")) return true;
        std::this_thread::sleep_for(milliseconds(10));
    }
    return false;
}

} // namespace

TEST_CASE("a client that says nothing is cut at the head's deadline, counted from accept", "[http]") {
    server::http_limits limits;
    limits.header_deadline_ms = 300;
    test_site server(limits);
    raw_client silent(server.port());
    auto waited = silent.wait_for_close();
    CHECK(waited >= milliseconds(200));
    CHECK(waited < milliseconds(1500));
}

TEST_CASE("sending the head one byte at a time gains nothing", "[http]") {
    server::http_limits limits;
    limits.header_deadline_ms = 300;
    test_site server(limits);
    raw_client slow(server.port());
    CHECK(drip(slow, "GET / HTTP/1.1\r\nHost: a.test\r\nX: ", milliseconds(3000)));
    raw_client other(server.port());
    other.send(get("/healthz"));
    CHECK(other.read_answer().status == 200);
}

TEST_CASE("a body that comes too slowly is cut at its deadline, and one with files at its own", "[http]") {
    server::http_limits limits;
    limits.body_deadline_ms = 300, limits.upload_deadline_ms = 1000;
    test_site server(limits);
    auto head = [](std::string_view path, std::string_view type) {
        return "POST " + std::string(path) + " HTTP/1.1\r\nHost: a.test\r\nContent-Length: 60000\r\nContent-Type: " + std::string(type) +
               "\r\n\r\n";
    };
    struct {
        std::string start;
        milliseconds least, most;
    } slow[] = {{head("/contact", "application/x-www-form-urlencoded"), milliseconds(250), milliseconds(900)},
                {head("/contact/pieces", "multipart/form-data; boundary=b"), milliseconds(950), milliseconds(4000)}};
    for (const auto& each : slow) {
        raw_client client(server.port());
        auto start = std::chrono::steady_clock::now();
        CHECK(drip(client, each.start, milliseconds(10000)));
        auto waited = std::chrono::steady_clock::now() - start;
        INFO(each.start << std::chrono::duration_cast<milliseconds>(waited).count() << " ms");
        CHECK(waited >= each.least);
        CHECK(waited < each.most);
    }
    raw_client quick(server.port());
    quick.send(
        "POST /contact HTTP/1.1\r\nHost: a.test\r\nContent-Length: 7\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\ngo=next");
    CHECK(quick.read_answer().status != 408);
}

TEST_CASE("a connection kept alive is closed when it stays silent, and its next head has a deadline of its own", "[http]") {
    server::http_limits limits;
    limits.keep_alive_ms = 300;
    limits.header_deadline_ms = 400;
    test_site server(limits);
    raw_client quiet(server.port());
    quiet.send(get("/healthz"));
    CHECK(quiet.read_answer().status == 200);
    CHECK(quiet.wait_for_close() < milliseconds(1500));
    raw_client dripping(server.port());
    dripping.send(get("/healthz"));
    CHECK(dripping.read_answer().status == 200);
    CHECK(drip(dripping, "GET / HTT", milliseconds(3000)));
}

TEST_CASE("a client that reads nothing is cut when writing makes no progress", "[http]") {
    server::http_limits limits;
    limits.write_progress_ms = 300;
    test_site server(limits, endless);
    raw_client deaf(server.port());
    deaf.send(get("/endless"));
    while (server.listener->connections() == 0) std::this_thread::yield();
    CHECK(server.listener->wait_for_connections(std::chrono::seconds(10))); // none is left
    CHECK(ask(server.port(), get("/short")).body == "ok");
}

TEST_CASE("clients that read nothing keep no worker from others", "[http]") {
    test_site server({}, endless);
    std::vector<std::unique_ptr<raw_client>> deaf;
    for (int i = 0; i < 40; ++i) { // more than there are workers
        deaf.push_back(std::make_unique<raw_client>(server.port()));
        deaf.back()->send(get("/endless"));
    }
    auto asked = std::chrono::steady_clock::now();
    for (int i = 0; i < 20; ++i) CHECK(ask(server.port(), get("/short")).body == "ok");
    CHECK(std::chrono::steady_clock::now() - asked < std::chrono::seconds(5)); // and the deaf ones have thirty
}

TEST_CASE("an address may hold so many connections and no more; ending one makes room", "[http]") {
    server::http_limits limits;
    limits.connections_per_address = 3;
    test_site server(limits);
    auto first = std::make_unique<raw_client>(server.port());
    raw_client second(server.port()), third(server.port());
    for (auto* each : {first.get(), &second, &third}) {
        each->send(get("/healthz"));
        CHECK(each->read_answer().status == 200);
    }
    raw_client fourth(server.port());
    CHECK(fourth.wait_for_close() < milliseconds(2000));
    first.reset();
    while (server.listener->connections() > 2) std::this_thread::yield();
    raw_client fifth(server.port());
    fifth.send(get("/healthz"));
    CHECK(fifth.read_answer().status == 200);
}

TEST_CASE("draining lets the request in flight end, says goodbye, and refuses newcomers", "[http]") {
    std::promise<void> release;
    std::promise<void> entered;
    test_site server({}, [&](const api::request&) {
        auto out = text("");
        out.stream_size_bytes = 9;
        out.stream = [&, is_made = false]() mutable -> std::optional<std::string> {
            if (std::exchange(is_made, true)) return std::nullopt;
            entered.set_value();
            release.get_future().wait();
            return "all of it";
        };
        return out;
    });
    raw_client idle(server.port());
    raw_client busy(server.port());
    busy.send(get("/slow"));
    entered.get_future().wait();
    server.site.is_draining = true;
    server.listener->stop_accepting();
    CHECK(idle.wait_for_close() < milliseconds(1500)); // the silent one goes first
    CHECK_FALSE(server.listener->wait_for_connections(milliseconds(50)));
    release.set_value();
    CHECK(busy.read_answer().body == "all of it");
    CHECK(busy.read_to_end().empty());
    CHECK(server.listener->wait_for_connections(milliseconds(3000)));
    CHECK_THROWS(raw_client(server.port()));
}

TEST_CASE("while it drains a server is alive, not ready, and keeps no connection", "[http]") {
    test_site server;
    auto is_ready = [&] { return ask(server.port(), get("/readyz")).status == 200; }; // once a session is open
    for (auto until = std::chrono::steady_clock::now() + std::chrono::seconds(10); !is_ready() && std::chrono::steady_clock::now() < until;)
        std::this_thread::sleep_for(milliseconds(10));
    CHECK(is_ready());
    server.site.is_draining = true;
    auto ready = ask(server.port(), get("/readyz"));
    CHECK(ready.status == 503);
    CHECK(ready.header("connection") == "close");
    CHECK(ask(server.port(), get("/healthz")).status == 200);
}
