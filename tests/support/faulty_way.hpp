// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <list>
#include <mutex>
#include <random>
#include <thread>

namespace relais::tests {

// The network between us and somebody's MySQL or MariaDB: a loopback port that hands every byte on, until it is told to be worse.
class faulty_way {
public:
    explicit faulty_way(int to_port);
    ~faulty_way();
    faulty_way(const faulty_way&) = delete;
    faulty_way& operator=(const faulty_way&) = delete;

    int port() const { return port_; }
    // Every answer comes so much later.
    void delay(std::chrono::milliseconds by) { delay_ms_ = by.count(); }
    // So many of a hundred questions (executions of a prepared statement) end with the connection cut.
    void cut(int percent) { cut_percent_ = percent; }
    std::int64_t questions() const { return questions_; }
    std::int64_t cuts() const { return cuts_; }

private:
    void accept_all();
    void carry(int client);
    bool is_to_be_cut(const char* bytes, std::size_t size);

    const int to_port_;
    int listening_ = -1, port_ = 0;
    std::atomic<bool> stopping_{false};
    std::atomic<std::int64_t> delay_ms_{0}, questions_{0}, cuts_{0};
    std::atomic<int> cut_percent_{0};
    std::mutex mutex_; // of the random numbers
    std::mt19937 random_{5};
    std::list<std::thread> carriers_; // of accept_all alone, then of the end
    std::thread acceptor_;
};

} // namespace relais::tests
