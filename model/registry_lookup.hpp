// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/clock.hpp"
#include "model/dossier_match.hpp"
#include "model/dossier_store.hpp"

#include <soci/soci.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace relais::model {

// A ticket about which the registry is to be asked: queued in the transaction that opened it, answered by server/registry_worker.
struct registry_lookup {
    std::int64_t id = 0, ticket_id = 0;
    std::int64_t token = 0; // of the lease: what a later holder has taken is not written by an earlier one
    sys_seconds created_at{};
    std::optional<std::int64_t> dossier_id; // linked already: its state is read again
    std::string dossier_number;             // of that dossier
    dossier_evidence evidence;              // of the ticket
};

// What the registry said of one of them. unreadable: something that is no dossier. unavailable: nothing in time.
struct registry_news {
    enum class outcome { answered, not_found, unreadable, unavailable };
    outcome what = outcome::unavailable;
    std::vector<dossier_news> dossiers;
    sys_seconds asked_at{};      // when the registry's state was read
    std::string column, reason;  // of what was unreadable: the view's column, and why
    bool is_from_mirror = false; // no registry is configured: nothing is stored, and no second snapshot taken
};

namespace registry_lookups {

constexpr std::int64_t lease_s = 30;
constexpr int hasten_limit = 500;

// True when a row is due: looked at before take(), which writes.
bool has_due(soci::session& sql, sys_seconds now);

// Takes up to `limit` due rows under a lease, after which they fall due again: a process that dies loses none.
std::vector<registry_lookup> take(soci::session& sql, int limit, sys_seconds now);

// Writes an answer: the mirror's new state, a snapshot with source "registry", and the link of a ticket that had none, when the evidence
// with what the registry knows decides (dossiers::match). Nothing when the lease has passed to another.
// unavailable: asked again after half its age, between 10 s and a quarter of an hour, for as long as it takes. not_found: again when it is
// an hour, seven hours and thirty-one hours old, since the registry learns too; then left to the agent. unreadable: for a day like
// unavailable, since whoever keeps the registry mends it; then like not_found. True when it linked the ticket.
bool finish(soci::session& sql, const registry_lookup& what, const registry_news& answer, sys_seconds now);

// The registry answers again: what waits for it falls due now, at most hasten_limit rows a call; returns how many.
std::int64_t hasten(soci::session& sql, sys_seconds now);

// An agent says that the ticket has no dossier: nobody is asked any more.
void forget(soci::session& sql, std::int64_t ticket_id);

// How many wait, counted to 10,000, for the administration listener.
std::int64_t count_waiting(soci::session& sql);

} // namespace registry_lookups

} // namespace relais::model
