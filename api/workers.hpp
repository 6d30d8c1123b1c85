// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/execution/outstanding_work.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <exception>
#include <future>
#include <memory>
#include <type_traits>
#include <utility>

namespace relais::api {

// Runs a function that takes milliseconds on a worker, and comes back to this coroutine's thread with its value or its error:
// `auto hash = co_await run_on(app.workers, std::move(compute));`, the function being named on its own line before (g++ 12).
// At least what it captures by reference lives as long as the caller, which is waiting.
template <class Function>
boost::asio::awaitable<std::invoke_result_t<Function&>> run_on(boost::asio::thread_pool& workers, Function function) {
    namespace asio = boost::asio;
    using result = std::invoke_result_t<Function&>;
    auto task = std::make_shared<std::packaged_task<result()>>(std::move(function));
    auto finished = task->get_future();
    auto home = asio::prefer(co_await asio::this_coro::executor, asio::execution::outstanding_work.tracked);
    auto start = [&workers, &home, task](auto completion) {
        auto resume = std::make_shared<decltype(completion)>(std::move(completion));
        asio::post(workers, [task, home, resume = std::move(resume)]() mutable {
            (*task)();
            asio::post(home, [resume = std::move(resume)] { std::move (*resume)(); });
        });
    };
    co_await asio::async_initiate<const asio::use_awaitable_t<>, void()>(start, asio::use_awaitable);
    co_return finished.get();
}

} // namespace relais::api
