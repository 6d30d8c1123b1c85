// SPDX-License-Identifier: EUPL-1.2
#include "server/http/request_gate.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

using relais::server::check_head;
using relais::server::gate_limits;
using namespace std::string_literals;

namespace {

std::string get(const std::string& fields) { return "GET /contact HTTP/1.1\r\nHost: relais.example.test\r\n" + fields + "\r\n"; }
std::string post(const std::string& fields) { return "POST /contact HTTP/1.1\r\nHost: relais.example.test\r\n" + fields + "\r\n"; }
std::string line(const std::string& request_line) { return request_line + "\r\nHost: relais.example.test\r\n\r\n"; }

struct refused_head {
    std::string head;
    int status;
    std::string code;
};

void check_all(const std::vector<refused_head>& cases, const gate_limits& limits = {}) {
    for (const auto& one : cases) {
        INFO(one.head);
        auto verdict = check_head(one.head, limits);
        CHECK(verdict.status == one.status);
        CHECK(verdict.code == one.code);
        CHECK_FALSE(verdict.keep_alive);
    }
}

} // namespace

TEST_CASE("an ordinary request passes and its facts are read", "[request_gate]") {
    auto head = "POST /contact?etape=2 HTTP/1.1\r\nhost:relais.example.test:8080\r\nContent-Length: 42\r\n"
                "Cookie: sid=a; theme=dark\r\nExpect: 100-Continue\r\n\r\n"s;
    auto verdict = check_head(head, {});
    REQUIRE(verdict.accepted());
    CHECK(verdict.method == "POST");
    CHECK(verdict.target == "/contact?etape=2");
    CHECK(verdict.host == "relais.example.test:8080");
    CHECK(verdict.content_length == 42U);
    CHECK(verdict.has_body());
    CHECK(verdict.keep_alive);
    CHECK(verdict.expects_continue);
    CHECK_FALSE(verdict.chunked);
    CHECK_FALSE(verdict.http_1_0);
}

