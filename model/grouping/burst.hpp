// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

namespace relais::model::grouping {

constexpr int week_hours = 168;
constexpr int warm_up_hours = 4 * week_hours; // nothing is raised before the rhythms are known

struct burst_options {
    double false_share = 0.05; // of the alarms of one hour, at most (Benjamini and Hochberg's q)
    // How many times likelier the last hours must be in a burst than without one. The q above holds for one hour; an incident is looked at
    // 168 times a week, so q alone would raise several false alarms a week. Chosen on simulated weeks and on demonstrations that no test
    // reads (docs/decisions/0191-bursts-among-incidents-that-change.md) so that about four false alarms come in 1000 incident-weeks.
    double evidence_wanted = 35'000;
    int quiet_hours = warm_up_hours; // of the first weeks, which only teach the rhythms; half of it at least
};

// How many tickets an incident received in the hour that ends.
struct hour_count {
    std::int64_t incident = 0;
    int tickets = 0;
};

struct burst_alarm {
    std::int64_t incident = 0;
    int window_hours = 0;
    std::int64_t tickets = 0; // in the window
    double expected = 0;
    double chance = 0;   // of so many or more
    double evidence = 0; // for a burst that began within the last day, all beginnings together
};

// Watches the hours of all incidents. Each has its own weekly rhythm, learned from its hours (those of a burst left out) and from those of
// all incidents while it has few; expectations follow the national volume, so a Monday after a holiday is nobody's burst.
// One alarm a burst: the next needs a day of calm first. What is new settles for two days before it can burst, and a burst that lasts
// four is the rhythm from then on.
// Deterministic; memory grows with the number of incidents only.
class burst_watch {
public:
    explicit burst_watch(const burst_options& wanted = {}) : options_(wanted) {}

    // One hour ends. hour: 0 is a Monday 00:00, each call one more than the last; incidents without tickets may be left out.
    // Returns what begins to burst.
    std::vector<burst_alarm> close_hour(std::int64_t hour, std::span<const hour_count> counts);

private:
    static constexpr int longest_window = 24;                         // hours; a burst is to be found within a day
    static constexpr std::array<int, 5> measured = {1, 3, 6, 12, 24}; // windows whose dispersion is measured
    static constexpr int learned_after = 72;                          // hours; a burst has been seen by then, and is not learned as usual
    static constexpr int remembered = learned_after + longest_window; // hours kept as they are

    static constexpr double prior_tickets = 0.5; // how much the average incident counts in the level of one that has few tickets

    static std::size_t slot(std::int64_t hour, int size) { return static_cast<std::size_t>(((hour % size) + size) % size); }

    using by_window = std::array<double, longest_window>; // for the last 1, 2, ... hours

    struct spread {
        double excess = 0, scale = 0; // sums of (x - m)^2 - m and of m^2
    };
    struct watched {
        std::int64_t incident = 0;
        std::array<int, remembered> recent{};     // by hour modulo remembered
        std::array<bool, remembered> unusual{};   // the same hours: of a burst, so not learned
        std::array<float, remembered> expected{}; // the same, as expected at the time
        std::array<float, week_hours> rhythm{};   // decayed tickets by hour of the week
        double total = 0;                         // of rhythm
        double exposure = 0;                      // decayed weeks in which they were counted
        std::int64_t since = 0;                   // the hour of its first ticket, or of the first one after it had stopped
        std::int64_t learned_until = -1;          // the last hour known to be usual, when it was learned anew
        std::int64_t burst_since = 0;             // when it is bursting
        std::array<spread, measured.size()> spreads{};
        int calm_hours = 0;
        bool is_bursting = false;
        bool has_stopped = false; // until its next ticket
    };
    watched& find(std::int64_t incident, std::int64_t hour);
    double expectation(const watched& one, int hour_of_week) const;
    double measured_dispersion(const watched& one, std::size_t window) const;
    by_window dispersions(const watched& one) const;
    void forget_a_little();
    bool is_to_stop(const watched& one, std::int64_t hour) const;
    void forget(watched& one);
    void learn_anew(watched& one, std::int64_t hour);
    void learn(watched& one, std::int64_t hour);
    void learn_spreads(watched& one, std::int64_t hour);
    void measure_usual_dispersions();
    void learn_spread(watched& one, std::int64_t hour, std::size_t window);
    void sum_national(std::int64_t hour);
    by_window national_factors(const watched& one, std::int64_t hour) const;
    burst_alarm look(const watched& one, std::int64_t hour) const;
    std::vector<burst_alarm> judge_all(std::int64_t hour);
    double evidence_wanted(const watched& one) const;
    bool judge(watched& one, const burst_alarm& found, std::int64_t hour, double chance_limit);
    double false_share_limit(const std::vector<burst_alarm>& looked) const;

    burst_options options_;
    std::int64_t first_hour_ = -1; // none yet
    std::vector<watched> incidents_;
    std::unordered_map<std::int64_t, std::size_t> numbers_;
    std::array<double, week_hours> national_rhythm_{};
    double national_total_ = 0, exposure_ = 0; // decayed tickets, decayed weeks of all incidents together
    std::array<double, remembered> national_recent_{}, national_expected_{};
    by_window national_seen_{}, national_awaited_{};          // of the last 1, 2, ... hours
    std::array<double, measured.size()> usual_dispersions_{}; // of the middle of the incidents, measured each day
};

} // namespace relais::model::grouping
