// SPDX-License-Identifier: EUPL-1.2
#include "model/grouping/burst.hpp"

#include "model/grouping/tail.hpp"

#include <algorithm>
#include <cmath>

namespace relais::model::grouping {
namespace {

constexpr double national_prior = 30; // tickets; a national volume of less than that says little
constexpr int national_window = 12;   // hours at least: what moves the whole country moves it for half a day
constexpr double national_least = 0.5, national_most = 2;
constexpr std::int64_t fewest_tickets = 4;            // in a day: two people are not a burst
constexpr int settling = 2 * 24;                      // hours; what is new is not a burst of what was
constexpr int longest_burst = 4 * 24;                 // hours; what lasts longer is the rhythm from then on
constexpr int calm_wanted = 24;                       // hours
constexpr double calm_below = 24;                     // the evidence that hours like any other give, one for each beginning
constexpr double least_evidence_share = 0.3;          // of what is wanted of an incident with a ticket an hour or more
constexpr std::array<double, 2> burst_sizes = {3, 5}; // times the usual; what lies between and beyond is found as well

// How much likelier so many tickets are at `size` times what was expected (log of the ratio of two negative binomials).
double log_ratio(double tickets, double expected, double dispersion, double size) {
    return tickets * std::log(size) +
           (tickets + 1 / dispersion) * (std::log1p(dispersion * expected) - std::log1p(dispersion * expected * size));
}

} // namespace

std::vector<burst_alarm> burst_watch::close_hour(std::int64_t hour, std::span<const hour_count> counts) {
    const auto now = slot(hour, remembered);
    if (first_hour_ < 0) first_hour_ = hour;
    const auto watched_for = hour - first_hour_;
    if (watched_for > 0 && hour % week_hours == 0) forget_a_little();
    if (hour % 24 == 0) measure_usual_dispersions();
    for (auto& one : incidents_) one.recent[now] = 0;
    for (const auto& each : counts)
        if (each.tickets > 0) find(each.incident, hour).recent[now] += each.tickets;
    national_recent_[now] = national_expected_[now] = 0;
    const auto hour_of_week = static_cast<int>(slot(hour, week_hours));
    for (auto& one : incidents_) {
        one.expected[now] = one.has_stopped ? 0 : static_cast<float>(expectation(one, hour_of_week));
        one.unusual[now] = one.is_bursting;
        if (one.is_bursting) continue;
        national_recent_[now] += one.recent[now];
        national_expected_[now] += static_cast<double>(one.expected[now]);
    }
    auto raised = watched_for >= warm_up_hours / 2 ? judge_all(hour) : std::vector<burst_alarm>{};
    if (watched_for < options_.quiet_hours) raised.clear(); // but what bursts is not learned as usual
    if (watched_for >= learned_after) {
        for (auto& one : incidents_) {
            if (hour % 24 == 0 && is_to_stop(one, hour)) {
                forget(one);
                one.has_stopped = true;
            }
            const auto old_enough = hour - learned_after;
            if (!one.has_stopped && old_enough > std::max(one.since, one.learned_until))
                learn(one, old_enough), learn_spreads(one, old_enough);
        }
    }
    return raised;
}

std::vector<burst_alarm> burst_watch::judge_all(std::int64_t hour) {
    sum_national(hour);
    std::vector<burst_alarm> looked, raised;
    for (const auto& one : incidents_) looked.push_back(look(one, hour));
    const auto limit = false_share_limit(looked);
    for (std::size_t at = 0; at < incidents_.size(); ++at)
        if (judge(incidents_[at], looked[at], hour, limit)) raised.push_back(looked[at]);
    return raised;
}

burst_watch::watched& burst_watch::find(std::int64_t incident, std::int64_t hour) {
    const auto [found, is_new] = numbers_.emplace(incident, incidents_.size());
    if (is_new) incidents_.emplace_back().incident = incident;
    auto& one = incidents_[found->second];
    if (is_new || one.has_stopped) one.since = hour;
    one.has_stopped = false;
    return one;
}

void burst_watch::sum_national(std::int64_t hour) {
    double seen = 0, awaited = 0;
    for (int back = 0; back < longest_window; ++back) {
        seen += national_recent_[slot(hour - back, remembered)];
        awaited += national_expected_[slot(hour - back, remembered)];
        national_seen_[static_cast<std::size_t>(back)] = seen;
        national_awaited_[static_cast<std::size_t>(back)] = awaited;
    }
}

// How the national volume of the last 1, 2, ... hours goes beside what was expected, this incident left out.
burst_watch::by_window burst_watch::national_factors(const watched& one, std::int64_t hour) const {
    by_window factors{};
    double seen = national_prior, awaited = national_prior;
    for (int back = 0; back < longest_window; ++back) {
        const auto at = slot(hour - back, remembered);
        if (!one.unusual[at]) seen -= one.recent[at], awaited -= static_cast<double>(one.expected[at]);
        const auto sum = static_cast<std::size_t>(back);
        factors[sum] = std::clamp((national_seen_[sum] + seen) / (national_awaited_[sum] + awaited), national_least, national_most);
    }
    return factors;
}

// The evidence for a burst, over all the hours of the last day in which it may have begun (Shiryaev and Roberts), and the window that is
// least likely to be chance.
burst_alarm burst_watch::look(const watched& one, std::int64_t hour) const {
    burst_alarm found{one.incident, 0, 0, 0, 1, 0};
    std::int64_t in_all = 0;
    for (int back = 0; back < longest_window; ++back) in_all += one.recent[slot(hour - back, remembered)];
    if (in_all < fewest_tickets) return found;
    const auto factors = national_factors(one, hour), spreads = dispersions(one);
    double tickets = 0, expected = 0;
    double best_ratio = 0, best_dispersion = 0;
    for (int window = 1; window <= longest_window; ++window) {
        const auto at = slot(hour - window + 1, remembered);
        tickets += one.recent[at];
        expected += static_cast<double>(one.expected[at]);
        if (expected <= 0) continue;

        const auto scaled = expected * factors[static_cast<std::size_t>(std::max(window, national_window)) - 1];
        const auto dispersion = spreads[static_cast<std::size_t>(window) - 1];
        double ratio = 0;
        for (auto size : burst_sizes)
            ratio += std::exp(log_ratio(tickets, scaled, dispersion, size)) / static_cast<double>(burst_sizes.size());
        found.evidence += ratio;
        if (ratio <= best_ratio || static_cast<std::int64_t>(tickets) < fewest_tickets) continue;
        best_ratio = ratio;
        best_dispersion = dispersion;
        found.window_hours = window;
        found.tickets = static_cast<std::int64_t>(tickets);
        found.expected = scaled;
    }
    if (found.window_hours > 0 && found.evidence > longest_window)
        found.chance = chance_of_at_least(found.tickets, found.expected, best_dispersion);
    return found;
}

// Incidents of few tickets come by much evidence more rarely: a single ticket is a large step. Less is asked of them, so that every level
// has about the same rate of false alarms.
double burst_watch::evidence_wanted(const watched& one) const {
    const auto an_hour = one.exposure > 0 ? one.total / one.exposure / week_hours : 0;
    return options_.evidence_wanted * std::clamp(std::sqrt(an_hour), least_evidence_share, 1.0);
}

// Whether a burst begins.
bool burst_watch::judge(watched& one, const burst_alarm& found, std::int64_t hour, double chance_limit) {
    one.calm_hours = found.evidence > calm_below ? 0 : one.calm_hours + 1;
    if (one.is_bursting && one.calm_hours >= calm_wanted) one.is_bursting = false;
    const bool lasts = one.is_bursting && hour - one.burst_since >= longest_burst && one.calm_hours == 0;
    if (lasts || (hour - one.since == settling && hour - first_hour_ > settling)) {
        learn_anew(one, hour);
        return false;
    }
    if (one.is_bursting || hour - one.since < std::min<std::int64_t>(settling, hour - first_hour_) ||
        found.evidence < evidence_wanted(one) || found.chance > chance_limit)
        return false;
    one.is_bursting = true;
    one.burst_since = hour;
    for (int back = 0; back < found.window_hours; ++back) one.unusual[slot(hour - back, remembered)] = true;
    return true;
}

// Benjamini and Hochberg: the largest chance among those that lie under their share of the limit, in order.
double burst_watch::false_share_limit(const std::vector<burst_alarm>& looked) const {
    std::vector<double> chances;
    for (const auto& each : looked) chances.push_back(each.chance);
    std::sort(chances.begin(), chances.end());
    double limit = 0;
    for (std::size_t at = 0; at < chances.size(); ++at)
        if (chances[at] <= options_.false_share * static_cast<double>(at + 1) / static_cast<double>(chances.size())) limit = chances[at];
    return limit;
}

} // namespace relais::model::grouping