TEST_CASE("every method of the list passes, any other is not implemented", "[request_gate]") {
    for (auto method : {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
        CHECK(check_head(line(method + " / HTTP/1.1"s), {}).accepted());
    for (auto method : {"TRACE", "CONNECT", "get", "PROPFIND", "GETX", "X"}) {
        auto verdict = check_head(line(method + " / HTTP/1.1"s), {});
        CHECK(verdict.status == 501);
        CHECK(verdict.code == "method_unknown");
    }
}

TEST_CASE("the connection is kept as HTTP says", "[request_gate]") {
    CHECK(check_head(get(""), {}).keep_alive);
    CHECK_FALSE(check_head(get("Connection: close\r\n"), {}).keep_alive);
    CHECK_FALSE(check_head(get("Connection: keep-alive, Close\r\n"), {}).keep_alive);
    CHECK(check_head(get("Connection: ,, keep-alive ,\r\n"), {}).keep_alive);
    for (auto bad : {"Connection: a b\r\n", "Connection: close; x\r\n", "Connection: \xFF\r\n"})
        CHECK(check_head(get(bad), {}).code == "connection");
    auto old = check_head(line("GET / HTTP/1.0"), {});
    REQUIRE(old.accepted());
    CHECK(old.http_1_0);
    CHECK_FALSE(old.keep_alive);
    CHECK(check_head("GET / HTTP/1.0\r\nHost: a\r\nConnection: Keep-Alive\r\n\r\n", {}).keep_alive);
}

TEST_CASE("a request line that two servers could read differently is refused", "[request_gate]") {
    check_all({
        {line("GET  / HTTP/1.1"), 400, "target_bytes"},
        {line("GET / x HTTP/1.1"), 400, "target_bytes"},
        {line("GET /"), 400, "request_line"},
        {line("GET"), 400, "request_line"},
        {line(" GET / HTTP/1.1"), 400, "method_syntax"},
        {line("G(T / HTTP/1.1"), 400, "method_syntax"},
        {"\r\n" + line("GET / HTTP/1.1"), 400, "request_line"},
        {line("GET / HTTP/1.1 "), 400, "version_syntax"},
        {line("GET / http/1.1"), 400, "version_syntax"},
        {line("GET / HTTP/1,1"), 400, "version_syntax"},
        {line("GET / HTTP/1.10"), 400, "version_syntax"},
        {line("GET / HTTP/x.1"), 400, "version_syntax"},
        {line("GET / HTTP/0.9"), 505, "version_unknown"},
        {line("GET / HTTP/1.2"), 505, "version_unknown"},
        {line("PRI * HTTP/2.0"), 505, "version_unknown"},
        {line("GET /\xC3\xA9 HTTP/1.1"), 400, "target_bytes"},
        {line("GET /\x7F HTTP/1.1"), 400, "target_bytes"},
        {line("GET /a\tb HTTP/1.1"), 400, "target_bytes"},
    });
}

TEST_CASE("only the path, the absolute form of our own name and OPTIONS * are taken as targets", "[request_gate]") {
    CHECK(check_head(line("OPTIONS * HTTP/1.1"), {}).target == "*");
    CHECK(check_head(line("GET http://relais.example.test/a?b HTTP/1.1"), {}).target == "/a?b");
    CHECK(check_head(line("GET HTTPS://RELAIS.example.test HTTP/1.1"), {}).target == "/");
    check_all({
        {line("GET * HTTP/1.1"), 400, "target_form"},
        {line("GET relais.example.test:443 HTTP/1.1"), 400, "target_form"},
        {line("GET contact HTTP/1.1"), 400, "target_form"},
        {line("GET ftp://relais.example.test/ HTTP/1.1"), 400, "target_form"},
        {line("GET http://evil.test/ HTTP/1.1"), 400, "target_authority"},
        {line("GET http://relais.example.test:81/ HTTP/1.1"), 400, "target_authority"},
        {line("GET http://a@relais.example.test/ HTTP/1.1"), 400, "target_authority"},
        {line("GET http:/// HTTP/1.1"), 400, "target_authority"},
        {line("GET http://relais.example.test?a HTTP/1.1"), 400, "target_authority"},
    });
}

TEST_CASE("the limits hold on both sides", "[request_gate]") {
    auto target = [](std::size_t size) { return line("GET /" + std::string(size - 1, 'a') + " HTTP/1.1"); };
    CHECK(check_head(target(4096), {}).accepted());
    CHECK(check_head(target(4097), {}).status == 414);

    auto sized = [](std::size_t size) {
        auto head = get("X-Fill: \r\n");
        head.insert(head.size() - 4, std::string(size - head.size(), 'a'));
        return head;
    };
    CHECK(check_head(sized(8192), {}).accepted());
    CHECK(check_head(sized(8193), {}).status == 431);
    CHECK(check_head(sized(9000).substr(0, 8192), {}).status == 431);
    CHECK(check_head("GET /" + std::string(8187, 'a'), {}).status == 414);
    CHECK(check_head("GET / HTTP/1.1\r\nHost: a\r\n", {}).code == "head_incomplete");

    auto fields = [](int count) {
        std::string all;
        for (int i = 1; i < count; ++i) all += "X-" + std::to_string(i) + ": 1\r\n";
        return get(all);
    };
    CHECK(check_head(fields(64), {}).accepted());
    CHECK(check_head(fields(65), {}).status == 431);

    gate_limits small;
    small.body_bytes = 10;
    CHECK(check_head(post("Content-Length: 10\r\n"), small).accepted());
    CHECK(check_head(post("Content-Length: 11\r\n"), small).status == 413);
}

TEST_CASE("field lines are strict", "[request_gate]") {
    CHECK(check_head(get("X-Empty:\r\nX-High: \xC3\xA9\r\nX-Tab: a\tb\r\n"), {}).accepted());
    check_all({
        {get("X-Fold: a\r\n b\r\n"), 400, "folded_field"},
        {get("Transfer-Encoding:\r\n\tchunked\r\n"), 400, "folded_field"},
        {"GET / HTTP/1.1\r\n Host: a\r\n\r\n", 400, "folded_field"},
        {get("X : a\r\n"), 400, "field_name"},
        {get("X\t: a\r\n"), 400, "field_name"},
        {get(": a\r\n"), 400, "field_name"},
        {get("X(y): a\r\n"), 400, "field_name"},
        {get("X\xC3\xA9: a\r\n"), 400, "field_name"},
        {get("X\r\n"), 400, "field_without_colon"},
        {get("X: a\nY: b\r\n"), 400, "bare_lf"},
        {get("X: a\rY: b\r\n"), 400, "bare_cr"},
        {get("X: a\r\r\n"), 400, "bare_cr"},
        {get("X: a\0b\r\n"s), 400, "nul_byte"},
        {get("X: a\x01\r\n"), 400, "field_value"},
        {get("X: a\x7F\r\n"), 400, "field_value"},
        {get("") + "GET / HTTP/1.1\r\n\r\n", 400, "bytes_after_head"},
        {"\n\nGET / HTTP/1.1\r\n\r\n", 400, "bare_lf"},
    });
}

TEST_CASE("there is one way to say where a body ends", "[request_gate]") {
    CHECK(check_head(post("Transfer-Encoding: chunked\r\n"), {}).chunked);
    CHECK(check_head(post("Content-Length: 0\r\n"), {}).content_length == 0U);
    check_all({
        {post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"), 400, "length_and_encoding"},
        {post("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n"), 400, "length_and_encoding"},
        {post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"), 400, "transfer_encoding_repeated"},
        {post("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n"), 400, "transfer_encoding_repeated"},
        {post("Transfer-Encoding: identity\r\nContent-Length: 5\r\n"), 501, "transfer_encoding"},
        {post("Transfer-Encoding: xchunked\r\n"), 501, "transfer_encoding"},
        {post("Transfer-Encoding: Chunked\r\n"), 501, "transfer_encoding"},
        {post("Transfer-Encoding: chunked, identity\r\n"), 501, "transfer_encoding"},
        {post("Transfer-Encoding: gzip, chunked\r\n"), 501, "transfer_encoding"},
        {post("Transfer-Encoding: chunked,\r\n"), 501, "transfer_encoding"},
        {post("Transfer-Encoding: \"chunked\"\r\n"), 501, "transfer_encoding"},
        {post("Transfer-Encoding:\tchunked\r\n"), 501, "transfer_encoding"},
        {post("Transfer-Encoding: chunked;a=b\r\n"), 501, "transfer_encoding"},
        {post("Transfer-Encoding:\r\n"), 501, "transfer_encoding"},
        {"POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", 400, "transfer_encoding_in_1_0"},
        {post("Transfer_Encoding : chunked\r\n"), 400, "field_name"},
        {post("Content-Length: 5\r\nContent-Length: 5\r\n"), 400, "content_length_repeated"},
        {post("Content-Length: 5\r\ncontent-length: 6\r\n"), 400, "content_length_repeated"},
        {post("Content-Length: 5, 5\r\n"), 400, "content_length"},
        {post("Content-Length: +5\r\n"), 400, "content_length"},
        {post("Content-Length: -1\r\n"), 400, "content_length"},
        {post("Content-Length: 0x5\r\n"), 400, "content_length"},
        {post("Content-Length: 5 5\r\n"), 400, "content_length"},
        {post("Content-Length: 5\t\r\n"), 400, "content_length"},
        {post("Content-Length:\r\n"), 400, "content_length"},
        {post("Content-Length: 18446744073709551616\r\n"), 400, "content_length"},
        {post("Content-Length: 18446744073709551615\r\n"), 413, "body_too_large"},
        {post("Content-Encoding: gzip\r\nContent-Length: 5\r\n"), 400, "content_encoding"},
        {post("Expect: 200-ok\r\n"), 400, "expectation_unknown"},
        {get("Upgrade: h2c\r\nConnection: Upgrade\r\n"), 400, "upgrade"},
    });
}

TEST_CASE("a request names one host, and it is ours", "[request_gate]") {
    auto host = [](const std::string& value) { return "GET / HTTP/1.1\r\nHost: " + value + "\r\n\r\n"; };
    check_all({
        {"GET / HTTP/1.1\r\nAccept: */*\r\n\r\n", 400, "host_missing"},
        {"GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400, "host_repeated"},
        {"GET / HTTP/1.1\r\nHost: a\r\nX: y\r\nhOST: b\r\n\r\n", 400, "host_repeated"},
        {host(""), 400, "host"},
        {host("a, b"), 400, "host"},
        {host("a b"), 400, "host"},
        {host("user@a"), 400, "host"},
        {host("a/b"), 400, "host"},
        {host("a:"), 400, "host"},
        {host("a:0"), 400, "host"},
        {host("a:65536"), 400, "host"},
        {host("a:+80"), 400, "host"},
        {host(":80"), 400, "host"},
        {host("[::1"), 400, "host"},
        {host("[]"), 400, "host"},
        {host(std::string(256, 'a')), 400, "host"},
    });
    gate_limits limits;
    limits.allowed_hosts = {"relais.example.test", "127.0.0.1:8080"};
    for (auto good : {"relais.example.test", "Relais.Example.Test:8443", "127.0.0.1:8080"})
        CHECK(check_head(host(good), limits).accepted());
    for (auto bad : {"evil.test", "127.0.0.1:8081", "127.0.0.1", "relais.example.test.evil.test", "relais.example.test."}) {
        CHECK(check_head(host(bad), limits).status == 421);
    }
    for (auto any : {"[::1]:80", "[fe80::1]", "a:65535", "a_b-c.d"}) CHECK(check_head(host(any), {}).accepted());
}

TEST_CASE("two session cookies are refused, two of another name are not the gate's business", "[request_gate]") {
    CHECK(check_head(get("Cookie: a=1; a=2; __Host-sid=x\r\n"), {}).accepted());
    check_all({
        {get("Cookie: __Host-sid=x; __Host-sid=y\r\n"), 400, "session_cookie_repeated"},
        {get("Cookie: __Host-sid=x;__Host-sid =x\r\n"), 400, "session_cookie_repeated"},
        {get("Cookie: sid=x; a=b;\tsid=y\r\n"), 400, "session_cookie_repeated"},
        {get("Cookie: sid=x\r\nCookie: sid=y\r\n"), 400, "field_repeated"},
        {get("Authorization: Bearer a\r\nauthorization: Bearer b\r\n"), 400, "field_repeated"},
        {get("Content-Type: text/plain\r\nContent-Type: application/json\r\n"), 400, "field_repeated"},
    });
}
