// SPDX-License-Identifier: EUPL-1.2
#include "model/birth_date.hpp"

#include "tests/support/checked.hpp"

#include <catch2/catch.hpp>

using namespace relais;
using model::verdict;
using namespace date::literals;
namespace birth_dates = model::birth_dates;

TEST_CASE("a birth date keeps its unknown parts", "[birth_date]") {
    const test::expected_check cases[] = {
        {"03/05/1984", verdict::valid, "1984-05-03"},
        {"3.5.1984", verdict::valid, "1984-05-03"},
        {"03 05 1984", verdict::valid, "1984-05-03"},
        {"03051984", verdict::valid, "1984-05-03"},
        {"1984-05-03", verdict::valid, "1984-05-03"},
        {"00/05/1984", verdict::valid, "1984-05-00"},
        {"00/00/1984", verdict::valid, "1984-00-00"},
        {"1984-00-00", verdict::valid, "1984-00-00"},
        {"29/02/2000", verdict::valid, "2000-02-29"},
        {"29/02/1900", verdict::invalid, "", "day"},
        {"31/04/1984", verdict::invalid, "", "day"},
        {"32/05/1984", verdict::invalid, "", "day"},
        {"05/25/1984", verdict::invalid, "", "month", "25/05/1984"},
        {"25/13/1984", verdict::invalid, "", "month"},
        {"05/25/0992", verdict::invalid, "", "month"},
        {"12/00/1984", verdict::invalid, "", "month"},
        {"03/05/84", verdict::invalid, "", "short_year", "03/05/1984"},
        {"03/05/05", verdict::invalid, "", "short_year", "03/05/2005"},
        {"16/11/2026", verdict::invalid, "", "future"},
        {"00/12/2026", verdict::invalid, "", "future"},
        {"15/11/2026", verdict::suspect, "2026-11-15", "young"},
        {"15/11/2012", verdict::valid, "2012-11-15"},
        {"16/11/2012", verdict::suspect, "2012-11-16", "young"},
        {"16/11/1915", verdict::valid, "1915-11-16"},
        {"15/11/1915", verdict::suspect, "1915-11-15", "old"},
        {"01/01/1849", verdict::invalid, "", "year"},
        {"00/00/0000", verdict::invalid, "", "year"},
        {"1984", verdict::invalid, "", "format"},
        {"mai 1984", verdict::invalid, "", "format"},
        {"003/05/1984", verdict::invalid, "", "format"},
        {"-3/05/1984", verdict::valid, "1984-05-03"},
        {"99999999999999999999/1/1", verdict::invalid, "", "format"},
        {"", verdict::invalid, "", "empty"},
    };
    for (const auto& expected : cases) CHECK_CHECKED(birth_dates::check(expected.typed, 2026_y / 11 / 15), expected);
}

TEST_CASE("two birth dates may be the same person's", "[birth_date]") {
    struct {
        const char* a;
        const char* b;
        bool same;
    } const cases[] = {
        {"1984-05-03", "1984-05-03", true},  {"1984-05-03", "1984-05-04", false},
        {"1984-05-03", "1985-05-03", false}, {"1984-05-03", "1984-05-00", true},
        {"1984-05-03", "1984-06-00", false}, {"1984-05-03", "1984-00-00", true},
        {"1984-05-00", "1984-00-00", true},  {"1984-00-00", "1985-00-00", false},
        {"1984-12-31", "1984-01-01", true},  {"1984-12-31", "1985-01-01", false},
        {"1984-12-31", "1984-00-00", true},  {"1984-01-01", "1984-05-00", true},
        {"1984-12-31", "1984-05-03", false}, {"1984-01-01", "1984-05-03", false},
        {"1984-05-01", "1984-05-00", true},  {"", "", false},
        {"1984-13-01", "1984-13-01", false}, {"1984-02-30", "1984-02-30", false},
    };
    for (const auto& each : cases) {
        INFO(each.a << " and " << each.b);
        CHECK(birth_dates::compatible(each.a, each.b) == each.same);
        CHECK(birth_dates::compatible(each.b, each.a) == each.same);
    }
}

TEST_CASE("the precision of a birth date is what it says", "[birth_date]") {
    using model::birth_precision;
    CHECK(birth_dates::precision("1984-05-03") == birth_precision::day);
    CHECK(birth_dates::precision("1984-05-00") == birth_precision::month);
    CHECK(birth_dates::precision("1984-00-00") == birth_precision::year);
    CHECK(!birth_dates::precision("1984-00-03"));
    CHECK(!birth_dates::precision("84-05-03"));
    CHECK(birth_dates::name(birth_precision::month) == "month");
    CHECK(birth_dates::display("1984-05-00") == "00/05/1984");
    CHECK(birth_dates::display("odd") == "odd");
}
