// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/database.hpp"
#include "model/registry_reading.hpp"
#include "server/registry.hpp"

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace relais::server {

// Reads the dossiers with an open ticket in the registry again through the day, the longest unread first, at a pace. Whoever holds the
// lease works; what was read is kept in the database, so that another goes on where this one stopped. While the registry is left alone
// after failures no dossier is read: it is only asked, when a probe is due, whether it is back.
class registry_refresher {
public:
    registry_refresher(model::database& database, registry& asked, model::clock_function now, model::registry_pace pace, std::string owner);

    // One turn. Returns how many dossiers were read.
    int turn();
    // Gives the lease back.
    void stop();

    // As counted less than a minute ago. From any thread.
    model::registry_progress progress() const;
    const model::registry_pace& pace() const { return pace_; }

private:
    // What the next turn reads, and under which lease.
    struct plan {
        std::optional<std::int64_t> token;
        bool has_more_to_follow = false;
        std::vector<model::registry_reading> readings;
    };
    plan make_plan(model::sys_seconds now);
    void write(const model::registry_reading& what, const model::registry_news& answer, std::int64_t token);
    void count(model::sys_seconds now);

    model::database& database_;
    registry& registry_;
    const model::clock_function now_;
    const model::registry_pace pace_;
    const std::string owner_;
    std::optional<std::int64_t> token_;
    std::optional<model::sys_seconds> counted_at_, followed_at_; // this and the above: only the thread of turn() knows
    mutable std::mutex mutex_;
    model::registry_progress progress_;
};

} // namespace relais::server
