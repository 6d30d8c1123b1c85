// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/clock.hpp"
#include "server/registry_journal.hpp"

#include <nlohmann/json.hpp>

#include <array>
#include <cstdint>
#include <mutex>
#include <optional>
#include <span>

namespace relais::server {

// What the registry did in the last hour, by minutes, and when it last answered and last failed. From any thread.
class registry_hour {
public:
    void add(std::span<const registry_sample> samples, model::sys_seconds now);
    // {found, not_found, several, unreadable, unavailable, cached: counts; bounds_ms, histogram: how many took so long, the last without a
    // bound; last_success_at, last_failure_at: seconds or null}
    nlohmann::json report(model::sys_seconds now) const;

private:
    static constexpr std::size_t minutes = 60;
    static constexpr std::array<std::int64_t, 18> bounds_ms = {1,   2,   5,   10,  15,  20,  30,  50,  75,
                                                               100, 150, 200, 300, 400, 500, 600, 700, 800};
    struct minute {
        std::int64_t number = -1; // since 1970
        std::int64_t cached = 0;
        std::array<std::int64_t, registry_outcomes> outcomes{};
        std::array<std::int64_t, bounds_ms.size() + 1> histogram{};
    };
    minute& at(std::int64_t number);

    mutable std::mutex mutex_;
    std::array<minute, minutes> minutes_;
    std::optional<model::sys_seconds> last_success_at_, last_failure_at_;
};

} // namespace relais::server
