// SPDX-License-Identifier: EUPL-1.2
#include "server/registry.hpp"

#include "model/dossier_plausible.hpp"
#include "server/circuit_breaker.hpp"
#include "server/registry_cache.hpp"
#include "server/registry_connection.hpp"
#include "server/registry_mirror.hpp"

#include <cppconn/exception.h>
#include <spdlog/spdlog.h>

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <stdexcept>
#include <thread>

namespace relais::server {

namespace {

using steady = std::chrono::steady_clock;
constexpr std::size_t waiting_limit = 64;

// A question on its way. The asker leaves at its deadline; the thread that answers later finds nobody.
struct question {
    registry_query query;
    steady::time_point asked_at = steady::now();
    std::mutex mutex;
    std::condition_variable changed;
    bool connecting = true, abandoned = false, answered = false;
    registry_answer answer;
};

class remote_registry final : public registry {
public:
    remote_registry(const registry_options& options, model::clock_function now)
        : options_(options), statements_(options), now_(std::move(now)),
          breaker_(
              {options.failures_in_a_row, static_cast<std::size_t>(options.failures_window), std::chrono::milliseconds(options.probe_ms)}),
          cache_(std::chrono::seconds(options.cache_s)) {
        for (int i = 0; i < options.threads; ++i) threads_.emplace_back([this] { serve(); });
    }

    ~remote_registry() override {
        {
            std::lock_guard lock(mutex_);
            stopping_ = true;
        }
        waiting_changed_.notify_all();
        for (auto& each : threads_) each.join();
    }

    bool is_breaker_open() const override { return breaker_.is_open(); }
    bool is_ready() const override { return breaker_.would_allow(steady::now()); }
    bool is_mirror() const override { return false; }
    int lanes() const override { return options_.threads; }

    registry_answer look_up(const registry_query& query) override {
        if (query.is_empty()) return {registry_outcome::not_found};
        if (auto kept = cache_.find(query)) {
            ++counters_.from_cache;
            journal_.note({kept->outcome, {}, true});
            return *kept;
        }
        auto asked = std::make_shared<question>();
        asked->query = query;
        if (auto refusal = put(asked); !refusal.empty()) return {registry_outcome::unavailable, {}, std::move(refusal)};
        auto answer = wait(*asked);
        refuse_impossible(answer);
        count(query, answer);
        journal_.note({answer.outcome, std::chrono::duration_cast<std::chrono::microseconds>(steady::now() - asked->asked_at)});
        return answer;
    }

private:
    // Why it is not asked; empty when it is. Too many of our own questions say nothing of the registry: the breaker does not hear of it.
    std::string put(const std::shared_ptr<question>& asked) {
        std::lock_guard lock(mutex_);
        if (waiting_.size() >= waiting_limit) {
            ++counters_.failed;
            return "too many questions";
        }
        if (!breaker_.allow(steady::now())) {
            ++counters_.refused_by_breaker;
            return "breaker open";
        }
        ++counters_.asked;
        waiting_.push_back(asked);
        waiting_changed_.notify_one();
        return "";
    }

    // Until the answer, connect_ms without a connection, or total_ms.
    registry_answer wait(question& asked) {
        std::unique_lock lock(asked.mutex);
        auto connect_by = asked.asked_at + std::chrono::milliseconds(options_.connect_ms);
        auto answer_by = asked.asked_at + std::chrono::milliseconds(options_.total_ms);
        asked.changed.wait_until(lock, connect_by, [&] { return asked.answered || !asked.connecting; });
        if (asked.answered || !asked.connecting) asked.changed.wait_until(lock, answer_by, [&] { return asked.answered; });
        if (asked.answered) return asked.answer;
        asked.abandoned = true;
        ++counters_.late;
        return {registry_outcome::unavailable, {}, asked.connecting ? "no connection in time" : "no answer in time"};
    }

