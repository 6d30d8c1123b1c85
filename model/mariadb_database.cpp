// SPDX-License-Identifier: EUPL-1.2
#include "model/backend.hpp"
#include "model/error.hpp"
#include "model/migrations.hpp"
#include "model/sql.hpp"
#include "model/thread_role.hpp"
#include "model/visit_queue.hpp"

#include <sodium.h>
#include <spdlog/spdlog.h>

#include <atomic>
#include <mutex>
#include <thread>
#include <vector>

namespace relais::model::mariadb {

namespace {

constexpr int tries_limit = 5;
constexpr std::int64_t replay_limit_ms = 5000; // whoever has waited this long is told to ask again rather than kept waiting
constexpr int first_backoff_ms = 50, last_backoff_ms = 5000;
constexpr int idle_ping_ms = 30000;

// A session a thread; each visit is one transaction, run again when the server undid it.
class mariadb_database final : public database {
public:
    explicit mariadb_database(const database_options& options) : options_(options), queue_(options), starting_(options.sessions) {
        for (int i = 0; i < options.sessions; ++i) threads_.emplace_back([this] { thread_role::name("db session"), serve_forever(); });
    }
    ~mariadb_database() override { stop(); }

    database_state state() const override {
        database_state out;
        out.ready = connected_ > 0;
        if (!out.ready) {
            std::lock_guard lock(refusal_mutex_);
            out.reason = refusal_.empty() ? "no connection to MariaDB" : refusal_;
        }
        out.waiting = queue_.size();
        out.visits = visits_, out.commits = commits_, out.replays = replays_, out.refused = queue_.refused();
        return out;
    }
    bool is_mariadb() const override { return true; }
    void stop() override {
        queue_.close();
        for (auto& each : threads_)
            if (each.joinable()) each.join();
    }

protected:
    void submit(access kind, visit work) override {
        // Reads go through the same sessions: the server alone can promise that a read transaction writes nothing. A write's transaction
        // begins by itself with its first statement (autocommit is off), which spares a journey each.
        if (kind == access::read) {
            work.run = [run = std::move(work.run)](soci::session& session) {
                sql::change(session, "START TRANSACTION READ ONLY");
                run(session);
            };
        }
        queue_.put(std::move(work));
    }

private:
    struct connection {
        soci::session session;
        bool open = false;
        int backoff_ms = first_backoff_ms;
        std::int64_t retry_at_ms = 0, used_at_ms = 0;
    };

    void serve_forever() {
        connection mine;
        reopen(mine);
        --starting_;
        while (auto work = next(mine)) work->done(serve(mine, *work));
        close(mine);
    }

    // The next visit; nothing at the end. Without a session this thread leaves the visits to those that have one, and tries to open its
    // own; when nobody has one, it takes them to say busy, rather than let them wait for a server that is away.
    std::optional<visit> next(connection& mine) {
        while (!mine.open && !queue_.is_closed()) {
            auto patience = std::chrono::milliseconds(std::max<std::int64_t>(1, mine.retry_at_ms - visit_queue::now_ms()));
            if (connected_ > 0 || starting_ > 0)
                queue_.rest(patience);
            else if (auto work = queue_.take_for(patience)) {
                if (usable(mine) || connected_ == 0) return work;
                queue_.give_back(std::move(*work)); // somebody was quicker to connect
            }
            usable(mine);
        }
        return queue_.take();
    }

    // Nothing when the visit is committed. A connection lost before COMMIT has undone everything, so the visit runs again on a new one;
    // whatever else happens during COMMIT, the outcome is unknown: busy, and the idempotency key tells when the request comes again. Busy
    // too when the server is unable for now.
    std::exception_ptr serve(connection& mine, visit& work) {
        ++visits_;
        for (int attempt = 1;; ++attempt) {
            if (!usable(mine)) return std::make_exception_ptr(busy());
            bool committing = false;
            try {
                work.run(mine.session);
                committing = true;
                sql::change(mine.session, "COMMIT");
                ++commits_;
                mine.used_at_ms = visit_queue::now_ms();
                return {};
            } catch (const std::exception& error) {
                auto caught = std::current_exception();
                if (is_lost(error))
                    close(mine);
                else
                    roll_back(mine);
                auto is_undone = is_replayable(error) || (is_lost(error) && !committing);
                if (!is_undone && !committing && !is_lost(error) && !is_unable(error)) return caught;
                if (is_unable(error)) say_unable();
                auto is_late = visit_queue::now_ms() - work.queued_at_ms > replay_limit_ms;
                if (!is_undone || attempt >= tries_limit || is_late) return std::make_exception_ptr(busy());
            } catch (...) { // whatever a handler's visit throws goes back to the handler
                roll_back(mine);
                return std::current_exception();
            }
            ++replays_;
            pause(attempt);
        }
    }

