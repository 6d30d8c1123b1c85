// SPDX-License-Identifier: EUPL-1.2
// What a route receives of a body, and what is refused before its handler runs.
#include "api/contact_pressure.hpp"
#include "api/routes.hpp"
#include "api/secrets.hpp"
#include "tests/support/raw_client.hpp"
#include "tests/support/test_site.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <future>
#include <thread>

using namespace relais;
using namespace relais::tests;
using std::chrono::milliseconds;

namespace {

// Says what it was given: "form a=1;", "body ...;", "file name size sha256 field;".
boost::asio::awaitable<api::reply> tell(const api::request& request, api::app&) {
    api::reply out;
    out.content_type = "text/plain; charset=utf-8";
    for (const auto& [name, value] : request.form) out.text += "form " + name + "=" + value + ";";
    if (!request.body.empty()) out.text += "body " + request.body + ";";
    for (const auto& file : request.files)
        out.text += fmt::format("file {} {} {} {} {};", file.field, file.display_name, file.media_type, file.size_bytes, file.sha256);
    co_return out;
}

boost::asio::awaitable<api::reply> forbid(const api::request& request, api::app&) { co_return api::error_reply(request, 403, "csrf"); }

constexpr std::array<api::route, 5> table = {{
    {"POST", "/none", api::everyone, api::body_kind::none, tell},
    {"POST", "/form", api::everyone, api::body_kind::form, tell},
    {"POST", "/json", api::everyone, api::body_kind::json, tell},
    {"POST", "/upload", api::everyone, api::body_kind::upload, tell, "desk"},
    {"POST", "/refused", api::everyone, api::body_kind::upload, forbid},
}};

api::match find(std::string_view method, std::string_view path) {
    api::match out;
    for (const auto& each : table)
        if (each.method == method && each.pattern == path) out.found = &each;
    return out;
}

boost::asio::awaitable<api::reply> answer(api::request& request, api::app& app) {
    auto found = find(request.method, request.path);
    if (!found.found) co_return api::error_reply(request, 404, "not_found");
    co_return co_await found.found->run(request, app);
}

struct body_site : test_site {
    explicit body_site(server::http_limits bounds = {}) : test_site(bounds) {
        site.find = find;
        site.answer = answer;
    }
};

std::string post(std::string_view path, std::string_view type, std::string_view body, std::string_view fields = "") {
    return fmt::format("POST {} HTTP/1.1\r\nHost: a.test\r\nContent-Type: {}\r\nContent-Length: {}\r\n{}\r\n{}", path, type, body.size(),
                       fields, body);
}

std::string in_chunks(std::string_view path, std::string_view type, std::string_view chunks) {
    return fmt::format("POST {} HTTP/1.1\r\nHost: a.test\r\nContent-Type: {}\r\nTransfer-Encoding: chunked\r\n\r\n{}", path, type, chunks);
}

constexpr std::string_view form_type = "application/x-www-form-urlencoded";
constexpr std::string_view json_type = "application/json";
constexpr std::string_view parts_type = "multipart/form-data; boundary=limit";

std::string part(std::string_view disposition, std::string_view content) {
    return fmt::format("--limit\r\nContent-Disposition: form-data; {}\r\n\r\n{}\r\n", disposition, content);
}

std::size_t files_in(const std::string& folder) {
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(folder), {}));
}

} // namespace

TEST_CASE("a form reaches its handler decoded, whole or in chunks", "[http]") {
    body_site server;
    CHECK(ask(server.port(), post("/form", form_type, "a=1&b=%C3%A9t%C3%A9+2026")).body == "form a=1;form b=été 2026;");
    CHECK(ask(server.port(), post("/form", "application/x-www-form-urlencoded; charset=UTF-8", "a=1")).body == "form a=1;");
    CHECK(ask(server.port(), in_chunks("/form", form_type, "2\r\na=\r\n3;x=y\r\n123\r\n0\r\n\r\n")).body == "form a=123;");
    CHECK(ask(server.port(), post("/json", json_type, "{\"a\":1}")).body == "body {\"a\":1};");
}

