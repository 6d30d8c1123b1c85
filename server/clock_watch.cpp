// SPDX-License-Identifier: EUPL-1.2
#include "server/clock_watch.hpp"

#include <ctime>

namespace relais::server {

bool clock_watch::is_trusted(model::sys_seconds now, running_time running) {
    auto expected = believed_.value_or(now) + (running - looked_);
    auto is_ahead = believed_ && hold_.count() > 0 && now > expected + tolerance;
    if (is_ahead && !is_doubted_) doubted_since_ = running;
    is_doubted_ = is_ahead && running - doubted_since_ < hold_;
    if (is_doubted_) return false;
    believed_ = now, looked_ = running;
    return true;
}

clock_watch::running_time machine_running() {
    timespec out{};
    clock_gettime(CLOCK_BOOTTIME, &out);
    return std::chrono::seconds(out.tv_sec);
}

} // namespace relais::server
