// SPDX-License-Identifier: EUPL-1.2
#include "model/calendar.hpp"
#include "model/calendar_book.hpp"
#include "model/calendar_week.hpp"
#include "model/department.hpp"
#include "model/holidays.hpp"
#include "tests/support/temporary_database.hpp"

#include <catch2/catch.hpp>
#include <date/tz.h>

#include <algorithm>
#include <fstream>
#include <random>
#include <set>

using namespace relais;
using namespace relais::model;
using namespace std::chrono_literals;
using namespace date::literals;
using date::days;
using std::chrono::seconds;

namespace {

sys_seconds utc(date::year_month_day day, std::chrono::minutes clock = 0min) { return date::sys_days(day) + clock; }

calendar all_day(const std::string& zone) {
    calendar out;
    out.zone = zone, out.keeps_holidays = false;
    out.week.fill({{0h, 24h}});
    return out;
}

calendar office(const std::string& zone, const std::string& department = "") {
    calendar out;
    out.zone = zone, out.department = department;
    for (std::size_t day = 0; day < 5; ++day) out.week[day] = {{9h, 12h + 30min}, {13h + 30min, 17h}};
    out.week[5] = {{0h, 1h + 15min}, {22h, 24h}}; // touches midnight on both sides
    out.exceptions[date::local_days(2026_y / 12 / 24)] = {{10h, 11h}};
    out.exceptions[date::local_days(2026_y / 5 / 14)] = {{8h, 9h}}; // Ascension, and yet
    return out;
}

// The slow obvious model: looks at the clock on the wall, minute after minute, for two years.
class wall_clock {
public:
    explicit wall_clock(const calendar& of) : from_(utc(2025_y / 12 / 1)) {
        const auto* zone = date::locate_zone(of.zone);
        std::map<date::local_days, std::vector<opening>> known;
        open_before_.push_back(0);
        for (auto at = from_; at < utc(2027_y / 2 / 1); at += 60s) {
            auto local = zone->to_local(at);
            auto day = date::floor<days>(local);
            if (!known.contains(day)) known[day] = hours(of, day);
            const auto& hours = known[day];
            auto is_open =
                std::any_of(hours.begin(), hours.end(), [&](auto& each) { return local - day >= each.from && local - day < each.to; });
            open_before_.push_back(open_before_.back() + (is_open ? 1 : 0));
        }
    }
    std::int64_t minutes(sys_seconds from, sys_seconds to) const { return before(to) - before(from); }
    // The first minute by which so many open minutes have passed.
    sys_seconds after(sys_seconds from, std::int64_t amount) const {
        auto found = std::lower_bound(open_before_.begin(), open_before_.end(), before(from) + amount);
        return std::max(from, from_ + (found - open_before_.begin()) * 60s);
    }

private:
    static std::vector<opening> hours(const calendar& of, date::local_days day) {
        if (of.exceptions.contains(day)) return of.exceptions.at(day);
        for (const auto& each : holidays::of(date::year_month_day(day).year(), of.department))
            if (of.keeps_holidays && date::local_days(each.day) == day) return {};
        return of
            .week[(date::weekday(day) - date::Monday).count() >= 0 ? static_cast<std::size_t>((date::weekday(day) - date::Monday).count())
                                                                   : 0];
    }
    std::int64_t before(sys_seconds at) const { return open_before_.at(static_cast<std::size_t>((at - from_) / 60s)); }

    sys_seconds from_;
    std::vector<std::int64_t> open_before_;
};

} // namespace

TEST_CASE("business time agrees with a clock on the wall, minute by minute, over a year and both changes of hour", "[calendar]") {
    for (const auto& of : {office("Europe/Paris"), office("Europe/Paris", "67"), office("America/Miquelon", "975"),
                           office("Pacific/Noumea", "988"), all_day("Europe/Paris")}) {
        wall_clock slow(of);
        std::mt19937_64 random(7);
        auto minute = [&] { return utc(2026_y / 1 / 1) + static_cast<int>(random() % (365 * 24 * 60)) * 60s; };
        auto check = [&](sys_seconds from, sys_seconds to) {
            if (to < from) std::swap(from, to);
            REQUIRE(calendars::business_seconds_between(of, from, to) == slow.minutes(from, to) * 60s);
            REQUIRE(calendars::business_seconds_between(of, to, from) == -slow.minutes(from, to) * 60s);
        };
        for (int i = 0; i < 60; ++i) check(minute(), minute());
        for (auto change : {utc(2026_y / 3 / 29, 1h), utc(2026_y / 10 / 25, 1h), utc(2026_y / 3 / 8, 5h), utc(2026_y / 11 / 1, 4h)})
            for (int around = -120; around <= 120; around += 15) check(change + around * 60s, change + 26h);
        for (int i = 0; i < 200; ++i) {
            auto from = minute();
            auto amount = static_cast<std::int64_t>(random() % (3 * 24 * 60));
            auto found = calendars::add_business_time(of, from, amount * 60s);
            REQUIRE(found == slow.after(from, amount));
            REQUIRE(calendars::business_seconds_between(of, from, found) == amount * 60s);
        }
    }
}

