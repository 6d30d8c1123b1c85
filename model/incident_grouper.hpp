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
// order, each ticket written in one transaction with its removal from the queue; the others follow, so that every node can suggest.
// step() belongs to one thread at a time; suggest() and similar() may be asked by any.
class incident_grouper {
public:
    struct options {
        grouping::options engine;
        escalation_terms terms;
        std::string owner; // of the lease: one a process
        int batch = 32;    // tickets in one transaction
        grouping::burst_options bursts = {};
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
    void calibrate();
    void apply_rules(sys_seconds now);
    void go_on_telling(sys_seconds now);
    void end_hour(sys_seconds now);
    template <class Function> auto locked(Function function) {
        std::lock_guard lock(mutex_);
        return function();
    }

    database& database_;
    options options_;
    mutable std::timed_mutex mutex_; // of the engine, whose readings have room for one thread only
    grouping::engine engine_;
    std::atomic<bool> is_ready_{false};
    std::size_t consolidated_ = 0; // of the engine's tickets, those that the last consolidation knew
    std::optional<std::int64_t> token_;
    incident_bursts bursts_;
    sys_seconds followed_until_{}, renewed_at_{}, ruled_at_{}, consolidated_at_{}, closed_at_{};
    bool has_written_mail_ = false;
};

// The decisions of one batch, for the grouper and for filling the demonstration. The engine decides between transactions, never in one:
// whoever writes is not kept waiting while it computes.
namespace grouping_batch {

struct decided_ticket {
    std::int64_t id = 0;
    std::optional<grouped_ticket> ticket;       // nothing when it is gone
    std::optional<grouping::decision> decision; // nothing when a person placed it
};
// Tickets of the queue with their words.
std::vector<decided_ticket> load(soci::session& sql, const std::vector<std::int64_t>& tickets);

// Decides tickets from the given place on, one after the other, and tells the engine of each; ends with the first that founds a group,
// whose number only the database can give. Returns the place after the last one.
std::size_t decide(grouping::engine& engine, std::vector<decided_ticket>& tickets, std::size_t from);

// Writes the reports of tickets [from, until); opens, proposes, escalates and reopens incidents as the rules say. at: when each decision
// is made, of the ticket's arrival when it is empty (the demonstration's past). Returns the incident that the last ticket founded.
std::optional<std::int64_t> write(soci::session& sql, const std::vector<decided_ticket>& tickets, std::size_t from, std::size_t until,
                                  const escalation_terms& terms, std::optional<sys_seconds> at);

// Tells the engine where the last ticket decided went; nothing when decide() did already.
void tell(grouping::engine& engine, const decided_ticket& last, std::optional<std::int64_t> founded);

// All of it in the transaction of the session, for a database that nobody else uses.
void run(soci::session& sql, grouping::engine& engine, const std::vector<std::int64_t>& tickets, const escalation_terms& terms);

// Joins and moves, in order, what the engine would among groups that nobody reviewed. Returns how many changes were made.
int consolidate(soci::session& sql, grouping::engine& engine, const std::vector<grouping::proposal>& changes, const escalation_terms& terms,
                sys_seconds now);

} // namespace grouping_batch

} // namespace relais::model
