// SPDX-License-Identifier: EUPL-1.2
#include "model/phone.hpp"

#include "tests/support/checked.hpp"

#include <catch2/catch.hpp>

using namespace relais;
using model::verdict;
using model::phones::purpose;

TEST_CASE("a telephone number is read as French people write it", "[phone]") {
    const test::expected_check cases[] = {
        {"06 39 98 12 34", verdict::valid, "+33639981234"},
        {"06.39.98.12.34", verdict::valid, "+33639981234"},
        {"06-39/98 12\u00A034", verdict::valid, "+33639981234"},
        {"01 99 00 12 34", verdict::valid, "+33199001234"},
        {"02 61 91 12 34", verdict::valid, "+33261911234"},
        {"03 53 01 12 34", verdict::valid, "+33353011234"},
        {"04 65 71 12 34", verdict::valid, "+33465711234"},
        {"05 36 49 12 34", verdict::valid, "+33536491234"},
        {"+33 (0)1 99 00 12 34", verdict::valid, "+33199001234"},
        {"0033 1 99 00 12 34", verdict::valid, "+33199001234"},
        {"00 33 (0) 6 39 98 12 34", verdict::valid, "+33639981234"},
        {"(01) 99 00 12 34", verdict::valid, "+33199001234"},
        {"+33 06 39 98 12 34", verdict::suspect, "+33639981234", "trunk_zero", "+33639981234"},
        {"639981234", verdict::suspect, "+33639981234", "missing_zero", "+33639981234"},
        {"O6 39 98 12 34", verdict::invalid, "", "letter_o", "0639981234"},
        {"O6 39 98 12", verdict::invalid, "", "short"},
        {"06 39 98 12", verdict::invalid, "", "short"},
        {"06 39 98 12 345", verdict::invalid, "", "long"},
        {"6 39 98 12 34 56", verdict::invalid, "", "no_prefix"},
        {"+33 6 39 98 12", verdict::invalid, "", "short"},
        {"+33 6 39 98 12 34 5", verdict::invalid, "", "long"},
        {"le matin", verdict::invalid, "", "characters"},
        {"+", verdict::invalid, "", "empty"},
        {"", verdict::invalid, "", "empty"},
        {std::string(101, '1'), verdict::invalid, "", "long"},
    };
    for (const auto& expected : cases) {
        CHECK_CHECKED(model::phones::check(expected.typed), expected);
        CHECK_CHECKED(model::phones::check(expected.typed, "75", purpose::callback), expected);
    }
}

TEST_CASE("the prefix of an overseas number says its country code", "[phone]") {
    const std::pair<const char*, const char*> cases[] = {
        {"0590 12 34 56", "+590590123456"}, {"0690 12 34 56", "+590690123456"}, {"0691 22 34 56", "+590691223456"},
        {"0594 12 34 56", "+594594123456"}, {"0694 12 34 56", "+594694123456"}, {"0596 12 34 56", "+596596123456"},
        {"0696 12 34 56", "+596696123456"}, {"0697 12 34 56", "+596697123456"}, {"0262 12 34 56", "+262262123456"},
        {"0263 12 34 56", "+262263123456"}, {"0692 12 34 56", "+262692123456"}, {"0693 12 34 56", "+262693123456"},
        {"0269 61 23 45", "+262269612345"}, {"0639 12 34 56", "+262639123456"}, {"0709 00 12 34", "+590709001234"},
        {"0709 10 12 34", "+596709101234"}, {"0709 20 12 34", "+262709201234"}, {"0709 30 12 34", "+594709301234"},
        {"0709 35 12 34", "+262709351234"}, {"0709 40 12 34", "+33709401234"},  {"0508 41 12 34", "+508411234"},
        {"0708 45 00 12", "+508708450012"}, {"0639 98 12 34", "+33639981234"},
    };
    for (const auto& [typed, e164] : cases) {
        INFO(typed);
        const auto checked = model::phones::check(typed, "", purpose::callback);
        CHECK(checked.accepted());
        CHECK(checked.normalised == e164);
        CHECK((checked.code.empty() || checked.code == "unassigned"));
    }
    CHECK(model::phones::check("0692 12 34 56").result == verdict::valid);
    CHECK(model::phones::check("0639 98 12 34").result == verdict::valid);
}

