// SPDX-License-Identifier: EUPL-1.2
#include "api/cookies.hpp"

#include "api/malformed.hpp"

#include <catch2/catch.hpp>

using namespace relais::api;

TEST_CASE("cookies are read by name", "[cookies]") {
    CHECK(parse_cookies("__Host-sid=abc_-123; theme=\"sombre\";lang=fr") ==
          cookie_map{{"__Host-sid", "abc_-123"}, {"lang", "fr"}, {"theme", "sombre"}});
    CHECK(parse_cookies("").empty());
    CHECK(parse_cookies("; ;=;a;=b").empty());
    CHECK(parse_cookies("a=b=c").at("a") == "b=c");
}

TEST_CASE("a cookie of another site that is badly written does not lock anybody out", "[cookies]") {
    CHECK(parse_cookies("stats={\"a\": 1, \"b\": 2}; sid=x") == cookie_map{{"sid", "x"}});
    CHECK(parse_cookies("na me=1; \xC3\xA9=1; a=\xC3\xA9; b=1 2; sid=x") == cookie_map{{"sid", "x"}});
}

TEST_CASE("the same cookie twice is no cookie, and a session's is refused", "[cookies]") {
    CHECK(parse_cookies("stats=1; sid=a; stats=2; lang=fr; stats=3") == cookie_map{{"lang", "fr"}, {"sid", "a"}});
    CHECK_THROWS_AS(parse_cookies("__Host-suivi=a; __Host-suivi=a"), malformed);
    CHECK_THROWS_AS(parse_cookies("sid=a; sid=b"), malformed);
    CHECK_THROWS_AS(parse_cookies("sid=a; x=1; sid =a"), malformed);
    CHECK_NOTHROW(parse_cookies("sid=a; SID=b"));
}

TEST_CASE("a cookie is set with every protection", "[cookies]") {
    CHECK(set_cookie("__Host-sid", "abc") == "__Host-sid=abc; Path=/; Secure; HttpOnly; SameSite=Lax");
    cookie_options options;
    options.max_age_s = 1800;
    options.site = cookie_options::same_site::strict;
    CHECK(set_cookie("__Host-suivi", "abc", options) == "__Host-suivi=abc; Path=/; Max-Age=1800; Secure; HttpOnly; SameSite=Strict");
    CHECK(clear_cookie("__Host-sid") == "__Host-sid=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax");
    options.secure = false;
    options.http_only = false;
    CHECK(set_cookie("theme", "sombre", options) == "theme=sombre; Path=/; Max-Age=1800; SameSite=Strict");
    CHECK_THROWS(set_cookie("__Host-sid", "abc", options));
    for (auto bad : {"a;b", "a b", "a\r\nX: y", "a,b", "a\"b"}) CHECK_THROWS(set_cookie("sid", bad));
    for (auto bad : {"", "a=b", "a b", "a\r\nX"}) CHECK_THROWS(set_cookie(bad, "x"));
}