TEST_CASE("a calendar that never opens is told, not waited for", "[calendar]") {
    calendar shut;
    CHECK_THROWS_AS(calendars::add_business_time(shut, utc(2026_y / 1 / 1), 1s), std::domain_error);
    CHECK(calendars::add_business_time(shut, utc(2026_y / 1 / 1), 0s) == utc(2026_y / 1 / 1));
    CHECK(calendars::business_seconds_between(shut, utc(2026_y / 1 / 1), utc(2027_y / 1 / 1)) == 0s);
}

TEST_CASE("hours in the hole of spring and in the hour that comes twice neither overlap nor leave a hole", "[calendar]") {
    auto split = all_day("Europe/Paris");
    split.week.fill({{0h, 2h + 30min}, {2h + 30min, 24h}});
    for (auto day : {date::local_days(2026_y / 3 / 29), date::local_days(2026_y / 10 / 25)}) {
        auto spans = calendars::open_on(split, day);
        REQUIRE(spans.size() == 2);
        CHECK(spans[0].to == spans[1].from);
        CHECK(spans[1].to - spans[0].from == (day == date::local_days(2026_y / 3 / 29) ? 23h : 25h));
    }
    auto gone = all_day("Europe/Paris");
    gone.week.fill({{2h, 3h}});
    CHECK(calendars::open_on(gone, date::local_days(2026_y / 3 / 29)).empty()); // nobody works in an hour that is not
    CHECK(calendars::open_on(gone, date::local_days(2026_y / 3 / 30)).size() == 1);
}

TEST_CASE("weeks follow ISO 8601, and last 167 and 169 hours when the hour changes", "[calendar]") {
    auto hours = [](calendar_week week) { return (calendar_weeks::span_of(week).to - calendar_weeks::span_of(week).from) / 1h; };
    CHECK(hours({2026, 13}) == 167);
    CHECK(hours({2026, 43}) == 169);
    CHECK(hours({2026, 44}) == 168);
    CHECK(calendar_weeks::parse("2026-W53") == calendar_week{2026, 53}); // 2026 has 53 weeks, 2025 and 2027 have 52
    CHECK_FALSE(calendar_weeks::parse("2025-W53"));
    CHECK_FALSE(calendar_weeks::parse("2027-W53"));
    for (auto wrong : {"2026-W00", "2026-W54", "2026-13", "26-W13", "2026-W1", "2026-w13", "2026-W-1", ""})
        CHECK_FALSE(calendar_weeks::parse(wrong));
    CHECK(calendar_weeks::of(utc(2027_y / 1 / 3, 22h + 59min)) == calendar_week{2026, 53});
    CHECK(calendar_weeks::of(utc(2027_y / 1 / 3, 23h)) == calendar_week{2027, 1}); // midnight in Paris
    CHECK(calendar_weeks::of_day(date::local_days(2028_y / 2 / 29)) == calendar_week{2028, 9});
    CHECK(calendar_weeks::next({2026, 53}) == calendar_week{2027, 1});
    CHECK(calendar_weeks::previous({2026, 1}) == calendar_week{2025, 52});
}

TEST_CASE("every day of forty years is in the week that holds its Thursday, and weeks follow each other", "[calendar]") {
    calendar_week before{};
    for (auto day = date::local_days(2000_y / 1 / 1); day < date::local_days(2040_y / 1 / 1); day += days(1)) {
        auto week = calendar_weeks::of_day(day);
        REQUIRE((day - calendar_weeks::monday(week)).count() >= 0);
        REQUIRE((day - calendar_weeks::monday(week)).count() < 7);
        REQUIRE(static_cast<int>(date::year_month_day(calendar_weeks::monday(week) + days(3)).year()) == week.year);
        REQUIRE(calendar_weeks::parse(calendar_weeks::text(week)) == week);
        if (before.year != 0 && week != before) REQUIRE(calendar_weeks::next(before) == week);
        before = week;
    }
}

