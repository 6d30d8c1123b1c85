// SPDX-License-Identifier: EUPL-1.2
// The life of the serving process: ready, a beat a second, a signal, the drain.
#include "server/application.hpp"
#include "server/log.hpp"
#include "server/supervisor.hpp"

#include <spdlog/spdlog.h>

#include <atomic>
#include <csignal>
#include <ctime>
#include <thread>

namespace relais::server {
namespace {

sigset_t stopping_signals() {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    return signals;
}

// Waits at most one second; 0 when nothing came.
int next_signal(const sigset_t& signals) {
    timespec second{1, 0};
    auto signal = sigtimedwait(&signals, nullptr, &second);
    return signal > 0 ? signal : 0;
}

// While the drain runs, a second signal asks for an immediate end.
int drain(application& server, const sigset_t& signals) {
    std::atomic<bool> is_over{false};
    auto is_clean = false;
    std::thread draining([&] {
        is_clean = server.drain();
        is_over = true;
    });
    while (!is_over) {
        timespec moment{0, 20'000'000};
        if (sigtimedwait(&signals, nullptr, &moment) > 0) server.hurry();
    }
    draining.join();
    if (!is_clean) spdlog::warn("stopped before every request had its answer");
    return is_clean ? 0 : 1;
}

} // namespace

void block_stopping_signals() {
    auto signals = stopping_signals();
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
}

int serve_until_signal(application& server) {
    auto signals = stopping_signals();
    notify_supervisor("READY=1");
    while (next_signal(signals) == 0) {
        server.tick();
        notify_supervisor("WATCHDOG=1");
    }
    notify_supervisor("STOPPING=1");
    spdlog::info("draining");
    auto status = drain(server, signals);
    journals::flush();
    return status;
}

} // namespace relais::server
