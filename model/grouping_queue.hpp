// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/grouping/decision.hpp"
#include "model/grouping/ticket.hpp"
#include "model/report.hpp"

#include <soci/soci.h>

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

namespace relais::model {

// A ticket with where it is, as the engine is told it.
struct grouped_ticket {
    grouping::ticket words;
    std::optional<std::int64_t> incident_id;
    bool is_by_person = false;
    bool skips_queue = false; // its category is a starred one (domain.md 3.5)
};

// What stands between the tickets' tables and the grouping engine.
namespace grouping_queue {

// The tickets that nobody has read yet, in the order in which they came.
std::vector<std::int64_t> next(soci::session& sql, int limit);
void remove(soci::session& sql, std::int64_t ticket_id);
// A ticket that the engine left alone is to be read again.
void add_again(soci::session& sql, std::int64_t ticket_id, sys_seconds now);

// The words and fields of a ticket; nothing when it is gone or was erased.
std::optional<grouped_ticket> load(soci::session& sql, std::int64_t ticket_id);

// Tickets that have a report, in order of arrival, from the place after on: for rebuilding the engine.
struct place {
    std::int64_t at = 0, ticket_id = 0;
};
std::vector<grouped_ticket> read(soci::session& sql, place after, int limit);
// Reports that changed since a moment, for following what other nodes and people decided; by people alone, for the node that decides.
std::vector<grouped_ticket> changed(soci::session& sql, sys_seconds since, bool by_people, int limit);

// The decision as it is kept in the report: the engine's version, the score, the terms.
placement placement_of(std::int64_t ticket_id, const grouping::decision& decided);

} // namespace grouping_queue

} // namespace relais::model
