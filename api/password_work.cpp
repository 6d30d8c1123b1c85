// SPDX-License-Identifier: EUPL-1.2
#include "api/password_work.hpp"

#include "model/error.hpp"
#include "model/password.hpp"

#include <boost/asio/async_result.hpp>
#include <boost/asio/execution/outstanding_work.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <deque>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <thread>

namespace relais::api {

namespace asio = boost::asio;

namespace {

// Lets so many run at once, keeps so many waiting, refuses the rest. Waiting costs no thread.
class gate {
public:
    // Starts the work now or later; false when too many wait already.
    bool enter(std::function<void()> work) {
        std::unique_lock lock(mutex_);
        if (running_ >= limit_) {
            if (waiting_.size() >= password_queue_limit) return false;
            waiting_.push_back(std::move(work));
            return true;
        }
        ++running_;
        lock.unlock();
        work();
        return true;
    }
    void leave() {
        std::unique_lock lock(mutex_);
        if (waiting_.empty()) {
            --running_;
            return;
        }
        auto next = std::move(waiting_.front());
        waiting_.pop_front();
        lock.unlock();
        next();
    }

private:
    const unsigned limit_ = std::max(1U, std::thread::hardware_concurrency() / 2);
    std::mutex mutex_;
    unsigned running_ = 0;
    std::deque<std::function<void()>> waiting_;
};

gate& passwords() {
    static gate one;
    return one;
}

template <class Result> asio::awaitable<Result> run_gated(asio::thread_pool& workers, std::function<Result()> compute) {
    auto task = std::make_shared<std::packaged_task<Result()>>(std::move(compute));
    auto finished = task->get_future();
    auto home = asio::prefer(co_await asio::this_coro::executor, asio::execution::outstanding_work.tracked);
    bool refused = false;
    auto start = [&workers, &home, &refused, task](auto handler) {
        auto resume = std::make_shared<decltype(handler)>(std::move(handler));
        auto come_back = [home, resume] { asio::post(home, [resume] { std::move (*resume)(); }); };
        auto work = [&workers, task, come_back] {
            asio::post(workers, [task, come_back] {
                (*task)();
                passwords().leave();
                come_back();
            });
        };
        refused = !passwords().enter(work);
        if (refused) come_back();
    };
    co_await asio::async_initiate<const asio::use_awaitable_t<>, void()>(start, asio::use_awaitable);
    if (refused) throw model::busy();
    co_return finished.get();
}

} // namespace

asio::awaitable<bool> verify_password(app& app, std::string hash, std::string clear) {
    std::function<bool()> compute = [hash = std::move(hash), clear = std::move(clear)] { return model::passwords::verify(hash, clear); };
    co_return co_await run_gated(app.workers, std::move(compute));
}

asio::awaitable<std::string> hash_password(app& app, std::string clear) {
    std::function<std::string()> compute = [clear = std::move(clear)] { return model::passwords::hash(clear); };
    co_return co_await run_gated(app.workers, std::move(compute));
}

} // namespace relais::api
