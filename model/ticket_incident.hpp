// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/incident.hpp"
#include "model/report.hpp"
#include "model/ticket_actions.hpp"

#include <cstdint>
#include <optional>

// A ticket and its incident, from the ticket's side: the same corrections as model/incident_corrections.hpp, on the version of the ticket.
namespace relais::model {

// What a ticket is evidence of, or may be. At most one of the two incidents is there.
struct ticket_incident {
    std::optional<report> link; // nothing while nobody has read the ticket
    std::optional<incident> attached, suggested;
};

namespace tickets {

ticket_incident incident_of(soci::session& sql, std::int64_t ticket_id);

// Attaches the ticket to an incident; without a number, to the one suggested. waits: it waits for the incident (status waiting, reason
// incident) and leaves the queue, unless the incident is fixed. Throws: invalid on "incident"; what incidents::attach throws.
void attach_incident(soci::session& sql, const action& act, std::optional<std::int64_t> number, bool waits);

// Takes the ticket out of its incident; or, when it is in none, refuses the one suggested. A ticket that waited comes back to the queue.
// Throws: conflict("conflict.not_attached").
void remove_incident(soci::session& sql, const action& act);

// As ticket_waits::begin, by a person: who has a ticket wait for an incident says that it is evidence of it, so that its fix is told too.
void await(soci::session& sql, const action& act, std::string_view reason, std::string_view detail);

} // namespace tickets

} // namespace relais::model
