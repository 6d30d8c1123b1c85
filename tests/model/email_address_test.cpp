// SPDX-License-Identifier: EUPL-1.2
#include "model/email_address.hpp"

#include "tests/support/checked.hpp"

#include <catch2/catch.hpp>

using namespace relais;
using namespace std::string_literals;
using model::verdict;

TEST_CASE("an address is accepted by our own strict grammar", "[email_address]") {
    const std::string local64(64, 'a');
    const std::string label(63, 'b');
    const auto longest = local64 + "@" + label + "." + label + "." + std::string(58, 'b') + ".fr"; // 254
    const test::expected_check cases[] = {
        {"camille.dupont@example.test", verdict::valid, "camille.dupont@example.test"},
        {" Camille@Example.TEST ", verdict::valid, "Camille@example.test"},
        {"mailto:camille@example.test", verdict::valid, "camille@example.test"},
        {"o'neil+ants@sub.example.test", verdict::valid, "o'neil+ants@sub.example.test"},
        {"jeu@été.example.test", verdict::valid, "jeu@xn--t-9fab.example.test"},
        {longest, verdict::valid, longest},
        {"a" + longest, verdict::invalid, "", "too_long"},
        {local64 + "@" + label + "." + label + "." + std::string(59, 'b') + ".fr", verdict::invalid, "", "too_long"},
        {"camille", verdict::invalid, "", "at_sign"},
        {"a@b@example.test", verdict::invalid, "", "at_sign"},
        {"@example.test", verdict::invalid, "", "local"},
        {"camille@", verdict::invalid, "", "domain"},
        {"camille@example", verdict::invalid, "", "domain"},
        {"camille@.example.test", verdict::invalid, "", "domain"},
        {"camille@example..test", verdict::invalid, "", "domain"},
        {"camille@-example.test", verdict::invalid, "", "domain"},
        {"camille@[192.0.2.1]", verdict::invalid, "", "domain"},
        {"camille@192.0.2.1", verdict::invalid, "", "domain"},
        {"camille@exa_mple.test", verdict::invalid, "", "domain"},
        {"camille..dupont@example.test", verdict::invalid, "", "local", ""},
        {"camille.@example.test", verdict::invalid, "", "local", "camille@example.test"},
        {"\"camille dupont\"@example.test", verdict::invalid, "", "space", ""},
        {"\"camille\"@example.test", verdict::invalid, "", "local", ""},
        {"cam ille@example.test", verdict::invalid, "", "space", "camille@example.test"},
        {"hélène@example.test", verdict::invalid, "", "accent", "helene@example.test"},
        {"a@example.test\r\nRCPT TO:<b@example.test>", verdict::invalid, "", "control"},
        {"a\0@example.test"s, verdict::invalid, "", "control"},
        {"a@example.test\xC0\x80", verdict::invalid, "", "control"},
        {"<a@example.test>", verdict::invalid, "", "domain"},
        {"", verdict::invalid, "", "empty"},
    };
    for (const auto& expected : cases) CHECK_CHECKED(model::email_addresses::check(expected.typed), expected);
}

TEST_CASE("a mistyped well-known domain is accepted with the right one offered", "[email_address]") {
    const std::pair<const char*, const char*> cases[] = {
        {"gmial.com", "gmail.com"},     {"gmai.com", "gmail.com"},    {"gmaill.com", "gmail.com"}, {"gmail.con", "gmail.com"},
        {"gmail.co", "gmail.com"},      {"hotmial.fr", "hotmail.fr"}, {"orang.fr", "orange.fr"},   {"wanado.fr", "wanadoo.fr"},
        {"laposte.ne", "laposte.net"},  {"yaho.fr", "yahoo.fr"},      {"outlok.fr", "outlook.fr"}, {"iclod.com", "icloud.com"},
        {"example.con", "example.com"}, {"gmial.con", "gmial.com"},
    };
    for (const auto& [typed, meant] : cases) {
        INFO(typed);
        const auto checked = model::email_addresses::check("a@"s + typed);
        CHECK(checked.result == verdict::suspect);
        CHECK(checked.code == "typo");
        CHECK(checked.normalised == "a@"s + typed);
        if (std::string(typed) != "gmial.con")
            CHECK(checked.suggestion == "a@"s + meant);
        else
            CHECK(checked.suggestion == "a@gmail.com");
    }
    for (const char* right : {"gmail.com", "ymail.com", "hotmail.be", "free.fr", "sfr.fr", "me.com", "gmx.fr", "justice.gouv.fr"}) {
        INFO(right);
        CHECK(model::email_addresses::check("a@"s + right).result == verdict::valid);
    }
}
