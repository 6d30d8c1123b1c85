// SPDX-License-Identifier: EUPL-1.2
#include "api/url.hpp"

#include "api/malformed.hpp"

#include <catch2/catch.hpp>

using namespace relais::api;
using namespace std::string_literals;

namespace {

std::string code_of(const std::string& target) {
    try {
        parse_target(target);
    } catch (const malformed& why) {
        return why.code;
    }
    return "";
}

} // namespace

TEST_CASE("an address is decoded once", "[url]") {
    auto all = parse_target("/console/tickets/26-7K3F-9QTX?q=permis+b%C3%A9ton%2B&page=2&vide=&seul");
    CHECK(all.path == "/console/tickets/26-7K3F-9QTX");
    CHECK(all.query == parameters{{"page", "2"}, {"q", "permis béton+"}, {"seul", ""}, {"vide", ""}});
    CHECK(parse_target("/a%2525+b").path == "/a%25+b");
    CHECK(parse_target("/%C3%A9t%C3%A9/").path == "/été/");
    CHECK(parse_target("/").path == "/");
    CHECK(parse_target("/?").query.empty());
    CHECK(parse_target("/?&a=1&").query.size() == 1);
    CHECK(parse_target("/.well-known/security.txt").path == "/.well-known/security.txt");
    CHECK(parse_target("/...").path == "/...");
}

TEST_CASE("an address that could be read in two ways is refused", "[url]") {
    struct {
        std::string target, code;
    } cases[] = {
        {"", "path_start"},
        {"contact", "path_start"},
        {"//evil.test/", "path_empty_segment"},
        {"/a//b", "path_empty_segment"},
        {"/a/../b", "path_dot_segment"},
        {"/a/%2e%2E/b", "path_dot_segment"},
        {"/./a", "path_dot_segment"},
        {"/a/..", "path_dot_segment"},
        {"/a%2Fb", "path_encoded_slash"},
        {"/a%5cb", "path_encoded_slash"},
        {"/a\\b", "path_encoded_slash"},
        {"/a%00b", "nul_byte"},
        {"/a%0Ab", "path_control"},
        {"/a%7F", "path_control"},
        {"/a%C2%85", "path_control"},
        {"/a%", "bad_escape"},
        {"/a%4", "bad_escape"},
        {"/a%4g", "bad_escape"},
        {"/a% 41", "bad_escape"},
        {"/a%C3", "not_utf8"},
        {"/a%C0%AF", "not_utf8"},
        {"/a%ED%A0%80", "not_utf8"},
        {"/a#b", "target_fragment"},
        {"/?a=1&a=2", "query_repeated"},
        {"/?a=1&%61=2", "query_repeated"},
        {"/?=1", "query_name"},
        {"/?a=%0D%0A", "query_control"},
        {"/?a=%00", "nul_byte"},
        {"/?a=%ff", "not_utf8"},
    };
    for (const auto& one : cases) {
        INFO(one.target);
        CHECK(code_of(one.target) == one.code);
    }
}

TEST_CASE("the limits of an address hold on both sides", "[url]") {
    auto query = [](int count) {
        std::string out = "/?";
        for (int i = 0; i < count; ++i) out += "p" + std::to_string(i) + "=1&";
        return out;
    };
    CHECK(code_of(query(64)).empty());
    CHECK(code_of(query(65)) == "query_too_many");
    CHECK(code_of("/?" + std::string(64, 'n') + "=1").empty());
    CHECK(code_of("/?" + std::string(65, 'n') + "=1") == "query_name");
    CHECK(code_of("/?a=" + std::string(2048, 'v')).empty());
    CHECK(code_of("/?a=" + std::string(2049, 'v')) == "query_value_too_long");
    auto deep = [](int count) {
        std::string out;
        for (int i = 0; i < count; ++i) out += "/d";
        return out;
    };
    CHECK(code_of(deep(32)).empty());
    CHECK(code_of(deep(33)) == "path_too_deep");
}

TEST_CASE("encoding and decoding are inverse", "[url]") {
    std::string all;
    for (char32_t c = 1; c < 0x250; ++c) {
        if (c < 0x80)
            all += static_cast<char>(c);
        else
            all += {static_cast<char>(0xC0U | (c >> 6U)), static_cast<char>(0x80U | (c & 0x3FU))};
    }
    CHECK(decode_component(encode_component(all), false) == all);
    CHECK(decode_component(encode_component(all), true) == all);
    CHECK(encode_component("é/ a-._~") == "%C3%A9%2F%20a-._~");
    try {
        decode_component("abc%zz", false);
        FAIL("a bad escape must be refused");
    } catch (const malformed& why) {
        CHECK(why.position == 3);
        CHECK(why.status == 400);
    }
}
