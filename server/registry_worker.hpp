// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/clock.hpp"
#include "model/registry_lookup.hpp"
#include "server/registry.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <thread>
#include <vector>

namespace relais::model {
class database;
}

namespace relais::server {

struct registry_worker_options {
    std::chrono::milliseconds poll{2000};  // between two looks at an empty queue
    std::chrono::milliseconds pause{1000}; // while the registry does not answer
    std::chrono::seconds rest{0};          // after a look-up fell due: the mirror was read when the ticket was opened
};

// Asks the registry about tickets after they were opened, outside any visit, and writes what it says. What could not be asked is asked
// later by itself; a slow or absent registry delays nothing else.
class registry_worker {
public:
    registry_worker(model::database& database, registry& asked, model::clock_function now, registry_worker_options options = {});
    ~registry_worker();
    registry_worker(const registry_worker&) = delete;
    registry_worker& operator=(const registry_worker&) = delete;

    // Called once.
    void start();
    // After a commit that queued a look-up. Never waits, from any thread.
    void wake();
    // Lets the questions under way end (less than a second). To be called before the database is stopped.
    void stop();

    // One turn, for tests and for start(): takes what is due, asks, writes. Returns how many were taken.
    int turn();

    // Tickets that wait for the registry, as counted some seconds ago.
    std::int64_t waiting() const { return waiting_; }

private:
    using lookup = model::registry_lookup;
    std::vector<model::registry_news> ask_all(const std::vector<lookup>& taken);
    void write(const lookup& what, const model::registry_news& answer);
    void run();
    void count();

    model::database& database_;
    registry& registry_;
    model::clock_function now_;
    const registry_worker_options options_;
    std::mutex mutex_;
    std::condition_variable changed_;
    bool woken_ = false, stopping_ = false;
    bool was_unavailable_ = false; // this and the next: only the thread of turn() knows
    std::chrono::steady_clock::time_point counted_at_{};
    std::atomic<std::int64_t> waiting_ = 0;
    std::thread thread_;
};

} // namespace relais::server