TEST_CASE("an overseas number behind a wrong or doubled prefix is put right", "[phone]") {
    const test::expected_check cases[] = {
        {"+33 692 12 34 56", verdict::suspect, "+262692123456", "other_zone", "+262692123456"},
        {"+262 0692 12 34 56", verdict::suspect, "+262692123456", "trunk_zero", "+262692123456"},
        {"+262 692 12 34 56", verdict::valid, "+262692123456"},
        {"00262 692 12 34 56", verdict::valid, "+262692123456"},
        {"+33 0692 12 34 56", verdict::suspect, "+262692123456", "trunk_zero", "+262692123456"},
        {"+689 861003334", verdict::invalid, "", "long"},
        {"+687 24 12 3", verdict::invalid, "", "short"},
        {"692 12 34 56", verdict::suspect, "+262692123456", "missing_zero", "+262692123456"},
    };
    for (const auto& expected : cases) CHECK_CHECKED(model::phones::check(expected.typed), expected);
}

TEST_CASE("the Pacific and Miquelon dial six or eight digits", "[phone]") {
    using model::phones::check;
    CHECK(check("41 12 34", "975").normalised == "+508411234");
    CHECK(check("+508 41 12 34").normalised == "+508411234");
    CHECK(check("24 12 34", "988").normalised == "+687241234");
    CHECK(check("+687 24 12 34").normalised == "+687241234");
    CHECK(check("40 41 23 45", "987").normalised == "+68940412345");
    CHECK(check("87 12 34 56", "987").result == verdict::valid);
    CHECK(check("72 12 34", "986").normalised == "+681721234");
    CHECK(check("24 12 34", "75").code == "short");
    CHECK(check("24 12 34").code == "short");
    CHECK(check("06 39 98 12 34", "988").normalised == "+33639981234");
}

TEST_CASE("numbers that nobody can call back are refused for a callback only", "[phone]") {
    const std::pair<const char*, const char*> cases[] = {
        {"0800 00 00 00", "special_number"},
        {"0809 00 00 00", "special_number"},
        {"0810 00 00 00", "surcharged"},
        {"0820 12 34 56", "surcharged"},
        {"0899 12 34 56", "surcharged"},
        {"+33 899 12 34 56", "surcharged"},
        {"+33 0899 12 34 56", "surcharged"},
        {"3400", "short_number"},
        {"34 00", "short_number"},
        {"15", "short_number"},
        {"17", "short_number"},
        {"18", "short_number"},
        {"112", "short_number"},
    };
    for (const auto& [typed, code] : cases) {
        INFO(typed);
        const auto callback = model::phones::check(typed, "", purpose::callback);
        CHECK(callback.result == verdict::invalid);
        CHECK(callback.code == code);
        const auto contact = model::phones::check(typed);
        CHECK(contact.result == verdict::suspect);
        CHECK(contact.code == code);
        CHECK(!contact.normalised.empty());
    }
}

TEST_CASE("a number from abroad is read with its country code, and doubted at most", "[phone]") {
    using model::phones::check;
    CHECK(check("+32 2 790 12 34").result == verdict::valid);
    CHECK(check("+1 514 555 0199").normalised == "+15145550199");
    CHECK(check("0044 20 7946 0123").normalised == "+442079460123");
    CHECK(check("+999 123 456 789").code == "unassigned");
    CHECK(check("+999 123 456 789").result == verdict::suspect);
    CHECK(check("+123456").code == "short");
    CHECK(check("+1234567890123456").code == "long");
    CHECK(check("514 555 0199", "99").code == "no_prefix");
}

TEST_CASE("a number is shown as people read it aloud", "[phone]") {
    using model::phones::display;
    CHECK(display("+33639981234") == "06 39 98 12 34");
    CHECK(display("+262692123456") == "06 92 12 34 56");
    CHECK(display("+687241234") == "+687 24.12.34");
    CHECK(display("+3227901234") == "+32 2 790 12 34");
    CHECK(display("3400") == "3400");
    CHECK(display("") == "");
    CHECK(model::phones::ending("+33639981234") == "1234");
    CHECK(model::phones::ending("15") == "15");
    CHECK(model::phones::ending("") == "");
}
