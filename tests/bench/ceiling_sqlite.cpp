// SPDX-License-Identifier: EUPL-1.2
#include "tests/bench/ceiling.hpp"
#include "tests/bench/latencies.hpp"
#include "tests/bench/statements.hpp"

#include <sqlite3.h>

#include <atomic>
#include <condition_variable>
#include <deque>
#include <stdexcept>

namespace relais::bench {

namespace {

constexpr std::size_t group_limit = 64;

// One writer thread with prepared statements; clients wait for the commit that holds their ticket.
class bare_writer {
public:
    explicit bare_writer(const std::string& file) {
        if (sqlite3_open(file.c_str(), &database_) != SQLITE_OK) throw std::runtime_error("ceiling: cannot open");
        // As the product's writer (model/sqlite_backend.cpp).
        for (auto* pragma : {"PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", "PRAGMA foreign_keys=ON", "PRAGMA trusted_schema=OFF",
                             "PRAGMA cache_size=-65536", "PRAGMA temp_store=MEMORY", "PRAGMA secure_delete=ON"})
            sqlite3_exec(database_, pragma, nullptr, nullptr, nullptr);
        begin_ = prepare("BEGIN IMMEDIATE"), commit_ = prepare("COMMIT");
        savepoint_ = prepare("SAVEPOINT visit"), release_ = prepare("RELEASE visit");
        for (const auto& each : ticket_statements) statements_.push_back(prepare(each.text));
        thread_ = std::thread([this] { write_forever(); });
    }
    ~bare_writer() {
        {
            std::lock_guard lock(mutex_);
            closed_ = true;
        }
        ready_.notify_all();
        thread_.join();
        for (auto* each : statements_) sqlite3_finalize(each);
        for (auto* each : {begin_, commit_, savepoint_, release_}) sqlite3_finalize(each);
        sqlite3_close(database_);
    }

    void write_one() {
        ticket mine;
        std::unique_lock lock(mutex_);
        waiting_.push_back(&mine);
        ready_.notify_one();
        mine.done.wait(lock, [&] { return mine.is_done; });
    }

private:
    struct ticket {
        std::condition_variable done;
        bool is_done = false;
    };

    sqlite3_stmt* prepare(std::string_view text) {
        sqlite3_stmt* made = nullptr;
        if (sqlite3_prepare_v3(database_, text.data(), static_cast<int>(text.size()), SQLITE_PREPARE_PERSISTENT, &made, nullptr) !=
            SQLITE_OK)
            throw std::runtime_error(std::string("ceiling: ") + sqlite3_errmsg(database_));
        return made;
    }
    void step(sqlite3_stmt* prepared) {
        int code = SQLITE_ROW;
        while (code == SQLITE_ROW) code = sqlite3_step(prepared);
        if (code != SQLITE_DONE) throw std::runtime_error(std::string("ceiling: ") + sqlite3_errmsg(database_));
        sqlite3_reset(prepared);
    }

    void write_forever() {
        for (;;) {
            std::vector<ticket*> group;
            {
                std::unique_lock lock(mutex_);
                ready_.wait(lock, [this] { return closed_ || !waiting_.empty(); });
                if (waiting_.empty()) return;
                while (!waiting_.empty() && group.size() < group_limit) group.push_back(waiting_.front()), waiting_.pop_front();
            }
            step(begin_);
            for (std::size_t i = 0; i < group.size(); ++i) step(savepoint_), write_ticket(++number_), step(release_);
            step(commit_);
            std::lock_guard lock(mutex_);
            for (auto* each : group) each->is_done = true, each->done.notify_one();
        }
    }

    void write_ticket(std::int64_t number) {
        ticket_values values(number);
        for (std::size_t i = 0; i < statements_.size(); ++i) {
            const auto& binds = ticket_statements[i].binds;
            for (std::size_t at = 0; at < binds.size(); ++at) bind(statements_[i], static_cast<int>(at) + 1, binds[at], at, values);
            step(statements_[i]);
        }
    }
    static void bind(sqlite3_stmt* to, int place, char letter, std::size_t at, const ticket_values& values) {
        if (letter == 'n')
            sqlite3_bind_int64(to, place, values.number);
        else if (letter == 'k')
            sqlite3_bind_int64(to, place, 1795424400);
        else if (letter == 'z')
            sqlite3_bind_null(to, place);
        else {
            auto text = values.text(letter, at);
            sqlite3_bind_text(to, place, text.data(), static_cast<int>(text.size()), SQLITE_STATIC);
        }
    }

    sqlite3* database_ = nullptr;
    sqlite3_stmt *begin_, *commit_, *savepoint_, *release_;
    std::vector<sqlite3_stmt*> statements_;
    std::mutex mutex_;
    std::condition_variable ready_;
    std::deque<ticket*> waiting_;
    bool closed_ = false;
    std::int64_t number_ = 0;
    std::thread thread_;
};

} // namespace

rate sqlite_ceiling(const std::string& file, int clients, double seconds) {
    bare_writer writer(file);
    return measure(clients, seconds, [&](int, std::int64_t) { writer.write_one(); });
}

} // namespace relais::bench
