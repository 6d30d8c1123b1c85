// SPDX-License-Identifier: EUPL-1.2
#include "model/grouping/burst.hpp"
#include "tests/model/grouping/burst_bound.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <random>

using namespace relais;
using namespace relais::model::grouping;

namespace {

// Simulated weeks: incidents with a level and a rhythm of their own, hours that vary more than chance, days that move the whole country,
// and for half of the incidents one burst of a day or two.
struct simulated_incident {
    double level = 0; // tickets an hour
    double late = 0;  // hours by which its day is later than the others'
    int burst_from = 0, burst_until = 0, burst_size = 1;
    double first_day = 0; // what to expect of it without the burst, all chances of its hours but the tickets' own known
};

struct tally {
    int planted[2] = {}, found[2] = {}; // bursts of size 3, of size 5
    double findable[2] = {};            // by a detector that is told everything: burst_bound.hpp
    int false_alarms = 0;
    double incident_weeks = 0;
};

constexpr double false_allowed = 5.0 / 1000; // in a week of an incident
constexpr int weeks = 12, hours = weeks * week_hours;

double rhythm(const simulated_incident& one, int hour) {
    const auto day = hour / 24 % 7, of_day = hour % 24;
    const auto away = (of_day - 11.5 - one.late) / 4;
    return (day < 5 ? 1 : 0.35) * (0.2 + 2.4 * std::exp(-away * away / 2));
}

tally simulate(unsigned seed, int count, double usual_level, double hour_dispersion) {
    std::mt19937_64 random(seed);
    std::normal_distribution<> bell;
    const auto chance = [&] { return std::uniform_real_distribution<>(0, 1)(random); };
    std::vector<simulated_incident> incidents(static_cast<std::size_t>(count));
    tally all;
    for (auto& one : incidents) {
        one.level = usual_level * std::exp(0.5 * bell(random));
        one.late = bell(random);
        if (chance() < 0.5) continue;
        one.burst_size = chance() < 0.5 ? 3 : 5;
        one.burst_from = warm_up_hours + static_cast<int>(chance() * (hours - warm_up_hours - 3 * 24));
        one.burst_until = one.burst_from + (chance() < 0.5 ? 24 : 48);
        ++all.planted[one.burst_size == 5];
    }
    burst_watch watch;
    std::vector<bool> found(incidents.size());
    double country = 1;
    for (int hour = 0; hour < hours; ++hour) {
        if (hour % 24 == 0) country = std::exp(0.15 * bell(random));
        std::vector<hour_count> counts;
        for (std::size_t at = 0; at < incidents.size(); ++at) {
            auto& one = incidents[at];
            auto expected = one.level * rhythm(one, hour) * country;
            if (hour >= one.burst_from && hour < one.burst_until) expected *= one.burst_size;
            if (hour_dispersion > 0) expected = std::gamma_distribution<>(1 / hour_dispersion, expected * hour_dispersion)(random);
            if (hour >= one.burst_from && hour < std::min(one.burst_until, one.burst_from + 24)) one.first_day += expected / one.burst_size;
            counts.push_back({static_cast<std::int64_t>(at), std::poisson_distribution<>(std::max(expected, 1e-9))(random)});
        }
        for (const auto& alarm : watch.close_hour(hour, counts)) {
            const auto at = static_cast<std::size_t>(alarm.incident);
            const auto& one = incidents[at];
            const bool is_of_burst = one.burst_size > 1 && hour >= one.burst_from && hour < one.burst_until;
            if (is_of_burst && hour < one.burst_from + 24) found[at] = true;
            all.false_alarms += !is_of_burst;
        }
    }
    for (std::size_t at = 0; at < incidents.size(); ++at) {
        const auto& one = incidents[at];
        if (found[at]) ++all.found[one.burst_size == 5];
        if (one.burst_size > 1) all.findable[one.burst_size == 5] += tests::most_found(one.first_day, one.burst_size, false_allowed);
    }
    all.incident_weeks = count * (weeks - warm_up_hours / week_hours);
    return all;
}

tally simulate_all(int count, double usual_level, double hour_dispersion) {
    tally sum;
    for (unsigned seed = 1; seed <= 6; ++seed) {
        const auto one = simulate(seed, count, usual_level, hour_dispersion);
        for (int size : {0, 1})
            sum.planted[size] += one.planted[size], sum.found[size] += one.found[size], sum.findable[size] += one.findable[size];
        sum.false_alarms += one.false_alarms;
        sum.incident_weeks += one.incident_weeks;
    }
    const auto share = [&](int size) { return static_cast<double>(sum.found[size]) / sum.planted[size]; };
    const auto most = [&](int size) { return sum.findable[size] / sum.planted[size]; };
    WARN("bursts of 3 times found " << share(0) << " (findable " << most(0) << "), of 5 times " << share(1) << " (findable " << most(1)
                                    << "), false alarms in 1000 incident-weeks " << sum.false_alarms * 1000 / sum.incident_weeks);
    return sum;
}

} // namespace

