// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/database.hpp"
#include "model/error.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>

namespace relais::model {

// Visits waiting for a database thread: bounded in length and in age, on the steady clock. What cannot wait is told busy at once.
class visit_queue {
public:
    explicit visit_queue(const database_options& options) : limit_(options.queue_limit), age_ms_(options.queue_age_ms) {}

    void put(visit work) {
        work.queued_at_ms = now_ms();
        {
            std::lock_guard lock(mutex_);
            if (!closed_ && static_cast<int>(waiting_.size()) < limit_) {
                waiting_.push_back(std::move(work));
                ready_.notify_one();
                return;
            }
        }
        refuse(work);
    }

    // Waits for a visit; nothing once closed and empty.
    std::optional<visit> take() {
        for (;;) {
            std::unique_lock lock(mutex_);
            ready_.wait(lock, [this] { return closed_ || !waiting_.empty(); });
            if (waiting_.empty()) return std::nullopt;
            auto work = pop();
            lock.unlock();
            if (is_fresh(work)) return work;
            refuse(work);
        }
    }
    // The same, for this long at most; nothing then either.
    std::optional<visit> take_for(std::chrono::milliseconds limit) {
        {
            std::unique_lock lock(mutex_);
            ready_.wait_for(lock, limit, [this] { return closed_ || !waiting_.empty(); });
        }
        return take_now();
    }
    // A visit that was taken and not begun goes back to the front, with its age.
    void give_back(visit work) {
        std::lock_guard lock(mutex_);
        waiting_.push_front(std::move(work));
        ready_.notify_one();
    }
    // Leaves the visits to others for this long, or until the queue is closed.
    void rest(std::chrono::milliseconds limit) {
        std::unique_lock lock(mutex_);
        closing_.wait_for(lock, limit, [this] { return closed_; });
    }
    // A visit that waits already, or nothing.
    std::optional<visit> take_now() {
        for (;;) {
            std::unique_lock lock(mutex_);
            if (waiting_.empty()) return std::nullopt;
            auto work = pop();
            lock.unlock();
            if (is_fresh(work)) return work;
            refuse(work);
        }
    }

    void close() {
        std::lock_guard lock(mutex_);
        closed_ = true;
        ready_.notify_all();
        closing_.notify_all();
    }
    bool is_closed() const {
        std::lock_guard lock(mutex_);
        return closed_;
    }
    std::int64_t size() const {
        std::lock_guard lock(mutex_);
        return static_cast<std::int64_t>(waiting_.size());
    }
    std::int64_t refused() const { return refused_; }

    static std::int64_t now_ms() {
        using namespace std::chrono;
        return duration_cast<milliseconds>(steady_clock::now().time_since_epoch()).count();
    }

private:
    visit pop() {
        auto work = std::move(waiting_.front());
        waiting_.pop_front();
        return work;
    }
    bool is_fresh(const visit& work) const { return age_ms_ <= 0 || now_ms() - work.queued_at_ms <= age_ms_; }
    void refuse(visit& work) {
        ++refused_;
        work.done(std::make_exception_ptr(busy()));
    }

    const int limit_, age_ms_;
    mutable std::mutex mutex_;
    std::condition_variable ready_, closing_;
    std::deque<visit> waiting_;
    bool closed_ = false;
    std::atomic<std::int64_t> refused_ = 0;
};

} // namespace relais::model
