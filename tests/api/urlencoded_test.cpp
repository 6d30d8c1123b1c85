// SPDX-License-Identifier: EUPL-1.2
#include "api/urlencoded.hpp"

#include "api/malformed.hpp"

#include <catch2/catch.hpp>

using namespace relais::api;

namespace {

std::string code_of(const std::string& body) {
    try {
        parse_urlencoded(body);
    } catch (const malformed& why) {
        return why.code;
    }
    return "";
}

} // namespace

TEST_CASE("a form is read as the browser meant it", "[urlencoded]") {
    auto form = parse_urlencoded("nom=Zo%C3%A9+L%27H%C3%A9ritier&message=bloqu%C3%A9%0D%0Aici&vide=&seul&a.b-c_d%5B0%5D=1");
    CHECK(form == form_fields{{"nom", "Zoé L'Héritier"}, {"message", "bloqué\r\nici"}, {"vide", ""}, {"seul", ""}, {"a.b-c_d[0]", "1"}});
    CHECK(parse_urlencoded("").empty());
    CHECK(parse_urlencoded("a=b=c&d=%26").at("a") == "b=c");
    CHECK(parse_urlencoded("a=é").at("a") == "é");
}

TEST_CASE("only a name that ends in [] may be repeated", "[urlencoded]") {
    auto form = parse_urlencoded("piece[]=b&x=1&piece[]=&piece%5B%5D=a");
    CHECK(form_list(form, "piece[]") == std::vector<std::string>{"b", "", "a"});
    CHECK(form_list(form, "autre[]").empty());
    CHECK(code_of("x=1&x=1") == "form_repeated");
    CHECK(code_of("x=1&%78=2") == "form_repeated");
    CHECK(code_of("piece[]=a%0Ab") == "form_list_value");
}

TEST_CASE("what a browser never sends is refused", "[urlencoded]") {
    CHECK(code_of("=1") == "form_name");
    CHECK(code_of("a b=1") == "form_name");
    CHECK(code_of("%C3%A9=1") == "form_name");
    CHECK(code_of("a=%") == "bad_escape");
    CHECK(code_of("a=%G0") == "bad_escape");
    CHECK(code_of("a=%FF") == "not_utf8");
    CHECK(code_of("a=\xC0\x80") == "not_utf8");
    CHECK(code_of("a=%00") == "nul_byte");
    CHECK(code_of("a=%ED%A0%80") == "not_utf8");
}

TEST_CASE("the limits of a form hold on both sides", "[urlencoded]") {
    auto fields = [](int count) {
        std::string out;
        for (int i = 0; i < count; ++i) out += "l[]=1&";
        return out;
    };
    CHECK(code_of(fields(200)).empty());
    CHECK(code_of(fields(201)) == "form_too_many_fields");
    CHECK(code_of(std::string(64, 'n') + "=1").empty());
    CHECK(code_of(std::string(65, 'n') + "=1") == "form_name");
    CHECK(code_of("a=" + std::string(128 * 1024, 'v')).empty());
    CHECK(code_of("a=" + std::string(128 * 1024 + 1, 'v')) == "form_value_too_long");
}
