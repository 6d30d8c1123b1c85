// SPDX-License-Identifier: EUPL-1.2
#include "model/holidays.hpp"
#include "model/working_days.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace relais;
using namespace date::literals;
namespace holidays = model::holidays;
namespace working_days = model::working_days;

namespace {

date::year_month_day day_of(date::year year, std::string_view key, std::string_view department = {}) {
    for (const auto& each : holidays::of(year, department)) {
        if (each.key == key) return each.day;
    }
    return {};
}

} // namespace

TEST_CASE("Easter falls where the almanacs say", "[holidays]") {
    for (auto day : {31_d / 3 / 2024, 20_d / 4 / 2025, 5_d / 4 / 2026, 28_d / 3 / 2027, 16_d / 4 / 2028, 1_d / 4 / 2029, 21_d / 4 / 2030,
                     23_d / 3 / 2008, 25_d / 4 / 2038, 19_d / 4 / 1981}) {
        CHECK(holidays::easter(day.year()) == day);
    }
}

TEST_CASE("the feasts that move with Easter", "[holidays]") {
    struct {
        date::year year;
        date::month_day good_friday, easter_monday, ascension, whit_monday;
    } const cases[] = {
        {2025_y, 18_d / 4, 21_d / 4, 29_d / 5, 9_d / 6},
        {2026_y, 3_d / 4, 6_d / 4, 14_d / 5, 25_d / 5},
        {2027_y, 26_d / 3, 29_d / 3, 6_d / 5, 17_d / 5},
        {2028_y, 14_d / 4, 17_d / 4, 25_d / 5, 5_d / 6},
    };
    for (const auto& each : cases) {
        CHECK(day_of(each.year, "good_friday", "67") == each.year / each.good_friday);
        CHECK(day_of(each.year, "easter_monday") == each.year / each.easter_monday);
        CHECK(day_of(each.year, "ascension") == each.year / each.ascension);
        CHECK(day_of(each.year, "whit_monday") == each.year / each.whit_monday);
    }
}

TEST_CASE("eleven national holidays, and those of the citizen's department", "[holidays]") {
    CHECK(holidays::of(2026_y).size() == 11);
    CHECK(holidays::of(2026_y, "08").size() == 11);
    for (const char* alsace_moselle : {"57", "67", "68"}) CHECK(holidays::of(2026_y, alsace_moselle).size() == 13);
    const std::pair<const char*, date::month_day> abolition[] = {
        {"976", 27_d / 4}, {"972", 22_d / 5}, {"971", 27_d / 5},  {"978", 28_d / 5},
        {"973", 10_d / 6}, {"977", 9_d / 10}, {"974", 20_d / 12},
    };
    for (const auto& [department, day] : abolition) {
        INFO(department);
        CHECK(holidays::is_holiday(2026_y / day, department));
        CHECK(!holidays::is_holiday(2026_y / day));
        CHECK(holidays::of(2026_y, department).size() == 12);
    }
    CHECK(day_of(2017_y, "abolition", "978") == 27_d / 5 / 2017);
    CHECK(holidays::is_holiday(29_d / 6 / 2026, "987"));
    CHECK(holidays::is_holiday(24_d / 9 / 2026, "988"));
    CHECK(holidays::is_holiday(29_d / 7 / 2026, "986"));
    CHECK(!holidays::is_holiday(13_d / 7 / 2026));
}

TEST_CASE("working days leave out week-ends and holidays", "[working_days]") {
    using working_days::add;
    CHECK(add(13_d / 5 / 2026, 1) == 15_d / 5 / 2026); // Ascension
    CHECK(add(22_d / 5 / 2026, 1) == 26_d / 5 / 2026); // Whit Monday
    CHECK(add(20_d / 11 / 2026, 5) == 27_d / 11 / 2026);
    CHECK(add(24_d / 12 / 2026, 1) == 28_d / 12 / 2026);
    CHECK(add(31_d / 12 / 2026, 1) == 4_d / 1 / 2027);   // into another year
    CHECK(add(14_d / 11 / 2026, 0) == 16_d / 11 / 2026); // a Saturday
    CHECK(add(16_d / 11 / 2026, 0) == 16_d / 11 / 2026);
    CHECK(add(2_d / 4 / 2026, 1) == 3_d / 4 / 2026);
    CHECK(add(2_d / 4 / 2026, 1, "67") == 7_d / 4 / 2026); // Good Friday and Easter Monday
    CHECK(!working_days::is_working_day(1_d / 5 / 2026));
    CHECK(working_days::is_working_day(4_d / 5 / 2026));
}

TEST_CASE("counting working days undoes adding them", "[working_days]") {
    for (int n = 0; n <= 260; ++n) {
        const auto start = 16_d / 11 / 2026;
        CHECK(working_days::between(start, working_days::add(start, n)) == n);
    }
    CHECK(working_days::between(27_d / 11 / 2026, 20_d / 11 / 2026) == -5);
    CHECK(working_days::between(20_d / 11 / 2026, 22_d / 11 / 2026) == 0);
}

TEST_CASE("a day is a holiday when the list of its year says so, everywhere", "[holidays]") {
    for (const char* department : {"", "08", "57", "67", "971", "974", "976", "978", "986", "987", "988"})
        for (auto year : {2017_y, 2024_y, 2027_y}) {
            const auto listed = holidays::of(year, department);
            const auto count = [&](date::year_month_day day) {
                return std::count_if(listed.begin(), listed.end(), [day](const auto& each) { return each.day == day; });
            };
            for (auto day = date::sys_days{year / 1 / 1}; day <= date::sys_days{year / 12 / 31}; day += date::days{1})
                if (holidays::is_holiday(day, department) != (count(day) > 0)) FAIL_CHECK(department << " " << date::format("%F", day));
        }
}
