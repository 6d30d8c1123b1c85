// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/rule_decision.hpp"

#include <nlohmann/json.hpp>
#include <soci/soci.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// What rules may look at of a ticket, as each event of it keeps it: rules read an event later, when the ticket may have moved on.
// Source: docs/decisions/0091-a-trial-reads-what-was-true.md
namespace relais::model::ticket_facts {

inline constexpr auto key = "facts"; // in the data of an event; shown to nobody

// Whether an event may change them; readings do not. Such an event is recorded after what it tells was done.
bool are_changed_by(std::string_view action, std::string_view object_kind);

// What they are read from, in this order: for a statement that tells many tickets at once, as write() would, with JSON_ARRAY.
inline const std::string columns = "ticket.status, ticket.waiting_reason, ticket.channel, ticket.procedure_code, ticket.department, "
                                   "ticket.category, COALESCE(dossier.status, ''), ticket.flags, COALESCE(team.code, ''), "
                                   "COALESCE(ticket.assignee_id, 0), ticket.legal_at";
inline const std::string tables = "ticket LEFT JOIN dossier ON dossier.id = ticket.dossier_id LEFT JOIN team ON team.id = ticket.team_id";

// As they are now; nothing when the ticket is gone.
std::optional<rule_facts> of(soci::session& sql, std::int64_t ticket_id);

nlohmann::json write(const rule_facts& from);
// Throws: nlohmann::json::exception, on what write did not make.
rule_facts read(const nlohmann::json& from);

} // namespace relais::model::ticket_facts
