// SPDX-License-Identifier: EUPL-1.2
#include "model/neph.hpp"

#include "tests/support/checked.hpp"

#include <catch2/catch.hpp>

using namespace relais;
using model::verdict;
using namespace date::literals;

TEST_CASE("a NEPH is read as citizens copy it, and only impossible ones are refused", "[neph]") {
    const test::expected_check cases[] = {
        {"150833200011", verdict::valid, "150833200011"},
        {"1405 34 300 210", verdict::valid, "140534300210"},
        {"210692106990", verdict::valid, "210692106990"},
        {"150833 200011", verdict::valid, "150833200011"},
        {"15.08.33-200011", verdict::valid, "150833200011"},
        {"150833\u00A0200011\n", verdict::valid, "150833200011"},
        {"150833\u2011200011", verdict::valid, "150833200011"},
        {"261175100001", verdict::valid, "261175100001"},
        {"150820200011", verdict::valid, "150820200011"},
        {"150897200011", verdict::valid, "150897200011"},
        {"261275100001", verdict::suspect, "261275100001", "future"},
        {"400175100001", verdict::suspect, "400175100001", "future"},
        {"410175100001", verdict::valid, "410175100001"},
        {"151333200011", verdict::suspect, "151333200011", "month"},
        {"150033200011", verdict::suspect, "150033200011", "month"},
        {"190300200123", verdict::suspect, "190300200123", "department"},
        {"150896200011", verdict::suspect, "150896200011", "department"},
        {"15083320001", verdict::suspect, "15083320001", "length"},
        {"1508332000", verdict::suspect, "1508332000", "length"},
        {"1508332000112345678", verdict::suspect, "1508332000112345678", "length"},
        {"150833200", verdict::invalid, "", "short"},
        {"15083320001123456789", verdict::invalid, "", "long"},
        {"15O833200011", verdict::invalid, "", "letter_o", "150833200011"},
        {"15o8332ooo11", verdict::invalid, "", "letter_o", "150833200011"},
        {"I50833200011", verdict::invalid, "", "letter_i", "150833200011"},
        {"15O83", verdict::invalid, "", "short"},
        {"13AA00001", verdict::invalid, "", "card_number"},
        {"13 aa 00001", verdict::invalid, "", "card_number"},
        {"je ne sais pas", verdict::invalid, "", "characters"},
        {"١٥٠٨٣٣٢٠٠٠١١", verdict::invalid, "", "characters"},
        {"", verdict::invalid, "", "empty"},
        {" - ", verdict::invalid, "", "empty"},
    };
    for (const auto& expected : cases) CHECK_CHECKED(model::nephs::check(expected.typed, 2026_y / 11), expected);
}

TEST_CASE("a fault names its field, its code and the message to show", "[neph]") {
    const auto fault = model::fault("neph", "neph", model::nephs::check("15O833200011", 2026_y / 11));
    CHECK(fault.field == "neph");
    CHECK(fault.code == "letter_o");
    CHECK(fault.message == "fault.neph.letter_o_offer");
    CHECK(fault.value == "150833200011");
    CHECK(model::fault("neph", "neph", model::nephs::check("1508", 2026_y / 11)).message == "fault.neph.short");
}
