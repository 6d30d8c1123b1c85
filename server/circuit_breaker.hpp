// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <algorithm>
#include <chrono>
#include <deque>
#include <mutex>

namespace relais::server {

struct breaker_limits {
    int failures_in_a_row = 5;
    std::size_t window = 20; // half of them failed: open
    std::chrono::milliseconds probe_every{5000};
};

// Stops asking somebody who does not answer: open after some failures in a row or half of a window, then one probe now and then; the first
// that succeeds closes it. On the steady clock. Source: security.md R17
class circuit_breaker {
public:
    using steady = std::chrono::steady_clock;
    explicit circuit_breaker(breaker_limits limits) : limits_(limits) {}

    // May somebody ask now? Yes makes the asker the probe when it is open.
    bool allow(steady::time_point now) {
        std::lock_guard lock(mutex_);
        if (!open_) return true;
        if (now < probe_at_) return false;
        probe_at_ = now + limits_.probe_every;
        return true;
    }
    // Would allow() say yes?
    bool would_allow(steady::time_point now) const {
        std::lock_guard lock(mutex_);
        return !open_ || now >= probe_at_;
    }
    void record(bool success, steady::time_point now) {
        std::lock_guard lock(mutex_);
        if (success && open_) open_ = false, outcomes_.clear();
        in_a_row_ = success ? 0 : in_a_row_ + 1;
        outcomes_.push_back(success);
        if (outcomes_.size() > limits_.window) outcomes_.pop_front();
        if (open_) return;
        auto failed = static_cast<std::size_t>(std::count(outcomes_.begin(), outcomes_.end(), false));
        if (in_a_row_ < limits_.failures_in_a_row && (outcomes_.size() < limits_.window || failed * 2 < limits_.window)) return;
        open_ = true;
        probe_at_ = now + limits_.probe_every;
    }
    bool is_open() const {
        std::lock_guard lock(mutex_);
        return open_;
    }

private:
    const breaker_limits limits_;
    mutable std::mutex mutex_;
    bool open_ = false;
    int in_a_row_ = 0;
    std::deque<bool> outcomes_;
    steady::time_point probe_at_;
};

} // namespace relais::server
