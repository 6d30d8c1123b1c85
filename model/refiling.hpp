// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/ticket.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

// "Déposez une nouvelle demande": what a service must not say while a dossier exists, since it loses the person's place and makes a
// second dossier of the same case. An answer that says it is stopped until somebody says why it is right this time.
// Source: docs/decisions/0080-file-again.md
namespace relais::model::refilings {

constexpr std::size_t reason_limit = 200; // code points of what lets such a sentence pass

// The sentence that tells the reader to file again, in French or English, as it is written; nothing when there is none. "Vous n'avez pas à
// refaire de demande" tells the contrary, and "si vous déposez une nouvelle demande" asks for nothing.
std::optional<std::string> find(std::string_view text);

// The sentence of an answer to this ticket that is stopped: one that tells to file again while a dossier exists, linked or a candidate that
// nobody has chosen yet, of this ticket or of one that is read with it. Homonyms' dossiers are another person's.
std::optional<std::string> stopped(soci::session& sql, const ticket& on, std::string_view text);

// Lets an answer pass: nothing of it is stopped, or why says the reason, which is written down as "ticket.refiling_told". Throws: invalid
// on "new_request_reason", quoting the sentence.
void check(soci::session& sql, const ticket& on, std::string_view text, std::string_view why, const actor& who, sys_seconds now);

// The same for a message to everyone whom an incident concerns, since some of them have a dossier.
std::optional<std::string> stopped(soci::session& sql, std::int64_t incident_id, std::string_view text);
// As above; the reason is written down as "incident.refiling_told".
void check(soci::session& sql, std::int64_t incident_id, std::string_view text, std::string_view why, const actor& who, sys_seconds now);
// As above, of a message to those alone whose dossier moved: each of them has one, whenever it is found.
void check_holders(soci::session& sql, std::int64_t incident_id, std::string_view text, std::string_view why, const actor& who,
                   sys_seconds now);

} // namespace relais::model::refilings
