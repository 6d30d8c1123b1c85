// SPDX-License-Identifier: EUPL-1.2
#include "model/backend.hpp"
#include "model/error.hpp"
#include "model/sql.hpp"
#include "model/thread_role.hpp"
#include "model/visit_queue.hpp"

#include <spdlog/spdlog.h>

#include <atomic>
#include <chrono>
#include <optional>
#include <thread>
#include <vector>

namespace relais::model::sqlite {

namespace {

// One writer on one thread does every write and every checkpoint; readers have threads of their own.
class sqlite_database final : public database {
public:
    sqlite_database(const database_options& options, std::function<void(std::string)> fatal)
        : options_(options), fatal_(std::move(fatal)), writes_(options), reads_(options) {
        open_session(writer_, options.sqlite_file, false);
        log_.emplace(writer_);
        threads_.emplace_back([this] { thread_role::name("db writer"), write_forever(); });
        for (int i = 0; i < options.readers; ++i) threads_.emplace_back([this] { thread_role::name("db reader"), read_forever(); });
    }
    ~sqlite_database() override { stop(); }

    database_state state() const override {
        database_state out;
        out.ready = !broken_;
        out.reason = broken_ ? "storage failed" : "";
        out.waiting = writes_.size() + reads_.size();
        out.visits = visits_, out.commits = commits_, out.refused = writes_.refused() + reads_.refused();
        return out;
    }
    bool is_mariadb() const override { return false; }
    void stop() override {
        writes_.close(), reads_.close();
        for (auto& each : threads_)
            if (each.joinable()) each.join();
    }

protected:
    void submit(access kind, visit work) override { (kind == access::write ? writes_ : reads_).put(std::move(work)); }

private:
    void read_forever() {
        soci::session reader;
        open_session(reader, options_.sqlite_file, true);
        reading_limit limit(reader);
        while (auto work = reads_.take()) {
            std::exception_ptr error;
            limit.begin(options_.reading_ms);
            try {
                reader << "BEGIN";
                work->run(reader);
            } catch (const std::exception& thrown) {
                error = is_ended(thrown) ? std::make_exception_ptr(busy()) : std::current_exception();
            } catch (...) { // whatever a handler's visit throws goes back to the handler
                error = std::current_exception();
            }
            limit.begin(options_.reading_ms);
            try {
                reader << "COMMIT";
            } catch (...) {
                if (!error) error = std::current_exception();
            }
            ++visits_;
            work->done(error);
        }
        sql::forget_statements(reader);
    }

    // Group commit: the visits that wait are taken together, so that one fsync serves them all. Nobody's visit waits for company: while
    // one group is being synced the next one gathers.
    void write_forever() {
        auto write_some = [this] {
            auto group = writes_.take_group(static_cast<std::size_t>(options_.group_limit));
            commit(group);
            keep_log_short();
            return !group.empty(); // the visits end here: what they hold keeps their callers' io_context at work
        };
        while (write_some()) {
        }
        sql::forget_statements(writer_);
        writer_.close();
    }

    // Those of the group have their answers.
    void keep_log_short() {
        using namespace std::chrono_literals;
        if (broken_ || !(log_->is_long() || (log_->is_worth_a_rest() && writes_.is_quiet_for(20ms)))) return;
        try {
            log_->checkpoint();
        } catch (const std::exception& error) {
            fail(error);
        }
    }

    void commit(std::vector<visit>& group) {
        if (group.empty()) return;
        std::vector<std::exception_ptr> errors(group.size());
        try {
            if (broken_) throw busy();
            sql::change(writer_, "BEGIN IMMEDIATE");
            for (std::size_t i = 0; i < group.size(); ++i) errors[i] = run_alone(group[i]);
            sql::change(writer_, "COMMIT");
            ++commits_;
        } catch (const std::exception& error) {
            fail(error);
            for (auto& each : errors) each = std::make_exception_ptr(busy());
        }
        visits_ += static_cast<std::int64_t>(group.size());
        for (std::size_t i = 0; i < group.size(); ++i) group[i].done(errors[i]);
    }

    // Runs a visit in a savepoint: one that throws takes back its own changes only. What breaks the transaction itself is thrown on.
    std::exception_ptr run_alone(visit& work) {
        sql::change(writer_, "SAVEPOINT visit");
        std::exception_ptr error;
        try {
            work.run(writer_);
        } catch (const std::exception& thrown) {
            if (is_fatal(thrown) || is_full(thrown)) throw;
            error = std::current_exception();
        } catch (...) { // whatever a handler's visit throws goes back to the handler
            error = std::current_exception();
        }
        if (error) sql::change(writer_, "ROLLBACK TO visit");
        sql::change(writer_, "RELEASE visit");
        return error;
    }

    // The whole group is refused. After an I/O error nothing more is written: the page cache no longer says what the disk holds.
    void fail(const std::exception& error) {
        try {
            writer_ << "ROLLBACK";
        } catch (const std::exception&) { // the transaction had ended by itself
        }
        if (is_full(error)) spdlog::error("the disk of the database is full: nothing is accepted until there is room");
        if (broken_ || !is_fatal(error)) return;
        broken_ = true;
        spdlog::critical("storage failed: no more writes are accepted");
        if (fatal_) fatal_("SQLite reported an I/O error or corruption");
    }

    database_options options_;
    std::function<void(std::string)> fatal_;
    soci::session writer_;
    std::optional<write_ahead_log> log_; // of the writer
    visit_queue writes_, reads_;
    std::vector<std::thread> threads_;
    std::atomic<bool> broken_ = false;
    std::atomic<std::int64_t> visits_ = 0, commits_ = 0;
};

} // namespace

std::unique_ptr<database> open(const database_options& options, std::function<void(std::string)> fatal) {
    return std::make_unique<sqlite_database>(options, std::move(fatal));
}

} // namespace relais::model::sqlite
