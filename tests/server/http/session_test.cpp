// SPDX-License-Identifier: EUPL-1.2
#include "tests/support/raw_client.hpp"
#include "tests/support/test_site.hpp"

#include <catch2/catch.hpp>

using namespace relais;
using namespace relais::tests;

namespace {

api::reply say(std::string text) {
    api::reply out;
    out.text = std::move(text);
    out.content_type = "text/plain; charset=utf-8";
    return out;
}

api::reply echo(const api::request& request) { return say(request.method + " " + request.path + " " + request.remote_address); }

} // namespace

TEST_CASE("a connection serves many requests, one after the other", "[http]") {
    test_site server({}, echo);
    raw_client client(server.port());
    for (auto path : {"/one", "/two", "/three"}) {
        client.send(get(path));
        auto answer = client.read_answer();
        CHECK(answer.status == 200);
        CHECK(answer.body == "GET " + std::string(path) + " 127.0.0.1");
    }
}

TEST_CASE("requests sent together are answered in their order", "[http]") {
    test_site server({}, echo);
    raw_client client(server.port());
    std::string many;
    for (int i = 0; i < 500; ++i) many += get("/" + std::to_string(i)); // more bytes than the server keeps
    REQUIRE(client.send(many));
    for (int i = 0; i < 500; ++i) CHECK(client.read_answer().body == "GET /" + std::to_string(i) + " 127.0.0.1");
}

TEST_CASE("HEAD answers the fields of GET, without its body", "[http]") {
    test_site server({}, [](const api::request&) { return say("twelve bytes"); });
    raw_client client(server.port());
    client.send("HEAD / HTTP/1.1\r\nHost: a.test\r\n\r\n");
    auto answer = client.read_answer(false);
    CHECK(answer.header("content-length") == "12");
    client.send(get("/"));
    CHECK(client.read_answer().body == "twelve bytes"); // and nothing was left between the two
}

TEST_CASE("every answer carries the security fields, a date and a request id", "[http]") {
    test_site server({}, echo);
    for (const auto& request : {get("/"), std::string("BAD\r\n\r\n")}) {
        auto answer = ask(server.port(), request);
        CHECK(answer.header("content-security-policy").starts_with("default-src 'none'; script-src 'self'"));
        CHECK(answer.header("content-security-policy").find("unsafe") == std::string::npos);
        CHECK(answer.header("x-content-type-options") == "nosniff");
        CHECK(answer.header("referrer-policy") == "no-referrer");
        CHECK(answer.header("cross-origin-opener-policy") == "same-origin");
        CHECK(answer.header("cache-control") == "no-store");
        CHECK(answer.header("strict-transport-security").empty());
        CHECK(answer.header("date").ends_with("GMT"));
        CHECK(answer.header("x-request-id").size() >= 10);
    }
}

TEST_CASE("an attachment comes under a policy where nothing runs, whatever the handler says", "[http]") {
    test_site server({}, [](const api::request&) {
        auto out = say("%PDF");
        out.headers = {{"Content-Disposition", "attachment; filename=\"a.pdf\""}, {"Content-Security-Policy", "default-src *"}};
        return out;
    });
    auto answer = ask(server.port(), get("/"));
    CHECK(answer.header("content-security-policy") == "sandbox; default-src 'none'");
}

TEST_CASE("a field that could end its line is a fault of ours, not a second field", "[http]") {
    test_site server({}, [](const api::request&) {
        auto out = say("x");
        out.headers = {{"Location", "/a\r\nSet-Cookie: sid=1"}};
        return out;
    });
    auto answer = ask(server.port(), get("/"));
    CHECK(answer.status == 500);
    CHECK(answer.header("set-cookie").empty());
}

TEST_CASE("a handler that throws answers 500 and the next connection is served", "[http]") {
    test_site server({}, [](const api::request& request) {
        if (request.path == "/fault") throw std::runtime_error("0612345678");
        return say("ok");
    });
    auto answer = ask(server.port(), get("/fault"));
    CHECK(answer.status == 500);
    CHECK(answer.body.find("0612345678") == std::string::npos);
    CHECK(ask(server.port(), get("/")).body == "ok");
}

TEST_CASE("HTTP/1.0 is told whether its connection is kept", "[http]") {
    test_site server({}, echo);
    raw_client client(server.port());
    client.send("GET / HTTP/1.0\r\nHost: a.test\r\nConnection: keep-alive\r\n\r\n");
    CHECK(client.read_answer().header("connection") == "keep-alive");
    client.send("GET / HTTP/1.0\r\nHost: a.test\r\n\r\n");
    CHECK(client.read_answer().header("connection") == "close");
    CHECK(client.read_to_end().empty());
}

TEST_CASE("a body made in pieces arrives whole, in chunks or by its length", "[http]") {
    test_site server({}, [](const api::request& request) {
        auto out = say("");
        out.stream = [made = 0]() mutable -> std::optional<std::string> {
            return made == 100 ? std::nullopt : std::optional(std::string(1000, static_cast<char>('a' + made++ % 26)));
        };
        if (request.path == "/known") out.stream_size_bytes = 100'000;
        return out;
    });
    CHECK(ask(server.port(), get("/unknown")).body.size() == 100'000);
    auto known = ask(server.port(), get("/known"));
    CHECK(known.header("content-length") == "100000");
    CHECK(known.body.size() == 100'000);
    auto old = ask(server.port(), "GET /unknown HTTP/1.0\r\nHost: a.test\r\n\r\n");
    CHECK(old.header("connection") == "close");
    CHECK(old.body.size() == 100'000);
}

TEST_CASE("the address of a client is the one our own proxy saw, and nobody else's word", "[http]") {
    test_site server({}, echo);
    auto forwarded = get("/", "X-Forwarded-For: 203.0.113.9, 198.51.100.7\r\n");
    CHECK(ask(server.port(), forwarded).body == "GET / 127.0.0.1");
    server.site.proxies = {*server::parse_network("127.0.0.0/8")};
    CHECK(ask(server.port(), forwarded).body == "GET / 198.51.100.7");
    server.site.proxies.push_back(*server::parse_network("198.51.100.7"));
    CHECK(ask(server.port(), forwarded).body == "GET / 203.0.113.9");
}

TEST_CASE("pages are French unless the person chose English; programs say it in a header", "[http]") {
    test_site server({}, [](const api::request& request) { return say(request.language); });
    auto english = "Accept-Language: en-GB,en;q=0.9\r\n";
    CHECK(ask(server.port(), get("/contact")).body == "fr");
    CHECK(ask(server.port(), get("/contact", english)).body == "fr"); // a browser's setting is not a choice
    CHECK(ask(server.port(), get("/contact?lang=en")).body == "en");
    CHECK(ask(server.port(), get("/contact", "Cookie: lang=en\r\n")).body == "en");
    CHECK(ask(server.port(), get("/contact?lang=fr", "Cookie: lang=en\r\n")).body == "fr");
    CHECK(ask(server.port(), get("/contact?lang=xx", "Cookie: lang=en\r\n")).body == "en");
    CHECK(ask(server.port(), get("/api/v1/tickets", english)).body == "en");
    CHECK(ask(server.port(), get("/api/v1/tickets", "Cookie: lang=en\r\n")).body == "fr");
}