TEST_CASE("after a body the connection goes on with the next request", "[http]") {
    body_site server;
    raw_client client(server.port());
    client.send(post("/form", form_type, "a=1") + in_chunks("/form", form_type, "3\r\na=2\r\n0\r\n\r\n") + post("/form", form_type, "a=3"));
    for (auto expected : {"form a=1;", "form a=2;", "form a=3;"}) CHECK(client.read_answer().body == expected);
}

TEST_CASE("a body of the wrong kind is refused by its media type", "[http]") {
    body_site server;
    for (const auto& request : {post("/form", json_type, "{}"), post("/json", form_type, "a=1"), post("/form", parts_type, "x"),
                                post("/json", "text/xml", "<a/>"), post("/json", "", "{}")})
        CHECK(ask(server.port(), request).status == 415);
    CHECK(ask(server.port(), post("/none", form_type, "csrf=1")).body == "form csrf=1;"); // a button has its token
    CHECK(ask(server.port(), post("/none", form_type, "")).status == 200);
    CHECK(ask(server.port(), post("/none", json_type, "{}")).status == 200);
    CHECK(ask(server.port(), post("/none", "text/plain", "x")).status == 415);
    CHECK(ask(server.port(), post("/none", form_type, std::string(5000, 'a'))).status == 413);
}

TEST_CASE("each route has its own limit, and a body is refused before it is read", "[http]") {
    body_site server;
    auto limit = api::body_limit_bytes(api::body_kind::json);
    CHECK(ask(server.port(), post("/json", json_type, std::string(limit, ' '))).status == 200);
    raw_client announcing(server.port());
    announcing.send(
        fmt::format("POST /json HTTP/1.1\r\nHost: a.test\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n", limit + 1));
    CHECK(announcing.read_answer().status == 413);
    CHECK(announcing.read_to_end().empty());
    raw_client pouring(server.port());
    auto chunk = fmt::format("10000\r\n{}\r\n", std::string(0x10000, ' '));
    pouring.send(in_chunks("/json", json_type, chunk + chunk + chunk + chunk + "1\r\n \r\n0\r\n\r\n"));
    CHECK(pouring.read_answer().status == 413);
}

TEST_CASE("chunks that could be read in two ways end the connection", "[http]") {
    body_site server;
    auto next = get("/smuggled");
    for (const auto& chunks : {"3\r\na=1\r\n0\r\nX-Role: admin\r\n\r\n", "3\na=1\r\n0\r\n\r\n", "3;a=\"\n\"\r\na=1\r\n0\r\n\r\n",
                               "0x3\r\na=1\r\n0\r\n\r\n", "-3\r\na=1\r\n0\r\n\r\n", "3\r\na=1x\r\n0\r\n\r\n", "fffffffffffffffff\r\na"}) {
        INFO(chunks);
        raw_client client(server.port());
        client.send(in_chunks("/form", form_type, chunks) + next);
        auto received = client.read_to_end();
        CHECK(count_answers(received) == 1);
        CHECK((received.substr(9, 3) == "400" || received.substr(9, 3) == "413"));
    }
}

