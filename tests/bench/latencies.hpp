// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "tests/bench/ceiling.hpp"

#include <algorithm>
#include <chrono>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace relais::bench {

// Runs `once(client, n)` over and over on `clients` threads for some seconds and tells how often and how fast.
inline rate measure(int clients, double seconds, const std::function<void(int, std::int64_t)>& once) {
    using clock = std::chrono::steady_clock;
    std::mutex mutex;
    std::vector<double> all;
    auto start = clock::now();
    auto end = start + std::chrono::duration_cast<clock::duration>(std::chrono::duration<double>(seconds));
    auto run = [&](int client) {
        std::vector<double> mine;
        for (std::int64_t n = 0; clock::now() < end; ++n) {
            auto began = clock::now();
            once(client, n);
            mine.push_back(std::chrono::duration<double, std::milli>(clock::now() - began).count());
        }
        std::lock_guard lock(mutex);
        all.insert(all.end(), mine.begin(), mine.end());
    };
    std::vector<std::thread> threads;
    for (int i = 0; i < clients; ++i) threads.emplace_back(run, i);
    for (auto& each : threads) each.join();
    std::chrono::duration<double> took = clock::now() - start;
    std::sort(all.begin(), all.end());
    auto at = [&](double share) {
        return all.empty() ? 0 : all[std::min(all.size() - 1, static_cast<std::size_t>(share * static_cast<double>(all.size())))];
    };
    return {static_cast<double>(all.size()) / took.count(), at(0.5), at(0.99), static_cast<std::int64_t>(all.size())};
}

} // namespace relais::bench
