// SPDX-License-Identifier: EUPL-1.2
#include "server/clock_watch.hpp"

#include <algorithm>
#include <ctime>
#include <utility>

namespace relais::server {

bool clock_watch::is_trusted(model::sys_seconds now, running_time running) {
    auto passed = running - looked_;
    auto is_first = !believed_.has_value();
    auto expected = is_first ? now : *believed_ + passed;
    auto is_ahead = hold_.count() > 0 && now > expected + tolerance;
    auto jumped_again = now > seen_ + passed + tolerance;
    if (is_ahead && (!is_doubted_ || jumped_again)) doubted_since_ = running;
    auto was_doubted = std::exchange(is_doubted_, is_ahead && running - doubted_since_ < hold_);
    seen_ = now, looked_ = running;
    // A clock that drifts is followed slowly: many small jumps are one large one.
    believed_ = is_doubted_ ? expected : was_doubted ? now : std::min(now, expected + drift);
    return !is_doubted_;
}

clock_watch::running_time machine_running() {
    timespec out{};
    clock_gettime(CLOCK_BOOTTIME, &out);
    return std::chrono::seconds(out.tv_sec);
}

} // namespace relais::server