TEST_CASE("a client that asks first is told to go on, and only when its body will be read", "[http]") {
    body_site server;
    raw_client patient(server.port());
    patient.send("POST /form HTTP/1.1\r\nHost: a.test\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 3\r\n"
                 "Expect: 100-continue\r\n\r\n");
    CHECK(patient.read_answer(false).status == 100);
    patient.send("a=1");
    CHECK(patient.read_answer().body == "form a=1;");
    raw_client refused(server.port());
    refused.send("POST /form HTTP/1.1\r\nHost: a.test\r\nContent-Type: text/plain\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
    CHECK(refused.read_answer().status == 415);
}

TEST_CASE("a body that comes too slowly is cut", "[http]") {
    server::http_limits limits;
    limits.body_grace_ms = 200;
    limits.body_bytes_per_s = 1000;
    body_site server(limits);
    raw_client slow(server.port());
    slow.send("POST /form HTTP/1.1\r\nHost: a.test\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\na=");
    auto start = std::chrono::steady_clock::now();
    auto is_cut = false;
    while (!is_cut && std::chrono::steady_clock::now() - start < std::chrono::seconds(5)) {
        is_cut = !slow.send("x");
        std::this_thread::sleep_for(milliseconds(20)); // 50 bytes a second
    }
    CHECK(is_cut);
    CHECK(std::chrono::steady_clock::now() - start < milliseconds(2000));
}

TEST_CASE("files are kept encrypted while their fields reach the handler", "[http]") {
    body_site server;
    auto content = "%PDF-1.7\n" + std::string(300'000, 'p') + "\r\n--limi" + std::string(50, '\0');
    auto body = part("name=\"subject\"", "Mon dossier") + part("name=\"files[]\"; filename=\"relevé.pdf\"", content) +
                part("name=\"files[]\"; filename=\"\"", "") + "--limit--\r\n";
    auto answer = ask(server.port(), post("/upload", parts_type, body));
    CHECK(answer.status == 200);
    CHECK(answer.body == "form subject=Mon dossier;file files[] relevé.pdf application/pdf 300067 " + api::sha256_hex(content) + ";");
    CHECK(files_in(server.attachments_folder()) == 1);
}

TEST_CASE("a form that cannot be read whole leaves no file behind", "[http]") {
    body_site server;
    auto folder = server.attachments_folder();
    auto first = part("name=\"a\"; filename=\"a.pdf\"", "%PDF");
    CHECK(ask(server.port(), post("/upload", parts_type, first + "--limit-x")).status == 400);
    CHECK(ask(server.port(), post("/upload", parts_type, first)).status == 400); // the end is missing
    CHECK(ask(server.port(), post("/upload", parts_type, first + first + "--limit--\r\n")).status == 400);
    {
        raw_client leaving(server.port());
        leaving.send("POST /upload HTTP/1.1\r\nHost: a.test\r\nContent-Type: " + std::string(parts_type) +
                     "\r\nContent-Length: 100000\r\n\r\n" + first + std::string(60'000, 'x'));
    }
    while (server.listener->connections() > 0) std::this_thread::yield();
    CHECK(files_in(folder) == 0);
}

TEST_CASE("a refused form leaves no file behind, and an address that sent too many is told before it sends more", "[http]") {
    body_site server;
    auto body = part("name=\"a\"; filename=\"a.pdf\"", "%PDF") + "--limit--\r\n";
    CHECK(ask(server.port(), post("/refused", parts_type, body)).status == 403);
    CHECK(files_in(server.attachments_folder()) == 0);
    api::request sender;
    sender.remote_address = "127.0.0.1";
    while (api::contact_pressure::take_step(sender, *server.app, true) == 0) {
    }
    raw_client client(server.port());
    client.send("POST /upload HTTP/1.1\r\nHost: a.test\r\nContent-Type: " + std::string(parts_type) + "\r\nContent-Length: 300000\r\n\r\n");
    auto refused = client.read_answer(); // without one byte of the body
    CHECK(refused.status == 429);
    CHECK(refused.header("retry-after") == "30");
    CHECK(refused.header("connection") == "close");
    CHECK(ask(server.port(), post("/upload", parts_type, body)).status == 200); // so little may be words alone: the handler counts it
}

TEST_CASE("a lane that is full sheds before the body is read, and the other lanes go on", "[http]") {
    server::http_limits limits;
    limits.in_flight = 5; // agents 2, public 2, others 1
    body_site server(limits);
    auto first = server.site.lanes.enter("public");
    auto second = server.site.lanes.enter("public");
    raw_client shed(server.port());
    shed.send("POST /form HTTP/1.1\r\nHost: a.test\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 3000\r\n\r\n");
    auto refused = shed.read_answer(); // without one byte of the body
    CHECK(refused.status == 503);
    auto wait_s = std::stoi(refused.header("retry-after"));
    CHECK(wait_s >= 5);
    CHECK(wait_s <= 30);
    CHECK(ask(server.port(), post("/upload", form_type, "a=1")).status == 200); // the agents' lane
    second.reset();
    CHECK(ask(server.port(), post("/form", form_type, "a=1")).status == 200);
    CHECK(server.site.lanes.in_flight() == 1);
}
