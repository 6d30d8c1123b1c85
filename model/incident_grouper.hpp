// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/database.hpp"
#include "model/escalation_rule.hpp"
#include "model/grouping/engine.hpp"
#include "model/grouping_queue.hpp"
#include "model/incident_bursts.hpp"

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace relais::model {

// A node's grouping: the engine in memory, kept up with the database. One node holds the lease and decides what the queue brings, in
// order, each ticket in one transaction with its removal from the queue; the others follow, so that every node can suggest.
// step() belongs to one thread at a time; suggest() and similar() may be asked by any.
class incident_grouper {
public:
    struct options {
        grouping::options engine;
        escalation_terms terms;
        std::string owner; // of the lease: one a process
        int batch = 32;    // tickets in one transaction
    };
    incident_grouper(database& from, options wanted);

    // Reads everything again. Called by the first step and after a batch that failed.
    void rebuild(sys_seconds now);
    // Follows what changed, then, holding the lease, decides the next batch and applies the rules that are due. Returns how many tickets
    // were decided; when it is the batch, there may be more.
    int step(sys_seconds now);
    // Whether the last steps wrote to the outbox.
    bool take_mail_written();
    // Gives the lease back.
    void stop();

    bool is_ready() const { return is_ready_; }
    bool is_leader() const { return token_.has_value(); }
    std::size_t memory_bytes() const;

    // Incidents that a ticket, or words being typed (id 0), may belong to, the most probable first. Nothing until ready, and nothing when
    // the engine is at work for longer than patience: a suggestion helps, and nobody waits for it.
    std::vector<grouping::match> suggest(const grouping::ticket& asked, std::size_t limit) const;
    // Tickets that read alike, in the same way.
    std::vector<grouping::similar_ticket> similar(const grouping::ticket& asked, std::size_t limit) const;

    static constexpr std::chrono::milliseconds patience{100};

private:
    void renew_lease(sys_seconds now);
    void follow(sys_seconds now);
    void put(const grouped_ticket& one);
    int decide_batch(sys_seconds now);
    void apply_rules(sys_seconds now);
    void go_on_telling(sys_seconds now);
    void end_hour(sys_seconds now);

    database& database_;
    options options_;
    mutable std::timed_mutex mutex_; // of the engine, whose readings have room for one thread only
    grouping::engine engine_;
    std::atomic<bool> is_ready_{false};
    std::size_t consolidated_ = 0; // of the engine's tickets, those that the last consolidation knew
    std::optional<std::int64_t> token_;
    incident_bursts bursts_;
    sys_seconds followed_until_{}, renewed_at_{}, ruled_at_{}, consolidated_at_{};
    bool has_written_mail_ = false;
};

// The decisions of one batch, in the transaction of the session: for the grouper and for filling the demonstration.
namespace grouping_batch {

struct outcome {
    int decided = 0;
    std::vector<std::int64_t> touched; // incidents whose tickets changed
};
// Decides tickets one after the other with the engine, which is told of each; writes the reports; opens, proposes, escalates and reopens
// incidents as the rules say. at: when each decision is made, of the ticket's arrival when it is empty (the demonstration's past).
outcome run(soci::session& sql, grouping::engine& engine, const std::vector<std::int64_t>& tickets, const escalation_terms& terms,
            std::optional<sys_seconds> at);

// Joins and moves, in order, what the engine would among groups that nobody reviewed. Returns how many changes were made.
int consolidate(soci::session& sql, grouping::engine& engine, const std::vector<grouping::proposal>& changes, const escalation_terms& terms,
                sys_seconds now);

} // namespace grouping_batch

} // namespace relais::model