TEST_CASE("the legal time of a person follows the department or the number", "[calendar]") {
    auto book = calendar_books::load("config/calendars.json");
    for (const auto& each : departments::all()) CHECK(calendar_books::zone_of_department(book, each.code) == each.zone);
    struct known {
        const char *number, *zone;
    };
    for (auto [number, zone] : {known{"+33639981234", "Europe/Paris"},
                                {"+262692123456", "Indian/Reunion"},
                                {"+262639123456", "Indian/Mayotte"},
                                {"+596696123456", "America/Martinique"},
                                {"+508411234", "America/Miquelon"},
                                {"+687123456", "Pacific/Noumea"},
                                {"+68940123456", "Pacific/Tahiti"},
                                {"+3225551234", "Europe/Brussels"},
                                {"+999123456789", "Europe/Paris"}})
        CHECK(calendar_books::zone_of_phone(book, number) == zone);
    CHECK(calendar_books::department_of_zone(book, "America/Martinique") == "972");
    CHECK(calendar_books::department_of_zone(book, "Europe/Paris").empty());
}

TEST_CASE("nobody is called in their night, on their Sunday or on their holiday, and somebody works then", "[calendar]") {
    auto book = calendar_books::load("config/calendars.json");
    for (const auto& where : book.zones) {
        auto department = calendar_books::department_of_zone(book, where.zone);
        const auto* zone = date::locate_zone(where.zone);
        sys_seconds ended_at{};
        auto found = calendar_books::callable(book, where.zone, department, utc(2026_y / 1 / 1), utc(2027_y / 1 / 1));
        REQUIRE_FALSE(found.empty()); // with the extended hours there is a way to everybody
        for (const auto& each : found) {
            REQUIRE(each.from < each.to);
            REQUIRE(each.from >= ended_at);
            ended_at = each.to;
            for (auto at : {each.from, each.to - 1s}) {
                auto local = zone->to_local(at);
                auto day = date::floor<days>(local);
                auto clock = local - day;
                REQUIRE(((clock >= 9h && clock < 12h + 30min) || (clock >= 13h + 30min && clock < 19h)));
                REQUIRE(date::weekday(day) != date::Sunday);
                REQUIRE_FALSE(holidays::is_holiday(date::year_month_day(day), department));
                REQUIRE((calendars::is_open(book.centre, at) || calendars::is_open(book.extended, at)));
                REQUIRE(calendar_books::is_decent(book, where.zone, department, at));
            }
        }
    }
}

TEST_CASE("the extended hours serve those for whom the centre's are the night, and nobody else", "[calendar]") {
    auto book = calendar_books::load("config/calendars.json");
    auto winter = utc(2026_y / 1 / 12), summer = utc(2026_y / 7 / 6);
    for (auto zone : {"Pacific/Noumea", "Pacific/Wallis", "Pacific/Tahiti", "Pacific/Marquesas", "Pacific/Gambier"}) {
        CHECK(calendar_books::needs_extended(book, zone, winter));
        CHECK(calendar_books::needs_extended(book, zone, summer));
    }
    for (auto zone : {"Europe/Paris", "America/Martinique", "America/Cayenne", "Indian/Reunion", "Indian/Mayotte", "America/Miquelon"}) {
        CHECK_FALSE(calendar_books::needs_extended(book, zone, winter));
        CHECK_FALSE(calendar_books::needs_extended(book, zone, summer));
    }
    book.extended = {};
    CHECK(calendar_books::callable(book, "Pacific/Wallis", "986", winter, winter + days(14)).empty());
}

TEST_CASE("a calendar file that is wrong is refused with what is wrong", "[calendar]") {
    tests::temporary_folder folder;
    auto load = [&](const std::string& centre, const std::string& zones = "[]") {
        std::ofstream(folder.path("c.json")) << R"({"centre": )" << centre
                                             << R"(, "citizen": {"hours": {"monday": ["09:00-12:00"]}}, "zones": )" << zones << "}";
        return calendar_books::load(folder.path("c.json"));
    };
    CHECK(load(R"({"hours": {"monday": ["09:00-24:00"]}})").centre.week[0] == std::vector<opening>{{9h, 24h}});
    for (auto wrong :
         {R"({"hours": {"lundi": ["09:00-12:00"]}})", R"({"hours": {"monday": ["9-12"]}})", R"({"hours": {"monday": ["12:00-09:00"]}})",
          R"({"hours": {"monday": ["09:00-12:00", "11:00-13:00"]}})", R"({"hours": {"monday": ["09:00-25:00"]}})", R"({"hours": {}})",
          R"({"zone": "Europe/Atlantis", "hours": {"monday": ["09:00-12:00"]}})", R"({"hours": {"monday": 3}})",
          R"({"hours": {"monday": ["09:00-12:00"]}, "exceptions": {"2026-02-30": []}})", R"({})", "[]"})
        CHECK_THROWS_WITH(load(wrong), Catch::Contains("calendars.json") || Catch::Contains("c.json"));
    CHECK_THROWS_AS(load(R"({"hours": {"monday": ["09:00-12:00"]}})", R"([{"zone": "Europe/Paris", "place": {"fr": "Paris"}}])"),
                    std::runtime_error);
    CHECK_THROWS_AS(calendar_books::load(folder.path("absent.json")), std::runtime_error);
}
