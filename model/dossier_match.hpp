// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/clock.hpp"

#include <soci/soci.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace relais::model {

// What a contact says of the person the dossier is about and of the dossier. All as typed; empty: not said.
// When somebody writes for another person, the names and the birth date are that person's, or empty: never the writer's.
struct dossier_evidence {
    std::string number = {}, neph = {};            // whatever stood in either field: they are often swapped
    std::string name = {};                         // full or usual name in one field, in any order
    std::string birth_name = {}, first_names = {}; // when they were asked apart
    std::string birth_date = {};                   // YYYY-MM-DD, 00 for what is unknown
    std::string email = {}, phone = {};            // phone: E.164; both leave out a driving school's own
    std::string department = {}, procedure_code = {};
};

enum class link_outcome { linked, several, none };

struct dossier_candidate {
    std::int64_t dossier_id = 0;
    std::string why; // facts for the agent, as codes joined by "+": "number+name+birth_date"
};

// linked: one dossier, beyond reasonable doubt. several: two or more that the contact cannot tell apart.
// none: nothing, or (candidates) something too weak or contradicted, for the agent to judge.
struct dossier_link {
    link_outcome outcome = link_outcome::none;
    std::optional<std::int64_t> dossier_id;
    std::vector<dossier_candidate> candidates; // best first, at most candidates_limit; empty when linked
    std::string reason;                        // code: what decided or what was missing
};

namespace dossiers {

constexpr std::size_t candidates_limit = 10;

// linked, several or none: what ticket.dossier_link holds.
std::string_view word(link_outcome outcome);

// Finds the dossier a contact is about. Only index look-ups, meant for the write visit that opens a ticket. A wrong link is far worse than
// a missing one: see docs/decisions on linking.
dossier_link match(soci::session& sql, const dossier_evidence& evidence);

// Keeps a link for a ticket just inserted: the dossier in ticket_dossier (role subject) with its snapshot, or the candidates (role
// candidate). The ticket's own columns dossier_id and dossier_link are the caller's.
void keep_link(soci::session& sql, std::int64_t ticket_id, const dossier_link& link, sys_seconds now);
// The same without the snapshot.
void keep_roles(soci::session& sql, std::int64_t ticket_id, const dossier_link& link);

} // namespace dossiers

} // namespace relais::model
