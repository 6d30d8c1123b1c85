// SPDX-License-Identifier: EUPL-1.2
#include "server/http/heartbeat.hpp"

#include <algorithm>

namespace relais::server {

namespace {
// A request already on its way to a connection we think idle is answered rather than reset.
constexpr auto idle_grace = std::chrono::milliseconds(200);
} // namespace

heartbeat::heartbeat(asio::io_context& context, std::function<void()> on_cut) : timer_(context), on_cut_(std::move(on_cut)) {}

void heartbeat::start() {
    expected_ = steady::now() + interval;
    schedule();
}

void heartbeat::stop() {
    is_stopped_ = true;
    timer_.cancel();
}

void heartbeat::schedule() {
    timer_.expires_at(expected_);
    timer_.async_wait([this](error_code error) {
        if (!error && !is_stopped_) beat();
    });
}

void heartbeat::beat() {
    auto now = steady::now();
    auto late_us = std::chrono::duration_cast<std::chrono::microseconds>(now - expected_).count();
    worst_us_ = std::max(worst_us_.load(), static_cast<std::int64_t>(late_us));
    for (auto* client : watched_) {
        if (now < client->deadline) continue;
        client->deadline = steady::time_point::max();
        client->cut();
        on_cut_();
    }
    expected_ = std::max(expected_ + interval, now);
    schedule();
}

void heartbeat::hurry_idle() {
    auto soon = steady::now() + idle_grace;
    for (auto* client : watched_)
        if (client->is_idle) client->deadline = std::min(client->deadline, soon);
}

void heartbeat::cut_all() {
    for (auto* client : watched_) client->cut();
}

} // namespace relais::server
