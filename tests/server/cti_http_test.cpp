// SPDX-License-Identifier: EUPL-1.2
#include "model/call.hpp"
#include "model/sql.hpp"
#include "server/log.hpp"
#include "tests/support/raw_client.hpp"
#include "tests/support/test_site.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <sstream>

using namespace relais;
using namespace relais::tests;

namespace {

std::string post(const std::string& path, const std::string& type, const std::string& body) {
    return "POST " + path + " HTTP/1.1\r\nHost: a.test\r\nContent-Type: " + type + "\r\nContent-Length: " + std::to_string(body.size()) +
           "\r\n\r\n" + body;
}

std::string text_of(const std::string& file) {
    std::ifstream in(file);
    std::stringstream out;
    out << in.rdbuf();
    return out.str();
}

} // namespace

TEST_CASE("events come as JSON or as a form over one connection, and their token is in no journal", "[cti]") {
    test_site site;
    temporary_folder folder;
    server::logging_options options;
    options.application_file = "application.jsonl", options.access_file = "access.jsonl";
    server::journals::open(options, folder.path());
    auto token = site.app.add_token("telephony");
    auto path = "/api/v1/cti/" + token;
    raw_client exchange(site.port());
    exchange.send(post(path, "application/json", R"({"event":"newCall","from":"33639981001","to":"3400","direction":"in","callId":"a1"})"));
    auto answer = exchange.read_answer();
    CHECK(answer.status == 200);
    CHECK(answer.body == "{}");
    exchange.send(
        post(path, "application/x-www-form-urlencoded", "event=hangup&from=33639981001&to=3400&direction=in&callId=a1&cause=cancel"));
    CHECK(exchange.read_answer().status == 200);
    exchange.send(post(path, "application/json; charset=utf-8", "{"));
    CHECK(exchange.read_answer().status == 422);
    exchange.send(post(path, "text/plain", "hello"));
    CHECK(exchange.read_answer().status == 415);
    auto found = site.app.database().read_now([](soci::session& sql) { return model::calls::list(sql, {}, "", 10).lines; });
    REQUIRE(found.size() == 1);
    CHECK(found[0].what.outcome == "abandoned");
    server::journals::flush();
    auto access = text_of(folder.path("access.jsonl"));
    server::journals::open({}, "");
    CHECK(access.find("/api/v1/cti/{token}") != std::string::npos);
    CHECK(access.find(token) == std::string::npos);
    CHECK(text_of(folder.path("application.jsonl")).find(token) == std::string::npos);
}
