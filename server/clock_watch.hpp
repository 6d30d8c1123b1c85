// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/clock.hpp"

#include <optional>

namespace relais::server {

// Doubts a wall clock that went forward faster than the machine ran: what is written for ever waits until it was let stand, or put back.
class clock_watch {
public:
    using running_time = std::chrono::seconds;                                            // since the machine started, its sleep included
    static constexpr std::chrono::seconds tolerance = std::chrono::minutes(10), drift{1}; // drift: from one look to the next

    // hold: how long a clock that jumped is doubted; zero: never.
    explicit clock_watch(std::chrono::seconds hold) : hold_(hold) {}

    // Asked now and then with the wall clock and how long the machine has run. False while the clock is doubted.
    bool is_trusted(model::sys_seconds now, running_time running);

private:
    std::chrono::seconds hold_;
    std::optional<model::sys_seconds> believed_; // what the clock should show, from when it was trusted
    model::sys_seconds seen_;
    running_time looked_{0}, doubted_since_{0};
    bool is_doubted_ = false;
};

// CLOCK_BOOTTIME.
clock_watch::running_time machine_running();

} // namespace relais::server
