// SPDX-License-Identifier: EUPL-1.2
#include "tests/bench/ceiling.hpp"
#include "tests/bench/latencies.hpp"
#include "tests/bench/statements.hpp"

#include <mysql.h>

#include <atomic>
#include <condition_variable>
#include <memory>
#include <stdexcept>

namespace relais::bench {

namespace {

std::atomic<std::int64_t> numbers = 0;

// One connection with every statement prepared on the server.
class bare_session {
public:
    bare_session(const std::string& socket, const std::string& database) : connection_(mysql_init(nullptr)) {
        mysql_options(connection_, MYSQL_SET_CHARSET_NAME, "utf8mb4");
        if (!mysql_real_connect(connection_, nullptr, "root", nullptr, database.c_str(), 0, socket.c_str(), 0)) fail();
        query("SET SESSION autocommit = 0"); // as the product: the first statement begins the transaction
        for (const auto& each : ticket_statements) {
            auto* made = mysql_stmt_init(connection_);
            if (mysql_stmt_prepare(made, each.text.data(), each.text.size()) != 0) fail();
            statements_.push_back(made);
        }
    }
    ~bare_session() {
        for (auto* each : statements_) mysql_stmt_close(each);
        mysql_close(connection_);
    }
    bare_session(const bare_session&) = delete;
    bare_session& operator=(const bare_session&) = delete;

    void write_one() {
        ticket_values values(++numbers);
        for (std::size_t i = 0; i < statements_.size(); ++i) run(statements_[i], ticket_statements[i], values);
        query("COMMIT");
    }

private:
    [[noreturn]] void fail() { throw std::runtime_error(std::string("ceiling: ") + mysql_error(connection_)); }
    void query(const char* text) {
        if (mysql_query(connection_, text) != 0) fail();
    }
    void run(MYSQL_STMT* prepared, const statement& what, ticket_values& values) {
        MYSQL_BIND binds[32] = {};
        static long long when = 1795424400;
        for (std::size_t at = 0; at < what.binds.size(); ++at) {
            auto letter = what.binds[at];
            if (letter == 'n' || letter == 'k') {
                binds[at].buffer_type = MYSQL_TYPE_LONGLONG;
                binds[at].buffer = letter == 'n' ? static_cast<void*>(&values.number) : &when;
            } else if (letter == 'z') {
                binds[at].buffer_type = MYSQL_TYPE_NULL;
            } else {
                auto text = values.text(letter, at);
                binds[at].buffer_type = MYSQL_TYPE_STRING;
                binds[at].buffer = const_cast<char*>(text.data());
                binds[at].buffer_length = text.size();
            }
        }
        if (mysql_stmt_bind_param(prepared, binds) != 0 || mysql_stmt_execute(prepared) != 0)
            throw std::runtime_error(std::string("ceiling: ") + mysql_stmt_error(prepared));
        if (what.is_query) mysql_stmt_store_result(prepared), mysql_stmt_free_result(prepared);
    }

    MYSQL* connection_;
    std::vector<MYSQL_STMT*> statements_;
};

} // namespace

rate mariadb_ceiling(const std::string& socket, const std::string& database, int sessions, int clients, double seconds) {
    std::vector<std::unique_ptr<bare_session>> all;
    for (int i = 0; i < sessions; ++i) all.push_back(std::make_unique<bare_session>(socket, database));
    std::mutex mutex;
    std::condition_variable free;
    auto once = [&](int, std::int64_t) {
        std::unique_lock lock(mutex);
        free.wait(lock, [&] { return !all.empty(); });
        auto mine = std::move(all.back());
        all.pop_back();
        lock.unlock();
        mine->write_one();
        lock.lock();
        all.push_back(std::move(mine));
        free.notify_one();
    };
    return measure(clients, seconds, once);
}

} // namespace relais::bench
