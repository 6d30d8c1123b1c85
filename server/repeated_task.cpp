// SPDX-License-Identifier: EUPL-1.2
#include "server/repeated_task.hpp"

#include "model/thread_role.hpp"

#include <soci/error.h>
#include <spdlog/spdlog.h>

namespace relais::server {

repeated_task::repeated_task(std::string name, std::chrono::milliseconds pause, std::function<void()> run)
    : name_(std::move(name)), pause_(pause), run_(std::move(run)), thread_([this] { go_on(); }) {}

repeated_task::~repeated_task() {
    {
        std::lock_guard lock(mutex_);
        is_stopped_ = true;
    }
    stopping_.notify_all();
    thread_.join();
}

void repeated_task::go_on() {
    model::thread_role::name_background(name_.substr(name_.find(' ') + 1).c_str()); // without "the"
    std::unique_lock lock(mutex_);
    while (!is_stopped_) {
        lock.unlock();
        run_once();
        lock.lock();
        stopping_.wait_for(lock, pause_, [this] { return is_stopped_; });
    }
}

void repeated_task::run_once() {
    std::string fault;
    try {
        run_();
    } catch (const soci::soci_error&) {
        fault = "the database refused"; // its own words hold people's data
    } catch (const std::exception& error) {
        fault = error.what();
    } catch (...) { // a library's own kind: no reason to stop the server
        fault = "an error of another kind";
    }
    if (!fault.empty() && !has_failed_) spdlog::warn("{} failed, and will be tried again: {}", name_, fault);
    if (fault.empty() && has_failed_) spdlog::info("{} works again", name_);
    has_failed_ = !fault.empty();
}

} // namespace relais::server
