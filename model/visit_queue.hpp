// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/database.hpp"
#include "model/error.hpp"
#include "model/thread_role.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <vector>

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
                auto can_wait = thread_role::is_background();
                if (!can_wait) ++hurried_;
                waiting_.push_back({std::move(work), can_wait});
                ready_.notify_one();
                return;
            }
        }
        refuse(work);
    }

    // Waits for visits and takes those that wait, limit at most, for one commit; none once closed and empty. When only background threads
    // sent them, others are awaited for a while, so that their commit serves both.
    std::vector<visit> take_group(std::size_t limit) {
        std::vector<visit> out;
        while (out.empty()) {
            {
                std::unique_lock lock(mutex_);
                ready_.wait(lock, [this] { return closed_ || !waiting_.empty(); });
                if (waiting_.empty()) break;
                ready_.wait_for(lock, company_wait, [this] { return closed_ || hurried_ > 0; });
            }
            for (auto next = take_now(); next; next = take_now()) {
                out.push_back(std::move(*next));
                if (out.size() == limit) break;
            }
        }
        return out;
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
        waiting_.push_front({std::move(work), false});
        ++hurried_;
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
    struct waiting_visit {
        visit work;
        bool can_wait = false;
    };

    visit pop() {
        auto next = std::move(waiting_.front());
        waiting_.pop_front();
        if (!next.can_wait) --hurried_;
        return std::move(next.work);
    }
    bool is_fresh(const visit& work) const { return age_ms_ <= 0 || now_ms() - work.queued_at_ms <= age_ms_; }
    void refuse(visit& work) {
        ++refused_;
        work.done(std::make_exception_ptr(busy()));
    }

    static constexpr std::chrono::milliseconds company_wait{5};

    const int limit_, age_ms_;
    mutable std::mutex mutex_;
    std::condition_variable ready_, closing_;
    std::deque<waiting_visit> waiting_;
    int hurried_ = 0; // of those that wait, by threads that people wait for
    bool closed_ = false;
    std::atomic<std::int64_t> refused_ = 0;
};

} // namespace relais::model
