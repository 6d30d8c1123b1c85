// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "server/registry.hpp"

#include <chrono>
#include <cstddef>
#include <map>
#include <mutex>
#include <optional>

namespace relais::server {

// What the registry said in the last minutes: an agent who opens three tickets of one person asks once. What was not there may be there
// soon, and is not kept. On the steady clock.
class registry_cache {
public:
    explicit registry_cache(std::chrono::seconds keep) : keep_(keep) {}

    // With its age.
    std::optional<registry_answer> find(const registry_query& query) {
        std::lock_guard lock(mutex_);
        auto found = kept_.find(query);
        if (found == kept_.end()) return std::nullopt;
        auto age = std::chrono::steady_clock::now() - found->second.said_at;
        if (age < keep_) {
            auto out = found->second.answer;
            out.age = std::chrono::floor<std::chrono::seconds>(age);
            return out;
        }
        kept_.erase(found);
        return std::nullopt;
    }

    void keep(const registry_query& query, const registry_answer& answer) {
        auto is_lasting = answer.outcome == registry_outcome::found || answer.outcome == registry_outcome::several;
        if (keep_.count() == 0 || !is_lasting) return;
        std::lock_guard lock(mutex_);
        if (kept_.size() >= limit) kept_.clear();
        kept_.insert_or_assign(query, entry{std::chrono::steady_clock::now(), answer});
    }

private:
    static constexpr std::size_t limit = 1000;
    struct entry {
        std::chrono::steady_clock::time_point said_at;
        registry_answer answer;
    };
    const std::chrono::seconds keep_;
    std::mutex mutex_;
    std::map<registry_query, entry> kept_;
};

} // namespace relais::server
