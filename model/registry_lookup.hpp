// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/clock.hpp"
#include "model/dossier_match.hpp"
#include "model/dossier_store.hpp"

#include <soci/soci.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace relais::model {

// A ticket about which the registry is to be asked: queued in the transaction that opened it, answered by server/registry_worker.
struct registry_lookup {
    std::int64_t id = 0, ticket_id = 0, attempts = 0;
    std::optional<std::int64_t> dossier_id; // linked already: its state is read again
    std::string dossier_number;             // of that dossier
    dossier_evidence evidence;              // of the ticket
};

// What the registry said of one of them.
struct registry_news {
    enum class outcome { answered, not_found, unreadable, unavailable };
    outcome what = outcome::unavailable;
    std::vector<dossier_news> dossiers;
    std::string source = "registry"; // or mirror, when no registry is configured: then nothing is stored nor frozen twice
};

namespace registry_lookups {

constexpr std::int64_t claim_s = 30;

// Takes up to `limit` due rows for claim_s seconds, after which they fall due again: a process that dies loses none.
std::vector<registry_lookup> take(soci::session& sql, int limit, sys_seconds now);

// Writes an answer: the mirror's new state, a second snapshot (source registry), and the link of a ticket that had none, when the evidence
// with what the registry knows now decides (dossiers::match). unavailable: asked again after 10 s, 1 min, 5 min, then every quarter of an
// hour for five days. not_found: again after an hour, six hours and a day, since the registry learns too. True when it linked the ticket.
bool finish(soci::session& sql, const registry_lookup& what, const registry_news& answer, sys_seconds now);

// The registry answers again: what waits for it falls due now, at most 500 rows a call; returns how many.
std::int64_t hasten(soci::session& sql, sys_seconds now);

// How many wait, for the administration listener.
std::int64_t count_waiting(soci::session& sql);

} // namespace registry_lookups

} // namespace relais::model
