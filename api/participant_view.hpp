// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/action_fields.hpp"
#include "api/views.hpp"
#include "model/participant.hpp"
#include "model/reply_draft.hpp"

#include <nlohmann/json.hpp>

#include <optional>
#include <string>
#include <vector>

// Who is on a ticket and who reads which of its messages, for the desk.
namespace relais::api::participant_views {

// Read in one visit. people: those of the ticket, and whoever reads a message that came from another.
struct seen {
    std::string requester, channel; // the name, and where the ticket came from
    std::vector<model::participant> people;
    std::vector<model::message_reader> readers;
    std::vector<std::int64_t> here; // rows of those who are or were on this very ticket
};
seen read(soci::session& sql, std::string_view reference);

nlohmann::json one(const model::participant& who, const lens& through);
// All of them, the requester first under the number 0.
nlohmann::json people(const seen& what, const lens& through);

// Puts `participants` beside the ticket, and on each of its messages `to` and `from_participant`. For those who see people and words.
void put(nlohmann::json& ticket, const seen& what, const lens& through);
// For the page that answers: whom the next message may be addressed to, and who is chosen. In order: what was just typed, the draft,
// whoever wrote last; else the requester.
void put_choices(nlohmann::json& ticket, const seen& what, const request& request, const std::optional<model::reply_draft>& draft);

// Whom an answer is addressed to, as the form (to[]) or the program (to: numbers) says it; nobody: nothing was said.
// Throws: invalid on "to", when a form chose nobody or a number cannot be read.
std::vector<std::int64_t> readers_in(const request& request, const action_fields& given);

// "Zoé N., Auto-école du Port (mandataire)".
std::string list(const seen& what, const std::vector<std::int64_t>& ids, const catalogue& texts, std::string_view language);

// What an event says of them; empty when it is about nobody.
std::string history_detail(const model::event& of, const seen& what, const catalogue& texts, std::string_view language);

} // namespace relais::api::participant_views
