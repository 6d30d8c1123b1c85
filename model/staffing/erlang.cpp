// SPDX-License-Identifier: EUPL-1.2
#include "model/staffing/erlang.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace relais::model::staffing {

namespace {

// The virtual wait of the Palm/Erlang-A queue: how long somebody who never hangs up would wait. Its density is
// rate * exp(rate * (1 - exp(-theta x)) / theta - agents * mu * x) / whole, beside the chance of not waiting at all.
class virtual_wait {
public:
    virtual_wait(int agents, const load& offered, double mean_patience_s)
        : rate_(offered.calls_per_s), capacity_(agents / offered.mean_service_s), theta_(1 / mean_patience_s) {
        // The exponent is greatest where the queue neither grows nor shrinks: everything is measured from there, or it overflows.
        highest_ = exponent(std::max(0.0, std::log(rate_ / capacity_) / theta_));
        auto busy = 1.0; // the states without a wait, over the last of them
        for (int i = 1; i < agents; ++i) busy = 1 + i / offered.erlangs() * busy;
        free_ = busy * std::exp(-highest_);
        waiting_ = integral(0, false);
        whole_ = free_ + rate_ * waiting_;
    }

    double positive() const { return rate_ * waiting_ / whole_; }
    // Beyond t, whether or not the patience lasted so long.
    double beyond(double t) const { return rate_ * integral(t, false) / whole_; }
    // Answered after t: the patience lasted until then.
    double answered_beyond(double t) const { return rate_ * integral(t, true) / whole_; }

private:
    double exponent(double x) const { return rate_ * -std::expm1(-theta_ * x) / theta_ - capacity_ * x; }

    // Simpson's rule from t to where nothing is left.
    double integral(double t, bool with_patience) const {
        constexpr int steps = 4000; // even
        constexpr double nothing = 40;
        auto end = t + 1 / capacity_;
        while (exponent(end) - highest_ > -nothing || end < t) end += std::max(end - t, 1 / capacity_);
        auto step = (end - t) / steps;
        auto value = [&](double x) { return std::exp(exponent(x) - highest_ - (with_patience ? theta_ * x : 0)); };
        auto sum = value(t) + value(end);
        for (int i = 1; i < steps; ++i) sum += value(t + i * step) * (i % 2 == 1 ? 4 : 2);
        return sum * step / 3;
    }

    double rate_, capacity_, theta_, highest_ = 0, free_ = 0, waiting_ = 0, whole_ = 0;
};

bool has_calls(const load& offered) { return offered.calls_per_s > 0 && offered.mean_service_s > 0; }

bool reaches(int agents, const load& offered, const target& aim) {
    auto lived =
        aim.mean_patience_s > 0 ? erlang_a(agents, offered, aim.mean_patience_s, aim.within_s) : erlang_c(agents, offered, aim.within_s);
    return lived.answered_in_time >= aim.share && lived.abandoned <= aim.abandoned_at_most;
}

} // namespace

double erlang_b(int lines, double erlangs) {
    auto out = 1.0;
    for (int i = 1; i <= lines; ++i) out = erlangs * out / (i + erlangs * out);
    return out;
}

service erlang_c(int agents, const load& offered, double within_s) {
    service out;
    auto erlangs = offered.erlangs();
    if (!has_calls(offered)) return {0, 0, 1, 0, 0};
    if (erlangs >= agents) return {1, std::numeric_limits<double>::infinity(), 0, 0, 1};
    auto blocked = erlang_b(agents, erlangs);
    out.occupancy = erlangs / agents;
    out.wait_probability = blocked / (1 - out.occupancy * (1 - blocked));
    auto drain_per_s = (agents - erlangs) / offered.mean_service_s;
    out.mean_wait_s = out.wait_probability / drain_per_s;
    out.answered_in_time = 1 - out.wait_probability * std::exp(-drain_per_s * within_s);
    return out;
}

service erlang_a(int agents, const load& offered, double mean_patience_s, double within_s) {
    if (!has_calls(offered)) return {0, 0, 1, 0, 0};
    virtual_wait wait(agents, offered, mean_patience_s);
    service out;
    out.wait_probability = wait.positive();
    out.abandoned = std::max(0.0, wait.positive() - wait.answered_beyond(0));
    out.mean_wait_s = out.abandoned * mean_patience_s; // as many leave as patience runs out
    out.answered_in_time = 1 - out.abandoned - wait.answered_beyond(within_s);
    out.occupancy = std::min(1.0, offered.erlangs() * (1 - out.abandoned) / agents);
    return out;
}

double erlang_a_waits_beyond(int agents, const load& offered, double mean_patience_s, double t_s) {
    return virtual_wait(agents, offered, mean_patience_s).beyond(t_s) * std::exp(-t_s / mean_patience_s);
}

int agents_needed(const load& offered, const target& aim) {
    if (!has_calls(offered)) return 0;
    int low = 0, high = 1;
    while (high < agents_limit && !reaches(high, offered, aim)) low = high, high = std::min(agents_limit, high * 2);
    while (high - low > 1) { // more agents never make it worse
        auto middle = low + (high - low) / 2;
        (reaches(middle, offered, aim) ? high : low) = middle;
    }
    return high;
}

} // namespace relais::model::staffing
