// SPDX-License-Identifier: EUPL-1.2
// Heads that two servers could cut in two places (security.md 1.5): each is refused, and what follows is never read as a request.
#include "tests/support/raw_client.hpp"
#include "tests/support/test_site.hpp"

#include <catch2/catch.hpp>

using namespace relais;
using namespace relais::tests;

namespace {

using namespace std::string_literals;

struct attack {
    const char* what;
    std::string bytes;
};

std::string post(const std::string& fields, const std::string& body) {
    return "POST /contact HTTP/1.1\r\nHost: a.test\r\n" + fields + "\r\n" + body;
}

// What an attacker hopes will be taken for the victim's next request.
const std::string smuggled = "GET /smuggled HTTP/1.1\r\nHost: a.test\r\n\r\n";

std::vector<attack> attacks() {
    const auto chunked = "Transfer-Encoding: chunked\r\n";
    return {
        {"both a length and chunks", post(std::string("Content-Length: 4\r\n") + chunked, "0\r\n\r\n" + smuggled)},
        {"chunks then a length", post(std::string(chunked) + "Content-Length: 4\r\n", "0\r\n\r\n" + smuggled)},
        {"identity and a length", post("Transfer-Encoding: identity\r\nContent-Length: 3\r\n", "abc" + smuggled)},
        {"xchunked", post("Transfer-Encoding: xchunked\r\n", smuggled)},
        {"chunked, identity", post("Transfer-Encoding: chunked, identity\r\n", "0\r\n\r\n" + smuggled)},
        {"gzip, chunked", post("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n" + smuggled)},
        {"two transfer encodings", post(std::string(chunked) + chunked, "0\r\n\r\n" + smuggled)},
        {"a space before the colon", post("Transfer-Encoding : chunked\r\n", "0\r\n\r\n" + smuggled)},
        {"a folded field", post("Transfer-Encoding:\r\n chunked\r\n", "0\r\n\r\n" + smuggled)},
        {"chunks in HTTP/1.0", "POST / HTTP/1.0\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + smuggled},
        {"two equal lengths", post("Content-Length: 3\r\nContent-Length: 3\r\n", "abc" + smuggled)},
        {"two lengths", post("Content-Length: 3\r\nContent-Length: 30\r\n", "abc" + smuggled)},
        {"a list of lengths", post("Content-Length: 3, 3\r\n", "abc" + smuggled)},
        {"a signed length", post("Content-Length: +3\r\n", "abc" + smuggled)},
        {"a hexadecimal length", post("Content-Length: 0x3\r\n", "abc" + smuggled)},
        {"a length that overflows", post("Content-Length: 18446744073709551619\r\n", "abc" + smuggled)},
        {"a negative length", post("Content-Length: -1\r\n", smuggled)},
        {"a quoted chunk extension with a line feed", post(chunked, "3;a=\"\n\"\r\nabc\r\n0\r\n\r\n" + smuggled)},
        {"a trailer", post(chunked, "3\r\nabc\r\n0\r\nX-Role: admin\r\n\r\n" + smuggled)},
        {"a bare line feed after a chunk size", post(chunked, "3\nabc\r\n0\r\n\r\n" + smuggled)},
        {"no host", "GET / HTTP/1.1\r\n\r\n" + smuggled},
        {"two hosts", "GET / HTTP/1.1\r\nHost: a.test\r\nHost: b.test\r\n\r\n" + smuggled},
        {"an empty host", "GET / HTTP/1.1\r\nHost: \r\n\r\n" + smuggled},
        {"another authority", "GET http://b.test/ HTTP/1.1\r\nHost: a.test\r\n\r\n" + smuggled},
        {"an unknown method", "BREW / HTTP/1.1\r\nHost: a.test\r\n\r\n" + smuggled},
        {"TRACE", "TRACE / HTTP/1.1\r\nHost: a.test\r\n\r\n" + smuggled},
        {"CONNECT", "CONNECT a.test:443 HTTP/1.1\r\nHost: a.test\r\n\r\n" + smuggled},
        {"high bytes in the target", "GET /\xC3\xA9 HTTP/1.1\r\nHost: a.test\r\n\r\n" + smuggled},
        {"a space in the target", "GET /a b HTTP/1.1\r\nHost: a.test\r\n\r\n" + smuggled},
        {"a bare line feed", "GET / HTTP/1.1\nHost: a.test\n\n" + smuggled},
        {"a bare carriage return", "GET / HTTP/1.1\r\nHost: a.test\rX: y\r\n\r\n" + smuggled},
        {"a nul", "GET / HTTP/1.1\r\nHost: a.test\r\nX: a\0b\r\n\r\n"s + smuggled},
        {"HTTP/2 without TLS", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"},
        {"HTTP/0.9", "GET /\r\n\r\n" + smuggled},
        {"a coded body", post("Content-Encoding: gzip\r\nContent-Length: 3\r\n", "abc" + smuggled)},
        {"an encoded slash", "GET /a%2Fb HTTP/1.1\r\nHost: a.test\r\n\r\n" + smuggled},
        {"a climbing path", "GET /assets/../relais.db HTTP/1.1\r\nHost: a.test\r\n\r\n" + smuggled},
        {"an encoded climbing path", "GET /assets/%2e%2e/relais.db HTTP/1.1\r\nHost: a.test\r\n\r\n" + smuggled},
        {"an encoded nul", "GET /a%00 HTTP/1.1\r\nHost: a.test\r\n\r\n" + smuggled},
        {"overlong UTF-8", "GET /%C0%AF HTTP/1.1\r\nHost: a.test\r\n\r\n" + smuggled},
        {"a cookie planted twice", "GET / HTTP/1.1\r\nHost: a.test\r\nCookie: sid=1; sid=2\r\n\r\n" + smuggled},
        {"a parameter twice", "GET /?a=1&a=2 HTTP/1.1\r\nHost: a.test\r\n\r\n" + smuggled},
        {"a head that is too long", get("/", "X: " + std::string(9000, 'x') + "\r\n")},
        {"a target that is too long", get("/" + std::string(5000, 'x'))},
    };
}

} // namespace

TEST_CASE("a head that could be cut in two places is refused, and nothing after it is answered", "[http]") {
    test_site server;
    for (const auto& each : attacks()) {
        INFO(each.what);
        raw_client client(server.port());
        client.send(each.bytes);
        auto received = client.read_to_end(); // the server closed
        CHECK(count_answers(received) == 1);
        auto status = received.substr(9, 3);
        CHECK((status.starts_with('4') || status == "501" || status == "505"));
    }
    CHECK(ask(server.port(), get("/healthz")).status == 200);
}

TEST_CASE("a server with names of its own answers 421 to the others", "[http]") {
    test_site server;
    server.site.gate.allowed_hosts = {"relais.example.test"};
    CHECK(ask(server.port(), get("/healthz")).status == 200);
    CHECK(ask(server.port(), "GET /healthz HTTP/1.1\r\nHost: evil.test\r\n\r\n").status == 421);
}
