// SPDX-License-Identifier: EUPL-1.2
// What is usual of each incident: its level, the shape of its week, and how far it strays from them.
#include "model/grouping/burst.hpp"

#include <algorithm>
#include <utility>

namespace relais::model::grouping {
namespace {

constexpr double kept_a_week = 0.9;      // what a week's counts weigh one week later: the rhythm follows slow changes
constexpr double prior_rhythm = 250;     // tickets; how much everybody's week counts in the shape of its own: hours of the week are many
constexpr double prior_spread = 300;     // squares of expected counts; the same for its dispersion
constexpr double first_dispersion = 0.1; // before anything is measured,
constexpr double first_spread = 30;      // counting as much as this, in squares of expected counts
constexpr double dispersion_limit = 3, least_dispersion = 1e-6;
constexpr double counted_variances = 9;   // as much of a square counts at most, so that an event not seen as a burst
constexpr double counted_always = 4;      // teaches little restlessness; and two tickets more or less count whole
constexpr double cut_off = 0.3;           // of the incidents at either end, by weight, when the usual dispersion is measured
constexpr double enough_for_an_hour = 8;  // tickets; an hour of the week with fewer is read with its neighbours
constexpr double awaited_of_stopped = 12; // tickets in four days, of which no more than
constexpr double share_of_stopped = 0.2;  // came: the incident has stopped

// A week's hour, with its neighbours where it has few tickets of its own.
template <typename Rhythm> double smoothed(const Rhythm& rhythm, int hour_of_week) {
    const auto at = [&](int hour) { return static_cast<double>(rhythm[static_cast<std::size_t>((hour + week_hours) % week_hours)]); };
    const auto own = at(hour_of_week);
    const auto around = own / 2 + (at(hour_of_week - 1) + at(hour_of_week + 1)) / 4;
    const auto trust = around / (around + enough_for_an_hour);
    return trust * own + (1 - trust) * around;
}

} // namespace

// In tickets: the level of the incident times the shape of its week.
double burst_watch::expectation(const watched& one, int hour_of_week) const {
    if (exposure_ <= 0 || national_total_ <= 0) return 0;
    const auto usual_level = national_total_ / exposure_;
    const auto level = (one.total + prior_tickets) / (one.exposure + prior_tickets / usual_level);
    const auto national_shape = (smoothed(national_rhythm_, hour_of_week) + 1) / (national_total_ + week_hours);
    return level * (smoothed(one.rhythm, hour_of_week) + prior_rhythm * national_shape) / (one.total + prior_rhythm);
}

double burst_watch::measured_dispersion(const watched& one, std::size_t window) const {
    const auto own = (one.spreads[window].excess + usual_dispersions_[window] * prior_spread) / (one.spreads[window].scale + prior_spread);
    return std::clamp(own, 0.0, dispersion_limit);
}

// Of the last 1, 2, ... hours. Hours that vary each by itself add up to a dispersion that falls as 1 / window, days that vary to one that
// stays: between two measured windows it is a line over 1 / window.
burst_watch::by_window burst_watch::dispersions(const watched& one) const {
    // The level itself is known only as well as its tickets tell it.
    const auto of_level = 1 / (one.total + prior_tickets);
    by_window found{};
    for (std::size_t at = 0; at + 1 < measured.size(); ++at) {
        const auto from = measured_dispersion(one, at), to = measured_dispersion(one, at + 1);
        const auto first = 1.0 / measured[at], last = 1.0 / measured[at + 1];
        for (int window = measured[at]; window <= measured[at + 1]; ++window) {
            const auto share = (first - 1.0 / window) / (first - last);
            found[static_cast<std::size_t>(window) - 1] = std::max(least_dispersion, from + (to - from) * share + of_level);
        }
    }
    return found;
}

// The middle of what the incidents tell, each weighed by how much it knows: the few whose level changed, or that burst unseen, would make
// everybody look restless.
void burst_watch::measure_usual_dispersions() {
    for (std::size_t window = 0; window < measured.size(); ++window) {
        std::vector<std::pair<double, double>> told; // dispersion, weight
        double weight = 0;
        for (const auto& one : incidents_) {
            const auto& each = one.spreads[window];
            if (each.scale > 0) told.emplace_back(each.excess / each.scale, each.scale), weight += each.scale;
        }
        std::sort(told.begin(), told.end());
        double seen = 0, excess = first_dispersion * first_spread, scale = first_spread;
        for (const auto& [dispersion, own] : told) {
            const auto inside = std::min(seen + own, weight * (1 - cut_off)) - std::max(seen, weight * cut_off);
            if (inside > 0) excess += dispersion * inside, scale += inside;
            seen += own;
        }
        usual_dispersions_[window] = std::max(0.0, excess / scale);
    }
}

// An hour old enough to be usual. Of a burst, what was expected is learned instead.
void burst_watch::learn(watched& one, std::int64_t hour) {
    const auto at = slot(hour, remembered);
    const auto tickets = one.unusual[at] ? one.expected[at] : static_cast<float>(one.recent[at]);
    const auto hour_of_week = slot(hour, week_hours);
    one.exposure += 1.0 / week_hours, exposure_ += 1.0 / week_hours;
    one.rhythm[hour_of_week] += tickets;
    one.total += static_cast<double>(tickets);
    national_rhythm_[hour_of_week] += static_cast<double>(tickets);
    national_total_ += static_cast<double>(tickets);
}

// How far it strays from what was expected, once that was known.
void burst_watch::learn_spreads(watched& one, std::int64_t hour) {
    if (hour - std::max(first_hour_, one.since) < warm_up_hours / 2) return;
    for (std::size_t window = 0; window < measured.size(); ++window)
        if ((hour + 1) % measured[window] == 0) learn_spread(one, hour, window);
}

void burst_watch::learn_spread(watched& one, std::int64_t hour, std::size_t window) {
    double tickets = 0, expected = 0;
    for (int back = 0; back < measured[window]; ++back) {
        const auto at = slot(hour - back, remembered);
        if (one.unusual[at]) return;
        tickets += one.recent[at];
        expected += static_cast<double>(one.expected[at]);
    }
    // The error of the level is counted apart: see dispersions().
    const auto of_chance = expected + expected * expected / (one.total + prior_tickets);
    const auto variance = of_chance + usual_dispersions_[window] * expected * expected;
    const auto square = std::min((tickets - expected) * (tickets - expected), counted_always + counted_variances * variance);
    one.spreads[window].excess += square - of_chance;
    one.spreads[window].scale += expected * expected;
}

// What the last days brought, the last one left out, which may be the beginning of a burst, is usual of it from this hour on.
void burst_watch::learn_anew(watched& one, std::int64_t hour) {
    forget(one);
    one.learned_until = hour - longest_window;
    for (auto each = std::max(hour - learned_after, one.since) + 1; each <= one.learned_until; ++each) learn(one, each);
    for (int back = 0; back < remembered; ++back) {
        const auto of_week = static_cast<int>(slot(hour - back, week_hours));
        one.expected[slot(hour - back, remembered)] = static_cast<float>(expectation(one, of_week));
    }
}

// Nothing is usual of it any more.
void burst_watch::forget(watched& one) {
    exposure_ -= one.exposure;
    one.is_bursting = false;
    one.total = one.exposure = 0;
    one.rhythm.fill(0);
    one.unusual.fill(false);
}

void burst_watch::forget_a_little() {
    exposure_ *= kept_a_week, national_total_ *= kept_a_week;
    for (auto& each : national_rhythm_) each *= kept_a_week;
    for (auto& one : incidents_) {
        one.total *= kept_a_week, one.exposure *= kept_a_week;
        for (auto& each : one.rhythm) each *= static_cast<float>(kept_a_week);
        for (auto& each : one.spreads) each.excess *= kept_a_week, each.scale *= kept_a_week;
    }
}

// What a fix ends is no rhythm any more: should it come back, it is new.
bool burst_watch::is_to_stop(const watched& one, std::int64_t hour) const {
    double seen = 0, awaited = 0;
    for (int back = 0; back < remembered && hour - back > one.since; ++back) {
        seen += one.recent[slot(hour - back, remembered)];
        awaited += static_cast<double>(one.expected[slot(hour - back, remembered)]);
    }
    return awaited >= awaited_of_stopped && seen < awaited * share_of_stopped;
}

} // namespace relais::model::grouping
