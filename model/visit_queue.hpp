// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/database.hpp"
#include "model/error.hpp"
#include "model/thread_role.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <vector>

namespace relais::model {

// Visits waiting for a database thread: bounded in length and in age, on the steady clock. What cannot wait is told busy at once.
//
// What nobody waits for (thread_role::is_background) gives way: it waits until people have been quiet for a moment, though never longer
// than its patience. A burst of contacts then has the database for itself, and the jobs catch up after it (decision 170).
class visit_queue {
public:
    explicit visit_queue(const database_options& options) : limit_(options.queue_limit), age_ms_(options.queue_age_ms) {}

    void put(visit work) {
        work.queued_at_ms = now_ms();
        {
            std::lock_guard lock(mutex_);
            if (!closed_ && static_cast<int>(people_.size() + jobs_.size()) < limit_) {
                auto can_wait = thread_role::is_background();
                if (!can_wait) asked_at_ms_ = work.queued_at_ms;
                (can_wait ? jobs_ : people_).push_back(std::move(work));
                ready_.notify_one();
                return;
            }
        }
        refuse(work);
    }

    // Waits for visits and takes those whose turn it is, limit at most, for one commit; none once closed and empty. Jobs wait for each
    // other's company for a while, so that one commit serves them.
    std::vector<visit> take_group(std::size_t limit) {
        std::vector<visit> out;
        while (out.empty()) {
            std::unique_lock lock(mutex_);
            if (!wait(lock, company_ms)) break;
            std::vector<visit> stale;
            while (out.size() < limit && is_any_due(company_ms)) {
                auto next = pop();
                (is_fresh(next) ? out : stale).push_back(std::move(next));
            }
            lock.unlock();
            for (auto& each : stale) refuse(each);
        }
        return out;
    }
    // Waits for a visit; nothing once closed and empty.
    std::optional<visit> take() {
        for (;;) {
            std::unique_lock lock(mutex_);
            if (!wait(lock, 0)) return std::nullopt;
            auto work = pop();
            if (!jobs_.empty()) ready_.notify_one(); // somebody must watch for their turn
            lock.unlock();
            if (is_fresh(work)) return work;
            refuse(work);
        }
    }
    // The first visit that waits, whoever sent it, for this long at most; nothing then.
    std::optional<visit> take_for(std::chrono::milliseconds limit) {
        std::unique_lock lock(mutex_);
        ready_.wait_for(lock, limit, [this] { return closed_ || !is_empty(); });
        if (is_empty()) return std::nullopt;
        auto work = pop();
        lock.unlock();
        if (is_fresh(work)) return work;
        refuse(work);
        return std::nullopt;
    }
    // True when no visit came for this long.
    bool is_quiet_for(std::chrono::milliseconds limit) {
        std::unique_lock lock(mutex_);
        return !ready_.wait_for(lock, limit, [this] { return closed_ || !is_empty(); });
    }
    // A visit that was taken and not begun goes back to the front, with its age.
    void give_back(visit work) {
        std::lock_guard lock(mutex_);
        people_.push_front(std::move(work));
        ready_.notify_one();
    }
    // Leaves the visits to others for this long, or until the queue is closed.
    void rest(std::chrono::milliseconds limit) {
        std::unique_lock lock(mutex_);
        closing_.wait_for(lock, limit, [this] { return closed_; });
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
        return static_cast<std::int64_t>(people_.size() + jobs_.size());
    }
    std::int64_t refused() const { return refused_; }

    static std::int64_t now_ms() {
        using namespace std::chrono;
        return duration_cast<milliseconds>(steady_clock::now().time_since_epoch()).count();
    }

private:
    // Until it is somebody's turn; false once closed and empty.
    bool wait(std::unique_lock<std::mutex>& lock, std::int64_t company) {
        while (!is_any_due(company)) {
            if (closed_) return false;
            if (jobs_.empty())
                ready_.wait(lock);
            else
                ready_.wait_for(lock, std::chrono::milliseconds(due_at_ms(company) - now_ms()));
        }
        return true;
    }
    bool is_empty() const { return people_.empty() && jobs_.empty(); }
    bool is_any_due(std::int64_t company) const {
        return !people_.empty() || (!jobs_.empty() && (closed_ || due_at_ms(company) <= now_ms()));
    }
    // When the first job's visit has its turn, if people stay quiet.
    std::int64_t due_at_ms(std::int64_t company) const {
        auto queued_at_ms = jobs_.front().queued_at_ms;
        return std::min(queued_at_ms + patience_ms, std::max(queued_at_ms + company, asked_at_ms_ + quiet_ms));
    }
    visit pop() {
        auto is_overdue = !jobs_.empty() && jobs_.front().queued_at_ms + patience_ms <= now_ms();
        auto& from = people_.empty() || is_overdue ? jobs_ : people_;
        auto next = std::move(from.front());
        from.pop_front();
        return next;
    }
    bool is_fresh(const visit& work) const { return age_ms_ <= 0 || now_ms() - work.queued_at_ms <= age_ms_; }
    void refuse(visit& work) {
        ++refused_;
        work.done(std::make_exception_ptr(busy()));
    }

    static constexpr std::int64_t company_ms = 5, quiet_ms = 10, patience_ms = 60;

    const int limit_, age_ms_;
    mutable std::mutex mutex_;
    std::condition_variable ready_, closing_;
    std::deque<visit> people_, jobs_;
    std::int64_t asked_at_ms_ = 0; // by people, the last time
    bool closed_ = false;
    std::atomic<std::int64_t> refused_ = 0;
};

} // namespace relais::model