    void refuse_impossible(registry_answer& answer) const {
        for (const auto& each : answer.dossiers) {
            auto wrong = model::dossiers::impossible_in(each, now_());
            if (!wrong) continue;
            auto column = name_in_view(wrong->column);
            auto reason = std::string(wrong->reason);
            answer = {registry_outcome::unreadable, {}, "column " + column + " " + reason, column, reason};
            return;
        }
    }
    const std::string& name_in_view(std::string_view column) const {
        if (column == "birth_name") return options_.birth_name;
        if (column == "birth_date") return options_.birth_date;
        if (column == "status") return options_.status;
        return column == "status_since" ? options_.status_since : options_.updated_at;
    }

    void count(const registry_query& query, const registry_answer& answer) {
        auto is_failure = answer.outcome == registry_outcome::unavailable;
        breaker_.record(!is_failure, steady::now());
        if (is_failure)
            ++counters_.failed;
        else if (answer.outcome == registry_outcome::not_found)
            ++counters_.not_found;
        else if (answer.outcome != registry_outcome::unreadable)
            ++counters_.found;
        if (is_failure || answer.outcome == registry_outcome::unreadable) spdlog::warn("registry: {}", answer.fault);
        cache_.keep(query, answer);
    }

    void serve() {
        enter_registry_thread();
        {
            registry_connection mine(options_, statements_);
            while (auto asked = take()) answer(mine, *asked);
        }
        leave_registry_thread();
    }

    std::shared_ptr<question> take() {
        std::unique_lock lock(mutex_);
        waiting_changed_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
        if (waiting_.empty() || stopping_) return nullptr;
        auto asked = std::move(waiting_.front());
        waiting_.pop_front();
        return asked;
    }

    void answer(registry_connection& mine, question& asked) {
        registry_answer found;
        // A connection that was lost while idle is found out by asking: then once more on a new one.
        for (int attempt = 1; attempt <= 2; ++attempt) {
            if (is_abandoned(asked)) return;
            auto was_open = mine.is_open();
            try {
                if (!was_open) mine.open();
                tell_connected(asked);
                found = mine.ask(asked.query);
                break;
            } catch (const sql::SQLException& error) {
                // The text of the error may quote what was asked; its number says enough.
                found = {registry_outcome::unavailable, {}, "error " + std::to_string(error.getErrorCode())};
                if (!was_open || mine.is_open()) break;
            } catch (const std::exception&) {
                found = {registry_outcome::unavailable, {}, "client error"};
                mine.close();
                break;
            }
        }
        std::lock_guard lock(asked.mutex);
        asked.answer = std::move(found);
        asked.answered = true;
        asked.changed.notify_all();
    }

    static bool is_abandoned(question& asked) {
        std::lock_guard lock(asked.mutex);
        return asked.abandoned;
    }
    static void tell_connected(question& asked) {
        std::lock_guard lock(asked.mutex);
        asked.connecting = false;
        asked.changed.notify_all();
    }

    const registry_options options_;
    const registry_statements statements_;
    const model::clock_function now_;
    circuit_breaker breaker_;
    registry_cache cache_;
    std::mutex mutex_;
    std::condition_variable waiting_changed_;
    std::deque<std::shared_ptr<question>> waiting_;
    bool stopping_ = false;
    std::vector<std::thread> threads_;
};

} // namespace

std::string registry_fault(const registry_options& options) {
    if (!options.is_configured()) return "";
    if (options.ca_file.empty() && !options.clear_text && options.socket.empty())
        return "registry.ca_file is missing: the registry's certificate could not be verified. Give the file, or say clear_text = true "
               "when the connection goes through a local tunnel";
    try {
        registry_statements checked(options);
    } catch (const std::runtime_error& error) {
        return error.what();
    }
    return "";
}

const char* word(registry_outcome outcome) {
    switch (outcome) {
    case registry_outcome::found:
        return "found";
    case registry_outcome::not_found:
        return "not_found";
    case registry_outcome::several:
        return "several";
    case registry_outcome::unreadable:
        return "unreadable";
    case registry_outcome::unavailable:
        return "unavailable";
    }
    return "unavailable";
}

std::unique_ptr<registry> open_registry(const registry_options& options, model::database& mirror, model::clock_function now) {
    if (!options.is_configured()) return mirror_registry(mirror);
    if (auto fault = registry_fault(options); !fault.empty()) throw std::runtime_error(fault);
    return std::make_unique<remote_registry>(options, std::move(now));
}

} // namespace relais::server
