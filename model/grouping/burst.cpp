// SPDX-License-Identifier: EUPL-1.2
#include "model/grouping/burst.hpp"

#include "model/grouping/tail.hpp"

#include <algorithm>
#include <cmath>
#include <unordered_map>

namespace relais::model::grouping {
namespace {

constexpr double kept_a_week = 0.85;     // what a week's counts weigh one week later: the rhythm follows slow changes
constexpr double prior_tickets = 0.5;    // how much the average incident counts in the level of one that has few tickets
constexpr double prior_rhythm = 60;      // the same, in tickets, for the shape of its week
constexpr double prior_spread = 30;      // the same for its dispersion, in squares of expected counts
constexpr double first_dispersion = 0.1; // before anything is measured
constexpr double dispersion_limit = 3;
constexpr double national_prior = 30; // tickets; a national volume of less than that says little
constexpr double national_least = 0.6, national_most = 1.7;
constexpr std::int64_t fewest_tickets = 4; // in a window: two people are not a burst
constexpr int calm_wanted = 24;            // hours
constexpr double calm_from = 0.05;         // the chance from which a day is calm

std::size_t slot(std::int64_t hour, int size) { return static_cast<std::size_t>(((hour % size) + size) % size); }

// A week's hour with half of its neighbours.
template <typename Rhythm> double smoothed(const Rhythm& rhythm, int hour_of_week) {
    const auto at = [&](int hour) { return static_cast<double>(rhythm[slot(hour, week_hours)]); };
    return at(hour_of_week) / 2 + (at(hour_of_week - 1) + at(hour_of_week + 1)) / 4;
}

} // namespace

std::vector<burst_alarm> burst_watch::close_hour(std::int64_t hour, std::span<const hour_count> counts) {
    const auto now = slot(hour, remembered);
    if (hour > 0 && hour % week_hours == 0) {
        exposure_ *= kept_a_week, national_total_ *= kept_a_week;
        for (auto& each : national_rhythm_) each *= kept_a_week;
        for (auto& one : incidents_) {
            one.total *= kept_a_week;
            for (auto& each : one.rhythm) each *= static_cast<float>(kept_a_week);
        }
    }
    for (auto& one : incidents_) one.recent[now] = 0;
    for (const auto& each : counts) find(each.incident).recent[now] += each.tickets;
    national_recent_[now] = national_expected_[now] = 0;
    const auto hour_of_week = static_cast<int>(slot(hour, week_hours));
    for (auto& one : incidents_) {
        one.expected[now] = static_cast<float>(expectation(one, hour_of_week));
        one.bursting[now] = one.is_bursting;
        if (one.is_bursting) continue;
        national_recent_[now] += one.recent[now];
        national_expected_[now] += static_cast<double>(one.expected[now]);
    }
    auto raised = hour >= warm_up_hours ? judge_all(hour) : std::vector<burst_alarm>{};
    if (hour >= learned_after) {
        exposure_ += 1.0 / week_hours;
        for (auto& one : incidents_) learn(one, hour - learned_after);
    }
    return raised;
}

burst_watch::watched& burst_watch::find(std::int64_t incident) {
    const auto [found, is_new] = numbers_.emplace(incident, incidents_.size());
    if (is_new) incidents_.emplace_back().incident = incident;
    return incidents_[found->second];
}

// In tickets: the level of the incident times the shape of its week.
double burst_watch::expectation(const watched& one, int hour_of_week) const {
    if (exposure_ <= 0 || national_total_ <= 0) return 0;
    const auto usual_level = national_total_ / static_cast<double>(incidents_.size()) / exposure_;
    const auto level = (one.total + prior_tickets) / (exposure_ + prior_tickets / usual_level);
    const auto national_shape = (smoothed(national_rhythm_, hour_of_week) + 1) / (national_total_ + week_hours);
    return level * (smoothed(one.rhythm, hour_of_week) + prior_rhythm * national_shape) / (one.total + prior_rhythm);
}

double burst_watch::dispersion(const watched& one, std::size_t window) const {
    const auto& all = national_spreads_[window];
    const auto usual = std::max(0.0, (all.excess + first_dispersion * prior_spread) / (all.scale + prior_spread));
    const auto own = (one.spreads[window].excess + usual * prior_spread) / (one.spreads[window].scale + prior_spread);
    // The level itself is known only as well as its tickets tell it.
    return std::clamp(own, 0.0, dispersion_limit) + 1 / (one.total + prior_tickets);
}

// How the national volume goes beside what was expected, this incident left out.
double burst_watch::national_factor(const watched& one, std::int64_t hour, int window) const {
    double seen = national_prior, expected = national_prior;
    for (int back = 0; back < window; ++back) {
        const auto at = slot(hour - back, remembered);
        seen += national_recent_[at] - (one.bursting[at] ? 0 : one.recent[at]);
        expected += national_expected_[at] - (one.bursting[at] ? 0 : static_cast<double>(one.expected[at]));
    }
    return std::clamp(seen / expected, national_least, national_most);
}

// The window that is least likely to be chance.
burst_alarm burst_watch::look(const watched& one, std::int64_t hour) const {
    burst_alarm least{one.incident, 0, 0, 0, 1};
    std::int64_t tickets = 0;
    double expected = 0;
    int summed = 0;
    for (std::size_t window = 0; window < windows.size(); ++window) {
        for (; summed < windows[window]; ++summed) {
            tickets += one.recent[slot(hour - summed, remembered)];
            expected += static_cast<double>(one.expected[slot(hour - summed, remembered)]);
        }
        if (tickets < fewest_tickets || static_cast<double>(tickets) <= expected) continue;
        const auto scaled = expected * national_factor(one, hour, windows[window]);
        const auto chance = chance_of_at_least(tickets, scaled, dispersion(one, window));
        if (chance < least.chance) least = {one.incident, windows[window], tickets, scaled, chance};
    }
    return least;
}

std::vector<burst_alarm> burst_watch::judge_all(std::int64_t hour) {
    std::vector<burst_alarm> looked;
    for (const auto& one : incidents_) looked.push_back(look(one, hour));
    const auto limit = std::min(options_.chance_limit, false_share_limit(looked));
    std::vector<burst_alarm> raised;
    for (std::size_t at = 0; at < incidents_.size(); ++at) {
        auto& one = incidents_[at];
        one.calm_hours = looked[at].chance < calm_from ? 0 : one.calm_hours + 1;
        if (one.is_bursting && one.calm_hours >= calm_wanted) one.is_bursting = false;
        if (one.is_bursting || looked[at].chance > limit) continue;
        one.is_bursting = true;
        for (int back = 0; back < looked[at].window_hours; ++back) one.bursting[slot(hour - back, remembered)] = true;
        raised.push_back(looked[at]);
    }
    return raised;
}

// Benjamini and Hochberg: the largest chance among those that lie under their share of the limit, in order.
double burst_watch::false_share_limit(const std::vector<burst_alarm>& looked) const {
    std::vector<double> chances;
    for (const auto& each : looked) chances.push_back(std::min(1.0, each.chance * static_cast<double>(windows.size())));
    std::sort(chances.begin(), chances.end());
    double limit = 0;
    for (std::size_t at = 0; at < chances.size(); ++at)
        if (chances[at] <= options_.false_share * static_cast<double>(at + 1) / static_cast<double>(chances.size())) limit = chances[at];
    return limit / static_cast<double>(windows.size());
}

// An hour old enough to be usual. Of a burst, what was expected is learned instead.
void burst_watch::learn(watched& one, std::int64_t hour) {
    const auto at = slot(hour, remembered);
    const auto tickets = one.bursting[at] ? one.expected[at] : static_cast<float>(one.recent[at]);
    const auto hour_of_week = slot(hour, week_hours);
    one.rhythm[hour_of_week] += tickets;
    one.total += static_cast<double>(tickets);
    national_rhythm_[hour_of_week] += static_cast<double>(tickets);
    national_total_ += static_cast<double>(tickets);
    if (hour < warm_up_hours / 2) return;
    // The hours of the window that ends here are still remembered, since learned_after plus the widest window is not more than that.
    for (std::size_t window = 0; window < windows.size(); ++window)
        if ((hour + 1) % windows[window] == 0 && windows[window] + learned_after <= remembered) learn_spread(one, hour, window);
}

void burst_watch::learn_spread(watched& one, std::int64_t hour, std::size_t window) {
    double tickets = 0, expected = 0;
    for (int back = 0; back < windows[window]; ++back) {
        const auto at = slot(hour - back, remembered);
        if (one.bursting[at]) return;
        tickets += one.recent[at];
        expected += static_cast<double>(one.expected[at]);
    }
    // The error of the level is counted apart: see dispersion().
    const auto excess = (tickets - expected) * (tickets - expected) - expected - expected * expected / (one.total + prior_tickets);
    for (auto* each : {&one.spreads[window], &national_spreads_[window]}) {
        each->excess += excess;
        each->scale += expected * expected;
    }
}

} // namespace relais::model::grouping
