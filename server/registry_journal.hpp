// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <chrono>
#include <cstddef>
#include <mutex>
#include <utility>
#include <vector>

namespace relais::server {

// unreadable: the registry answered with something that is no dossier (a column of another type, an unknown status, a day to come).
enum class registry_outcome { found, not_found, several, unreadable, unavailable };
constexpr std::size_t registry_outcomes = 5;

// One look-up as the figures see it.
struct registry_sample {
    registry_outcome outcome = registry_outcome::unavailable;
    std::chrono::microseconds took{0};
    bool was_cached = false; // nobody was asked
};

// The look-ups since the figures were last published. From any thread, never waits for long; what nobody collects is bounded.
class registry_journal {
public:
    void note(const registry_sample& sample) {
        std::lock_guard lock(mutex_);
        if (samples_.size() < limit) samples_.push_back(sample);
    }
    std::vector<registry_sample> take() {
        std::lock_guard lock(mutex_);
        return std::exchange(samples_, {});
    }

private:
    static constexpr std::size_t limit = 10'000;
    std::mutex mutex_;
    std::vector<registry_sample> samples_;
};

} // namespace relais::server
