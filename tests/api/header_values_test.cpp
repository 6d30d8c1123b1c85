// SPDX-License-Identifier: EUPL-1.2
#include "api/accept_language.hpp"
#include "api/content_disposition.hpp"
#include "api/header_parameters.hpp"
#include "api/http_date.hpp"
#include "api/malformed.hpp"

#include <catch2/catch.hpp>

using namespace relais::api;
using std::chrono::seconds;
using std::chrono::sys_seconds;

TEST_CASE("a download is always an attachment, under its true name", "[content_disposition]") {
    CHECK(attachment_disposition("permis.pdf") == "attachment; filename=\"permis.pdf\"");
    CHECK(attachment_disposition("reçu n°1.pdf") == "attachment; filename=\"re_u n_1.pdf\"; filename*=UTF-8''re%C3%A7u%20n%C2%B01.pdf");
    CHECK(attachment_disposition("50%.pdf") == "attachment; filename=\"50_.pdf\"; filename*=UTF-8''50%25.pdf");
    CHECK(attachment_disposition("a\r\nSet-Cookie: x=\"y\".pdf") == "attachment; filename=\"aSet-Cookie_ x=_y_.pdf\"");
    CHECK(attachment_disposition("") == "attachment; filename=\"document\"");
}

TEST_CASE("the language better liked is chosen, French when in doubt", "[accept_language]") {
    struct {
        std::string field, chosen;
    } cases[] = {
        {"", "fr"},
        {"fr-FR,fr;q=0.9,en;q=0.8", "fr"},
        {"en-GB,en;q=0.9,fr;q=0.8", "en"},
        {"en;q=0.5, fr;q=0.50", "fr"},
        {"de, en;q=0.3", "en"},
        {"de", "fr"},
        {"*", "fr"},
        {"*;q=0.1, en", "en"},
        {"EN-us", "en"},
        {"en;q=0", "fr"},
        {"fr;q=0, en;q=0.001", "en"},
        {"fr;q=0, *", "en"},
        {"english", "fr"},
        {"en;q=2", "fr"},
        {"en;level=1", "fr"},
        {";;,,=q,en", "en"},
    };
    for (const auto& one : cases) {
        INFO(one.field);
        CHECK(choose_language(one.field) == one.chosen);
    }
}

TEST_CASE("a date of HTTP is written and read back", "[http_date]") {
    sys_seconds at{seconds{784111777}};
    CHECK(http_date(at) == "Sun, 06 Nov 1994 08:49:37 GMT");
    for (long long value : {0LL, 951782399LL, 951782400LL, 4102444800LL, 1772323199LL}) {
        sys_seconds one{seconds{value}};
        CHECK(parse_http_date(http_date(one)) == one);
    }
    for (auto bad :
         {"", "Sun, 06 Nov 1994 08:49:37", "Mon, 06 Nov 1994 08:49:37 GMT", "Sun, 06 nov 1994 08:49:37 GMT",
          "Sun, 31 Feb 1994 08:49:37 GMT", "Sun, 06 Nov 1994 24:49:37 GMT", "Sun, 06 Nov 1994 08:60:37 GMT",
          "Sun,+06 Nov 1994 08:49:37 GMT", "Sun, 06-Nov-1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"}) {
        CHECK_FALSE(parse_http_date(bad).has_value());
    }
}

TEST_CASE("the parameters of a field are read strictly", "[header_parameters]") {
    auto header = parse_header_value(" Text/Plain ;\tCharset=\"utf-8\"; a=b ");
    CHECK(header.value == "text/plain");
    REQUIRE(header.find("charset") != nullptr);
    CHECK(*header.find("charset") == "utf-8");
    CHECK(header.find("c") == nullptr);
    CHECK(*parse_header_value(R"(x; a="\\\"\c")").find("a") == R"(\"\c)");
    for (auto bad :
         {"", ";", "x;", "x; a", "x; =b", "x; a=", "x; a=b c", "x a=b", "x; a=b; A=c", "x; a=\"b", "x; a=\"b\\\"", "x; a=\"b\x01\""}) {
        INFO(bad);
        CHECK_THROWS_AS(parse_header_value(bad), malformed);
    }
}
