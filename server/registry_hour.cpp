// SPDX-License-Identifier: EUPL-1.2
#include "server/registry_hour.hpp"

#include "server/registry.hpp"

#include <algorithm>

namespace relais::server {

namespace {

std::int64_t minute_of(model::sys_seconds at) { return model::seconds(at) / 60; }

nlohmann::json moment(const std::optional<model::sys_seconds>& at) { return at ? nlohmann::json(model::seconds(*at)) : nlohmann::json(); }

} // namespace

registry_hour::minute& registry_hour::at(std::int64_t number) {
    auto& out = minutes_[static_cast<std::size_t>(number) % minutes];
    if (out.number != number) out = {}, out.number = number;
    return out;
}

void registry_hour::add(std::span<const registry_sample> samples, model::sys_seconds now) {
    std::lock_guard lock(mutex_);
    auto& here = at(minute_of(now));
    for (const auto& each : samples) {
        if (each.was_cached) {
            ++here.cached;
            continue;
        }
        ++here.outcomes[static_cast<std::size_t>(each.outcome)];
        auto is_failure = each.outcome == registry_outcome::unavailable;
        (is_failure ? last_failure_at_ : last_success_at_) = now;
        if (is_failure) continue; // it ended at our limit: its time says nothing of the registry
        auto took_ms = std::chrono::ceil<std::chrono::milliseconds>(each.took).count();
        ++here.histogram[static_cast<std::size_t>(std::lower_bound(bounds_ms.begin(), bounds_ms.end(), took_ms) - bounds_ms.begin())];
    }
}

nlohmann::json registry_hour::report(model::sys_seconds now) const {
    std::lock_guard lock(mutex_);
    minute whole;
    for (const auto& each : minutes_) {
        if (each.number < 0 || each.number <= minute_of(now) - static_cast<std::int64_t>(minutes)) continue;
        whole.cached += each.cached;
        for (std::size_t i = 0; i < whole.outcomes.size(); ++i) whole.outcomes[i] += each.outcomes[i];
        for (std::size_t i = 0; i < whole.histogram.size(); ++i) whole.histogram[i] += each.histogram[i];
    }
    nlohmann::json out = {{"cached", whole.cached},
                          {"bounds_ms", bounds_ms},
                          {"histogram", whole.histogram},
                          {"last_success_at", moment(last_success_at_)},
                          {"last_failure_at", moment(last_failure_at_)}};
    for (std::size_t i = 0; i < registry_outcomes; ++i) out[word(static_cast<registry_outcome>(i))] = whole.outcomes[i];
    return out;
}

} // namespace relais::server
