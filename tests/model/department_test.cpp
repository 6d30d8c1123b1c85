// SPDX-License-Identifier: EUPL-1.2
#include "model/department.hpp"

#include "tests/support/checked.hpp"

#include <catch2/catch.hpp>
#include <date/tz.h>

using namespace relais;
using model::verdict;
namespace departments = model::departments;

TEST_CASE("overseas and Corsica are departments like the others", "[department]") {
    const test::expected_check cases[] = {
        {"01", verdict::valid, "01"},
        {"2A", verdict::valid, "2A"},
        {"2b", verdict::valid, "2B"},
        {"75", verdict::valid, "75"},
        {"95", verdict::valid, "95"},
        {"971", verdict::valid, "971"},
        {"976", verdict::valid, "976"},
        {"988", verdict::valid, "988"},
        {"984", verdict::valid, "984"},
        {"989", verdict::valid, "989"},
        {"99", verdict::valid, "99"},
        {" 08 ", verdict::valid, "08"},
        {"20", verdict::invalid, "", "corsica", "2A"},
        {"96", verdict::invalid, "", "unknown"},
        {"970", verdict::invalid, "", "unknown"},
        {"979", verdict::invalid, "", "unknown"},
        {"985", verdict::invalid, "", "unknown"},
        {"2C", verdict::invalid, "", "unknown"},
        {"1", verdict::invalid, "", "unknown", "01"},
        {"00", verdict::invalid, "", "unknown"},
        {"", verdict::invalid, "", "empty"},
    };
    for (const auto& expected : cases) CHECK_CHECKED(departments::check(expected.typed), expected);
}

TEST_CASE("the list holds every department once, in order, with a zone that exists", "[department]") {
    const auto all = departments::all();
    CHECK(all.size() == 96 + 5 + 8 + 1);
    for (std::size_t i = 0; i < all.size(); ++i) {
        INFO(all[i].code);
        CHECK(departments::find(all[i].code) == &all[i]);
        CHECK(!all[i].name.empty());
        for (auto zone : departments::zones(all[i].code)) CHECK_NOTHROW(date::locate_zone(std::string(zone)));
        if (i > 0 && i + 1 < all.size()) CHECK(all[i - 1].code < all[i].code);
    }
    CHECK(all.back().code == "99");
    CHECK(departments::zones("987").size() == 3);
    CHECK(departments::zones("974").front() == "Indian/Reunion");
    CHECK(departments::zones("?").front() == "Europe/Paris");
}

TEST_CASE("a postal code hints at a department", "[department]") {
    const std::pair<const char*, const char*> cases[] = {
        {"08000", "08"}, {"75012", "75"},  {"20000", "2A"},  {"20190", "2A"},  {"20200", "2B"},
        {"20600", "2B"}, {"97110", "971"}, {"97133", "977"}, {"97150", "978"}, {"97400", "974"},
        {"98000", "99"}, {"98600", "986"}, {"98713", "987"}, {"98800", "988"}, {"98799", "989"},
    };
    for (const auto& [code, department] : cases) {
        INFO(code);
        CHECK(departments::from_postal_code(code) == std::string_view(department));
    }
    for (const char* none : {"00200", "20195", "20601", "96000", "99000", "97900", "7501", "750123", "7501A", ""}) {
        INFO(none);
        CHECK(!departments::from_postal_code(none));
    }
}
