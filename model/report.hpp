// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/clock.hpp"
#include "model/event.hpp"

#include <soci/soci.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace relais::model {

// The link that makes a ticket evidence of an incident, with who decided and why; or only a suggestion; or the fact that it stands alone.
struct report {
    std::int64_t id = 0, ticket_id = 0;
    std::optional<std::int64_t> incident_id, suggested_id;
    std::int64_t episode = 1;
    double score = 0; // the engine's probability, 0 to 1
    std::optional<std::int64_t> runner_up_id;
    double runner_up_score = 0;
    std::string engine;     // the version that decided; empty: a person did
    std::string reasons;    // JSON: the largest terms, with the words or fields of both sides
    std::string facts;      // JSON: what is counted for it (model/incident_facts.hpp)
    std::string decided_by; // engine or person
    std::string actor_name;
    sys_seconds decided_at, received_at;
    std::string person_key; // the same for one person's tickets
    std::optional<std::int64_t> dossier_id;
    std::string department;
    std::string verification; // after the fix: "", moved, stuck, unread or no_dossier
    std::optional<sys_seconds> verified_at;
    sys_seconds updated_at;
    std::int64_t contacts = 0; // what its incident counts of it: the messages of its people, as follow() found them last
    std::string legal_on;      // YYYY-MM-DD, likewise: its implicit decision while the ticket is open; empty: none

    static constexpr auto columns =
        "id, ticket_id, incident_id, suggested_id, episode, score, runner_up_id, runner_up_score, engine, reasons, facts, decided_by, "
        "actor_name, decided_at, received_at, person_key, dossier_id, department, verification, verified_at, updated_at, "
        "contacts, legal_on";
    auto fields() {
        return std::tie(id, ticket_id, incident_id, suggested_id, episode, score, runner_up_id, runner_up_score, engine, reasons, facts,
                        decided_by, actor_name, decided_at, received_at, person_key, dossier_id, department, verification, verified_at,
                        updated_at, contacts, legal_on);
    }
};

// What was decided of a ticket.
struct placement {
    std::int64_t ticket_id = 0;
    std::optional<std::int64_t> incident_id = {}, suggested_id = {}; // one of them, or neither
    double score = 1;
    std::optional<std::int64_t> runner_up_id = {};
    double runner_up_score = 0;
    std::string engine = {};
    std::string reasons = "[]";
};

namespace reports {

// Of a ticket; nothing while nobody has read it.
std::optional<report> find(soci::session& sql, std::int64_t ticket_id);

// Writes the decision, whatever was there before, and counts the ticket out of the incident it leaves and into the one it joins.
// The engine never replaces a person's attachment nor attaches what a person refused: then nothing changes and false is returned.
// Throws: not_found; conflict("conflict.merged"), when the incident became part of another, which a transaction that begins anew sees.
bool place(soci::session& sql, const placement& what, const actor& who, sys_seconds now);

// What became of these tickets since they were placed counts in their incidents: what people wrote or what left them, the dossier they were
// linked to, the category an agent gave them, and that they were closed. tickets: numbers, as texts. For the job that follows tickets:
// people who work on one touch no row that an incident's tickets share.
void follow(soci::session& sql, const std::vector<std::string>& tickets, sys_seconds now);

// The tickets of an incident, the last received first; after: the `received_at` and ticket of the line before.
std::vector<report> of_incident(soci::session& sql, std::int64_t incident_id, int limit,
                                std::optional<std::pair<sys_seconds, std::int64_t>> after = {});
// Tickets that may belong to it, the best first.
std::vector<report> suggested(soci::session& sql, std::int64_t incident_id, int limit);

// Counts an incident anew from its reports: after a merge, a split, or when a person doubts.
void recount(soci::session& sql, std::int64_t incident_id);

// The same text for the same person: the dossier holder's NEPH, else birth name and date, mail address, telephone, or the contact alone.
// Hashed, since it is compared and never read.
std::string person_key(soci::session& sql, std::int64_t ticket_id);

} // namespace reports

} // namespace relais::model
