// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/call.hpp"
#include "model/callback.hpp"
#include "model/dossier.hpp"
#include "model/person.hpp"
#include "model/ticket.hpp"

#include <soci/soci.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace relais::model {

// Somebody who may be calling. certainty: "confirmed" (two facts were checked on this call), "known" (alone to have this number on file),
// "maybe" (others have it too, or only an earlier call says so).
struct caller {
    std::string key; // "c12" (a person of ours) or "d" and a dossier's public id (its holder): what a form sends back
    std::string certainty;
    person who;
    std::string reference; // a ticket or dossier number that the person may quote
};

// A fact that one asks for before talking about a dossier. Source: domain.md 6.3 (two of birth date, postal code, reference).
struct caller_fact {
    std::string code;  // birth_date, birth_name, postal_code, reference, dossier_number, neph, email
    std::string value; // what is on file
};

// A known problem that a ticket of the caller reports, or that holds up a dossier of theirs.
struct caller_incident {
    std::int64_t number = 0;
    std::string title, state, workaround; // what may be told at once
    auto fields() { return std::tie(number, title, state, workaround); }
};

// Everything a colleague needs when the telephone rings.
struct caller_card {
    call what;
    std::vector<caller> people;    // the surest first, at most people_limit
    std::vector<dossier> dossiers; // of those people or with that number, at most list_limit
    std::vector<ticket> tickets;   // open ones first, then those closed in the last months
    std::vector<call> earlier;
    std::optional<callback> promised;       // a call that we owe this number
    std::vector<caller_incident> incidents; // known problems of those tickets and dossiers
    std::string ticket_reference;           // when the call is linked to one already
};

namespace callers {

constexpr std::size_t people_limit = 6, list_limit = 8;
constexpr std::size_t facts_needed = 2;

// Throws: not_found.
caller_card card(soci::session& sql, std::string_view call_public_id, sys_seconds now);
// Those who have this number.
std::vector<caller> find(soci::session& sql, std::string_view phone);
// The holders of the dossiers that agree with what was typed (a number, a NEPH, a name): for a number that says nothing.
// Throws: invalid, when nothing that an index can find was typed.
std::vector<caller> search(soci::session& sql, std::string_view typed);
// What may be asked of this person: only what we hold.
std::vector<caller_fact> facts_of(soci::session& sql, const caller& who, const caller_card& of);

// Notes that the caller is this person, two of the facts having been checked. The event names the facts, never their values.
// Throws: invalid on "person" or "facts", not_found.
void confirm(soci::session& sql, std::string_view call_public_id, std::string_view key, const std::vector<std::string>& facts,
             const actor& who, sys_seconds now);

} // namespace callers

} // namespace relais::model
