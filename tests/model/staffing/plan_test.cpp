// SPDX-License-Identifier: EUPL-1.2
#include "model/call.hpp"
#include "model/roster.hpp"
#include "model/sql.hpp"
#include "model/staffing/forecast.hpp"
#include "model/staffing/plan.hpp"
#include "tests/support/samples.hpp"
#include "tests/support/temporary_database.hpp"

#include <catch2/catch.hpp>
#include <date/date.h>

#include <cmath>
#include <numeric>
#include <random>

using namespace relais;
using namespace relais::model;
using namespace relais::model::staffing;
using tests::monday;

namespace {

// The planted pattern: two humps a day, a busy Monday, a calm Friday.
double planted(int weekday, std::size_t slot) {
    if (weekday > 4 || slot < 18 || slot >= 34) return 0;
    auto hump = [at = static_cast<double>(slot)](double middle) { return std::exp(-(at - middle) * (at - middle) / 8); };
    return (4 + 30 * hump(21) + 22 * hump(29)) * (1.4 - 0.15 * weekday);
}

std::vector<past_day> weeks_of(int weeks, unsigned seed) {
    std::mt19937 random(seed);
    std::vector<past_day> out;
    auto first = date::sys_days(date::year(2026) / 9 / 14);
    for (int day = 0; day < weeks * 7; ++day) {
        past_day one;
        one.date = date::format("%F", first + date::days(day)), one.weekday = day % 7;
        for (std::size_t slot = 0; slot < slots_a_day; ++slot)
            if (auto mean = planted(one.weekday, slot); mean > 0) one.calls[slot] = std::poisson_distribution<int>(mean)(random);
        out.push_back(one);
    }
    return out;
}

double volume(const day_volume& of) { return std::accumulate(of.begin(), of.end(), 0.0); }

} // namespace

TEST_CASE("the forecast of a planted weekly pattern is within 10 %", "[staffing]") {
    for (unsigned seed = 1; seed <= 20; ++seed) {
        auto expected = expected_week(weeks_of(10, seed), "2026-11-23");
        for (std::size_t weekday = 0; weekday < 5; ++weekday) {
            day_volume truth{};
            for (std::size_t slot = 0; slot < slots_a_day; ++slot) truth[slot] = planted(static_cast<int>(weekday), slot);
            INFO("seed " << seed << ", day " << weekday);
            CHECK(volume(expected[weekday]) == Approx(volume(truth)).epsilon(0.1));
            // The weighted error over the half hours of a day: each alone is as noisy as calls are.
            double off = 0;
            for (std::size_t slot = 0; slot < slots_a_day; ++slot) off += std::abs(expected[weekday][slot] - truth[slot]);
            CHECK(off / volume(truth) < 0.1);
        }
        CHECK(volume(expected[5]) == 0);
        CHECK(volume(expected[6]) == 0);
    }
}

TEST_CASE("holidays and days out of the ordinary teach nothing; growth is followed", "[staffing]") {
    auto days = weeks_of(10, 1);
    auto usual = volume(expected_week(days, "2026-11-23")[2]);
    for (auto& each : days)
        if (each.date == "2026-11-11") each.calls = {}, each.is_closed = true; // Wednesday, armistice
    CHECK(volume(expected_week(days, "2026-11-23")[2]) == Approx(usual).epsilon(0.1));
    for (auto& each : days)
        if (each.date == "2026-11-18") each.calls = {}, each.calls[20] = 3; // a strike
    CHECK(volume(expected_week(days, "2026-11-23")[2]) == Approx(usual).epsilon(0.1));
    for (auto& each : days)
        if (each.date >= "2026-10-26")
            for (auto& calls : each.calls) calls *= 2;
    auto grown = volume(expected_week(days, "2026-11-23")[0]), before = volume(expected_week(weeks_of(10, 1), "2026-11-23")[0]);
    CHECK(grown > before * 1.5); // nearer to the present than to the mean of the ten weeks
}

TEST_CASE("a week is planned from the calls, against the roster", "[staffing]") {
    tests::temporary_database database;
    auto now = monday + std::chrono::hours(24 * 4); // Friday
    database->write_now([&](soci::session& sql) {
        // Thirty calls of two minutes each half hour from 10 to 11 in Paris, every Monday of nine weeks.
        for (int week = 0; week < 9; ++week)
            for (int i = 0; i < 60; ++i) {
                call what;
                what.state = "ended", what.outcome = "answered";
                what.started_at_us = (seconds(monday) - week * 7 * 86'400 + i * 60) * 1'000'000;
                if (week >= 5) what.started_at_us -= 3'600'000'000; // summer time: ten o'clock all the same
                what.answered_at_us = what.started_at_us, what.ended_at_us = what.started_at_us + 120'000'000, what.wait_s = 0;
                calls::add(sql, what, {}, monday);
            }
        rosters::set(sql, {monday + std::chrono::hours(24 * 7), 4, {}}, now);
    });
    plan_options how;
    how.wrap_up_s = 60;
    auto plan = database->read_now([&](soci::session& sql) { return plan_week(sql, next_monday(now), how, now); });
    CHECK(plan.monday == "2026-11-30");
    CHECK(plan.handling_s == Approx(180));
    REQUIRE(plan.lines.size() == 2);
    CHECK(plan.lines[0].date == "2026-11-30");
    CHECK(plan.lines[0].hour == "10:00");
    CHECK(plan.lines[1].hour == "10:30");
    CHECK(plan.lines[0].calls == Approx(30).epsilon(0.01));
    // Three erlangs.
    CHECK(plan.lines[0].needed == agents_needed({30.0 / 1800, 180}, how.aim));
    CHECK(plan.lines[0].needed_patient >= plan.lines[0].needed);
    CHECK(plan.lines[0].planned == 4);
    CHECK(*plan.lines[0].reached > 0.5);
    CHECK_FALSE(plan.lines[1].planned);

    // Four planned, fewer needed: the others may make callbacks of five minutes.
    database->write_now([&](soci::session& sql) { set_callback_seats(sql, plan, how, {}, now); });
    auto lines =
        database->read_now([&](soci::session& sql) { return rosters::between(sql, monday, monday + std::chrono::hours(24 * 14)); });
    REQUIRE(lines.size() == 1);
    CHECK(lines[0].agents == 4);
    CHECK(lines[0].callback_seats == std::max(0, 4 - plan.lines[0].needed_for_calls) * 6);

    auto holiday = database->read_now([&](soci::session& sql) { return plan_week(sql, "2027-03-29", how, now); }); // Easter Monday
    CHECK(holiday.lines.empty());
}