TEST_CASE("planted bursts are found within a day, and few that were not planted", "[grouping][bursts]") {
    const auto all = simulate_all(60, 1, 0.1);
    CHECK(all.found[1] >= 0.95 * all.planted[1]);
    CHECK(all.found[0] >= 0.6 * all.planted[0]);
    CHECK(all.false_alarms * 1000 <= 5 * all.incident_weeks);
}

TEST_CASE("among incidents of few tickets the large bursts are found, and few that were not planted", "[grouping][bursts]") {
    const auto all = simulate_all(60, 0.25, 0.1);
    CHECK(all.found[1] >= 0.6 * all.planted[1]);
    CHECK(all.found[0] >= 0.15 * all.planted[0]);
    CHECK(all.found[0] <= all.findable[0]); // else the bound is none
    CHECK(all.false_alarms * 1000 <= 5 * all.incident_weeks);
}

TEST_CASE("a holiday, and the rush after it, are nobody's burst", "[grouping][bursts]") {
    burst_watch watch;
    std::mt19937_64 random(5);
    std::size_t raised = 0;
    for (int hour = 0; hour < 8 * week_hours; ++hour) {
        const auto day = hour / 24;
        const auto country = day == 42 ? 0.2 : day == 43 ? 1.8 : 1;
        std::vector<hour_count> counts;
        for (std::int64_t one = 0; one < 40; ++one)
            counts.push_back({one, std::poisson_distribution<>(0.5 * country * rhythm({}, hour))(random)});
        raised += watch.close_hour(hour, counts).size();
    }
    CHECK(raised == 0);
}

TEST_CASE("one alarm a burst, and none while the rhythm is unknown", "[grouping][bursts]") {
    burst_watch watch;
    std::vector<std::int64_t> raised;
    constexpr std::int64_t first = 500'016; // a Monday of 2027: the first hour seen need not be 0
    for (std::int64_t hour = 0; hour < 7 * week_hours; ++hour) {
        const bool is_bursting = (hour >= 300 && hour < 348) || (hour >= 900 && hour < 972);
        const std::vector<hour_count> counts = {{1, is_bursting ? 6 : static_cast<int>(hour % 2)}, {2, static_cast<int>(hour % 3 == 0)}};
        for (const auto& each : watch.close_hour(first + hour, counts)) {
            CHECK(each.incident == 1);
            CHECK(each.evidence > 1000);
            CHECK(each.chance < 0.001);
            raised.push_back(hour);
        }
    }
    REQUIRE(raised.size() == 1);
    CHECK(raised[0] >= 900);
    CHECK(raised[0] < 906);
}

TEST_CASE("the same hours give the same alarms", "[grouping][bursts]") {
    const auto one = simulate(9, 20, 0.5, 0.2), other = simulate(9, 20, 0.5, 0.2);
    CHECK(one.false_alarms == other.false_alarms);
    CHECK(one.found[0] == other.found[0]);
    CHECK(one.found[1] == other.found[1]);
}