    // A session that answers: opened again after its backoff, asked for a sign of life when it has been idle.
    bool usable(connection& mine) {
        auto now = visit_queue::now_ms();
        if (mine.open && now - mine.used_at_ms > idle_ping_ms) {
            try {
                check_schema(mine.session);
                sql::change(mine.session, "ROLLBACK"); // of what it read
                mine.used_at_ms = now;
            } catch (const std::exception& error) {
                close(mine);
                refuse(error);
            }
        }
        if (!mine.open && now >= mine.retry_at_ms) reopen(mine);
        return mine.open;
    }

    void reopen(connection& mine) {
        try {
            open_session(mine.session, options_);
            check_server(mine.session);
            check_schema(mine.session);
            sql::change(mine.session, "SET SESSION autocommit = 0");
            mine.open = true;
            mine.backoff_ms = first_backoff_ms;
            mine.used_at_ms = visit_queue::now_ms();
            ++connected_;
        } catch (const std::exception& error) {
            discard(mine.session);
            refuse(error);
            auto jitter = static_cast<int>(randombytes_uniform(static_cast<std::uint32_t>(mine.backoff_ms)));
            mine.retry_at_ms = visit_queue::now_ms() + mine.backoff_ms / 2 + jitter;
            mine.backoff_ms = std::min(mine.backoff_ms * 2, last_backoff_ms);
            spdlog::warn("MariaDB cannot be reached; next try in {} ms", mine.backoff_ms);
        }
    }

    // An older backup may have been put back under us.
    static void check_schema(soci::session& session) {
        if (!has_every_migration(session))
            throw std::runtime_error("The database's schema is old: run `relais migrate` with an account that may change it.");
    }

    // Why the last session was not opened or kept, when the server was there: our own sentence. What the connector says may name accounts.
    void refuse(const std::exception& error) {
        auto is_ours = dynamic_cast<const soci::soci_error*>(&error) == nullptr;
        if (is_ours) spdlog::error("{}", error.what());
        std::lock_guard lock(refusal_mutex_);
        refusal_ = is_ours ? error.what() : "";
    }

    void close(connection& mine) {
        if (mine.open) --connected_;
        mine.open = false;
        discard(mine.session);
    }

    static void discard(soci::session& session) {
        sql::forget_statements(session);
        try {
            session.close();
        } catch (const std::exception&) { // already gone
        }
    }

    void roll_back(connection& mine) {
        try {
            sql::change(mine.session, "ROLLBACK");
        } catch (const std::exception&) {
            close(mine);
        }
    }

    // 5 ms, doubled each time, whole range at random: two replays must not meet again.
    // Once a minute, without the text, which may quote what was written.
    void say_unable() {
        auto now = visit_queue::now_ms(), last = said_unable_ms_.load();
        if (now - last < 60'000 || !said_unable_ms_.compare_exchange_strong(last, now)) return;
        spdlog::error("MariaDB is unable for now: a statement took too long or was killed, it only reads, or its disk is full");
    }

    static void pause(int attempt) {
        auto range = static_cast<std::uint32_t>(5U << attempt);
        std::this_thread::sleep_for(std::chrono::milliseconds(randombytes_uniform(range) + 1));
    }

    database_options options_;
    visit_queue queue_;
    std::vector<std::thread> threads_;
    std::atomic<int> connected_ = 0;
    std::atomic<std::int64_t> said_unable_ms_ = -60'000;
    std::atomic<int> starting_; // threads that have not tried to open their first session yet
    std::atomic<std::int64_t> visits_ = 0, commits_ = 0, replays_ = 0;
    mutable std::mutex refusal_mutex_;
    std::string refusal_;
};

} // namespace

std::unique_ptr<database> open(const database_options& options) { return std::make_unique<mariadb_database>(options); }

} // namespace relais::model::mariadb
