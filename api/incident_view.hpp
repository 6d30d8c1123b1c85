// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/views.hpp"
#include "model/incident_sheet.hpp"
#include "model/silent_dossier.hpp"
#include "model/ticket_incident.hpp"

// What of an incident leaves, and in which words.
namespace relais::api::views {

// The fields: what lists, actions and the page share. Words written for the team are left out for those who may not see them.
nlohmann::json incident(const model::incident& of, const lens& through);
// The whole page, or the whole answer of GET /api/v1/incidents/{number}.
nlohmann::json incident_sheet(const model::incident_sheet& sheet, const lens& through);
// How many silent dossiers, as a page says it: "99+" from silent_dossiers::shown_most on.
std::string silent_shown(std::int64_t count, const lens& through);
// Whoever sees neither words nor people, the product owner and the administrator, is told of no one to four persons by a count either.
// Source: docs/decisions/0210-few-persons-and-the-owner.md
bool sees_few(const sight& sees);
// Whether so few people wrote about it that this reader is told of none of them: neither numbers, tickets nor places.
bool hides_few(const model::incident& of, const lens& through);
// A count of persons, or of what each of them has one of; null: of one to four, for those who are not told.
nlohmann::json told_count(std::int64_t count, const lens& through);
std::string count_shown(const nlohmann::json& count, const lens& through);
// What everybody may read of a published one.
nlohmann::json public_incident(const model::incident& of, const lens& through);
// A ticket with why it is there; its words for those who may read them.
nlohmann::json incident_ticket(const model::incident_ticket& of, const lens& through);
// {"incident": ... or null, "suggestion": ... or null}: what a ticket is evidence of or may be, with why, and what to do meanwhile.
nlohmann::json ticket_incident(const model::ticket_incident& of, const lens& through);
nlohmann::json reported_dossier(const model::silent_dossiers::reported_dossier& of, const lens& through);

// What its tickets say, counted: [{"name": "step", "value": "photo", "tickets": 12}].
nlohmann::json incident_facts(const std::vector<model::incident_fact>& all, const lens& through);
// One sentence of what happens: procedure, step, code, status, release, as most of its tickets say.
std::string incident_sentence(const std::vector<model::incident_fact>& facts, const lens& through);
// Its title, or one made of its category when nobody gave it any.
std::string incident_title(const model::incident& of, const std::vector<model::incident_fact>& facts, const lens& through);

} // namespace relais::api::views
