// SPDX-License-Identifier: EUPL-1.2
#include "model/staffing/erlang.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace relais::model::staffing;

namespace {

// As a table prints it.
double printed(double value, int decimals) {
    auto scale = std::pow(10.0, decimals);
    return std::round(value * scale) / scale;
}

} // namespace

TEST_CASE("Erlang C agrees with published tables to the printed digits", "[staffing]") {
    // Call Centre Helper, "Erlang C formula made simple": 100 calls in half an hour, 180 s each, answered within 20 s.
    struct row {
        int agents;
        double wait_percent, level_percent, mean_wait_s, occupancy_percent;
    };
    load offered{100.0 / 1800, 180};
    CHECK(offered.erlangs() == Approx(10));
    for (const auto& each : {row{11, 68.2, 39.0, 122.8, 90.9}, row{12, 44.9, 64.0, 40.4, 83.3}, row{13, 28.5, 79.6, 17.1, 76.9},
                             row{14, 17.4, 88.8, 7.8, 71.4}}) {
        INFO(each.agents << " agents");
        auto lived = erlang_c(each.agents, offered, 20);
        CHECK(printed(lived.wait_probability * 100, 1) == each.wait_percent);
        CHECK(printed(lived.answered_in_time * 100, 1) == each.level_percent);
        CHECK(printed(lived.mean_wait_s, 1) == each.mean_wait_s);
        CHECK(printed(lived.occupancy * 100, 1) == each.occupancy_percent);
    }
    // Mitan, "The Erlang-C formula": 360 calls in half an hour, 240 s each, 55 agents, within 15 s.
    auto mitan = erlang_c(55, {360.0 / 1800, 240}, 15);
    CHECK(printed(mitan.wait_probability * 100, 1) == 23.9);
    CHECK(printed(mitan.mean_wait_s, 1) == 8.2);
    CHECK(printed(mitan.occupancy * 100, 0) == 87);
    // The manual of the R package queueing prints seven digits of Erlang B for two servers.
    CHECK(printed(erlang_b(2, 0.5 / 0.7), 7) == 0.1295337);
}

TEST_CASE("Erlang A agrees with published figures to the printed digits", "[staffing]") {
    // What pyworkforce prints of the same calls as above with a patience of five minutes: its tests for 14 agents, its guide for 13.
    load offered{100.0 / 1800, 180};
    auto fourteen = erlang_a(14, offered, 300, 20);
    CHECK(printed(fourteen.wait_probability, 5) == 0.14526);
    CHECK(printed(fourteen.abandoned, 6) == 0.013984);
    CHECK(printed(fourteen.occupancy, 6) == 0.704297);
    CHECK(printed(fourteen.mean_wait_s / 60, 6) == 0.069919);
    CHECK(printed(fourteen.answered_in_time, 6) == 0.916792);
    auto thirteen = erlang_a(13, offered, 300, 20);
    CHECK(printed(thirteen.wait_probability, 3) == 0.226);
    CHECK(printed(thirteen.abandoned, 3) == 0.025);
    CHECK(printed(thirteen.occupancy, 3) == 0.750);
    CHECK(printed(thirteen.mean_wait_s / 60, 3) == 0.125);
    CHECK(printed(thirteen.answered_in_time, 3) == 0.858);
    CHECK(agents_needed(offered, {0.8, 20, 300, 0.05}) == 13);
    CHECK(erlang_a_waits_beyond(14, offered, 300, 0) == Approx(fourteen.wait_probability));
    CHECK(erlang_a_waits_beyond(14, offered, 300, 60) < erlang_a_waits_beyond(14, offered, 300, 20));
}

TEST_CASE("Erlang A agrees with the balance of its states", "[staffing]") {
    // The stationary probabilities of "so many calls are here", summed one by one: slow and obvious.
    for (const auto& [agents, calls_per_minute, patience_s] :
         {std::tuple{3, 2.0, 60.0}, {10, 4.0, 180.0}, {10, 2.0, 30.0}, {40, 30.0, 120.0}}) {
        load offered{calls_per_minute / 60, 240};
        double weight = 1, whole = 0, waits = 0, queue = 0;
        for (int here = 0; here < 20'000; ++here) {
            whole += weight;
            if (here >= agents) waits += weight, queue += (here - agents) * weight;
            auto leave = std::min(here + 1, agents) / offered.mean_service_s + std::max(0, here + 1 - agents) / patience_s;
            weight *= offered.calls_per_s / leave;
            if (whole > 1e200) whole /= 1e200, waits /= 1e200, queue /= 1e200, weight /= 1e200;
        }
        INFO(agents << " agents, " << calls_per_minute << " calls a minute");
        auto lived = erlang_a(agents, offered, patience_s, 60);
        CHECK(lived.wait_probability == Approx(waits / whole).epsilon(1e-6));
        CHECK(lived.abandoned == Approx(queue / whole / patience_s / offered.calls_per_s).epsilon(1e-6).margin(1e-9));
    }
}

TEST_CASE("patience without end is Erlang C", "[staffing]") {
    load offered{100.0 / 1800, 180};
    auto c = erlang_c(13, offered, 20);
    auto a = erlang_a(13, offered, 1e7, 20);
    CHECK(a.wait_probability == Approx(c.wait_probability).epsilon(1e-4));
    CHECK(a.answered_in_time == Approx(c.answered_in_time).epsilon(1e-4));
    CHECK(a.mean_wait_s == Approx(c.mean_wait_s).epsilon(1e-3));
}

TEST_CASE("the fewest agents that reach the target, and not one fewer", "[staffing]") {
    load offered{100.0 / 1800, 180};
    CHECK(agents_needed(offered, {0.8, 20, 0, 1}) == 14); // the table above: 13 agents answer 79.6 % in time
    for (double calls : {1.0, 7.0, 60.0, 400.0, 2500.0})
        for (const auto& aim : {target{0.8, 60, 180, 0.1}, target{0.9, 20, 0, 1}, target{0.8, 20, 60, 0.03}}) {
            load busy{calls / 1800, 300};
            auto needed = agents_needed(busy, aim);
            auto lives = [&](int agents) {
                return aim.mean_patience_s > 0 ? erlang_a(agents, busy, aim.mean_patience_s, aim.within_s)
                                               : erlang_c(agents, busy, aim.within_s);
            };
            CHECK(lives(needed).answered_in_time >= aim.share);
            CHECK(lives(needed).abandoned <= aim.abandoned_at_most);
            if (needed > 1) CHECK((lives(needed - 1).answered_in_time < aim.share || lives(needed - 1).abandoned > aim.abandoned_at_most));
        }
    CHECK(agents_needed({0, 300}, {}) == 0);
    CHECK(erlang_c(9, offered, 20).answered_in_time == 0); // fewer agents than erlangs: the queue grows for ever
    CHECK(erlang_a(9, offered, 120, 20).abandoned > 0.1);  // unless people hang up
}
