// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

namespace relais::server {

// A small task run again and again on a thread of its own, a while after its last end. What it throws is written in the journal, once
// until it succeeds again, and it is tried later: the database may be away for a minute.
class repeated_task {
public:
    repeated_task(std::string name, std::chrono::milliseconds pause, std::function<void()> run);
    ~repeated_task(); // waits for the run under way
    repeated_task(const repeated_task&) = delete;
    repeated_task& operator=(const repeated_task&) = delete;

private:
    void go_on();
    void run_once();

    std::string name_;
    std::chrono::milliseconds pause_;
    std::function<void()> run_;
    std::mutex mutex_;
    std::condition_variable stopping_;
    bool is_stopped_ = false;
    bool has_failed_ = false;
    std::thread thread_;
};

} // namespace relais::server
