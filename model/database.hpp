// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/execution/outstanding_work.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <soci/soci.h>

#include <cstdint>
#include <exception>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

namespace relais::model {

// Where the data lies. An empty mariadb_database means SQLite at sqlite_file.
struct database_options {
    std::string sqlite_file;
    std::string mariadb_host, mariadb_socket, mariadb_database, mariadb_user, mariadb_password;
    int mariadb_port = 3306;
    int sessions = 16;       // MariaDB: one thread each
    int readers = 3;         // SQLite: reader threads beside the single writer
    int queue_limit = 1024;  // waiting visits; more are refused with busy
    int queue_age_ms = 2000; // a visit that waited longer is refused with busy
    int group_limit = 64;    // SQLite: visits in one commit
    int reading_ms = 30'000; // SQLite: a visit that reads for longer is ended with busy
    bool is_mariadb() const { return !mariadb_database.empty(); }
};

// A visit waiting for a database thread. run may be called again when the transaction is replayed; done is called once,
// with no error only after the commit is durable.
struct visit {
    std::function<void(soci::session&)> run;
    std::function<void(std::exception_ptr)> done;
    std::int64_t queued_at_ms = 0; // steady clock
};

// What the administration listener shows.
struct database_state {
    bool ready = false;
    std::string reason; // why not: for the log and operators, never personal
    std::int64_t waiting = 0, visits = 0, commits = 0, replays = 0, refused = 0;
};

// One function, on a database thread, in one transaction: read sees a steady snapshot and cannot write; write is durable when it returns.
// Whatever the function throws rolls its own changes back and reaches the caller; busy when the queue is full or the database is away.
class database {
public:
    enum class access { read, write };
    virtual ~database() = default;

    template <class Function> auto read(Function function) { return go(access::read, std::move(function)); }
    template <class Function> auto write(Function function) { return go(access::write, std::move(function)); }

    // The same for threads that may wait: commands, jobs, tests. Never call these on an io_context's thread.
    template <class Function> auto read_now(Function function) { return wait(access::read, std::move(function)); }
    template <class Function> auto write_now(Function function) { return wait(access::write, std::move(function)); }

    virtual database_state state() const = 0;
    virtual bool is_mariadb() const = 0;
    // Ends the threads after the waiting visits have run. Called once, before destruction.
    virtual void stop() = 0;

protected:
    // Takes the visit, or completes it at once with busy.
    virtual void submit(access kind, visit work) = 0;

private:
    template <class Function> using result_of = std::invoke_result_t<Function&, soci::session&>;

    // The value or the error of a visit, on its way back.
    template <class Result> struct outcome {
        std::conditional_t<std::is_void_v<Result>, std::optional<bool>, std::optional<Result>> value;
        std::exception_ptr error;
        Result take() {
            if (error) std::rethrow_exception(error);
            if constexpr (!std::is_void_v<Result>) return std::move(*value);
        }
    };
    template <class Function> static auto runner(Function function, std::shared_ptr<outcome<result_of<Function>>> into) {
        return [function = std::move(function), into = std::move(into)](soci::session& session) mutable {
            if constexpr (std::is_void_v<result_of<Function>>)
                function(session), into->value.emplace(true);
            else
                into->value.emplace(function(session));
        };
    }

    template <class Function> boost::asio::awaitable<result_of<Function>> go(access kind, Function function) {
        namespace asio = boost::asio;
        auto result = std::make_shared<outcome<result_of<Function>>>();
        auto home = asio::prefer(co_await asio::this_coro::executor, asio::execution::outstanding_work.tracked);
        auto run = std::function<void(soci::session&)>(runner(std::move(function), result));
        auto start = [this, kind, &run, &home, &result](auto handler) {
            auto resume = std::make_shared<decltype(handler)>(std::move(handler));
            auto done = [resume = std::move(resume), home, result](std::exception_ptr error) mutable {
                result->error = std::move(error);
                asio::post(home, [resume = std::move(resume)] { std::move (*resume)(); });
            };
            submit(kind, visit{std::move(run), std::move(done)});
        };
        co_await asio::async_initiate<const asio::use_awaitable_t<>, void()>(start, asio::use_awaitable);
        co_return result->take();
    }

    template <class Function> result_of<Function> wait(access kind, Function function) {
        auto result = std::make_shared<outcome<result_of<Function>>>();
        auto finished = std::make_shared<std::promise<void>>();
        auto waiting = finished->get_future();
        auto done = [result, finished](std::exception_ptr error) {
            result->error = std::move(error);
            finished->set_value();
        };
        submit(kind, visit{runner(std::move(function), result), std::move(done)});
        waiting.wait();
        return result->take();
    }
};

// Opens the database and starts its threads. SQLite: applies the migrations. MariaDB: checks innodb_flush_log_at_trx_commit, character
// set and SQL mode. Throws std::runtime_error with a sentence that says what to do: newer schema, "run relais migrate", unsafe setting.
// fatal: called once, on a database thread, when the storage can no longer be trusted (I/O error, corruption).
std::unique_ptr<database> open_database(const database_options& options, std::function<void(std::string)> fatal = {});

// Applies the migrations that are missing and returns how many were applied. Throws std::runtime_error when the schema is newer than the
// program.
int migrate(const database_options& options);

} // namespace relais::model
