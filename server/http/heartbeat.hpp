// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "server/http/connection.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <atomic>
#include <functional>
#include <unordered_set>

namespace relais::server {

// The pulse of one I/O thread. Each beat cuts the connections whose deadline has passed, so that no operation needs a timer of its own
// and a client that sends one byte at a time gains nothing; its lateness tells how long something blocked the thread.
class heartbeat {
public:
    static constexpr auto interval = std::chrono::milliseconds(50);

    heartbeat(asio::io_context& context, std::function<void()> on_cut);

    void start();
    // The thread ends once its connections are gone.
    void stop();
    void watch(connection& client) { watched_.insert(&client); }
    void forget(connection& client) { watched_.erase(&client); }
    // Idle connections are given a short while, the others go on.
    void hurry_idle();
    void cut_all();
    // The worst lateness since the last call, milliseconds. Any thread.
    double worst_lateness_ms() { return static_cast<double>(worst_us_.exchange(0)) / 1000.0; }

private:
    void beat();
    void schedule();

    asio::steady_timer timer_;
    std::function<void()> on_cut_;
    std::unordered_set<connection*> watched_;
    steady::time_point expected_{};
    std::atomic<std::int64_t> worst_us_{0};
    bool is_stopped_ = false;
};

} // namespace relais::server
