// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/attachment.hpp"
#include "model/dossier.hpp"
#include "model/event.hpp"
#include "model/message.hpp"
#include "model/person.hpp"
#include "model/ticket.hpp"
#include "model/user.hpp"

#include <soci/soci.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace relais::model {

// A dossier that a ticket names or may be about, and what it is to it.
struct related_dossier {
    std::string role, why; // role: subject, candidate, duplicate, homonym, pupil; why: a code, or an agent's words
    dossier what;
};

// A mail or a letter about a ticket, without its text.
struct sent_item {
    std::int64_t id = 0;
    std::string kind, medium, recipient, state;
    sys_seconds created_at;
    std::optional<sys_seconds> sent_at;
    std::string error;
    auto fields() { return std::tie(id, kind, medium, recipient, state, created_at, sent_at, error); }
};

// Everything about one ticket, as the desk reads it.
struct ticket_sheet {
    model::ticket ticket;
    person requester, subject_person;
    std::vector<message> messages;
    std::vector<attachment> attachments;
    std::optional<dossier> subject_dossier;
    std::vector<dossier_snapshot> snapshots;
    std::vector<related_dossier> related; // the subject excepted
    std::vector<model::ticket> previous;  // of the same person or dossier
    std::vector<model::ticket> alike;     // others that read alike, as the grouping knows; filled by who asks it
    std::vector<event> history;           // the newest 500 changes and 100 readings, oldest first
    std::vector<sent_item> sent;
    std::string assignee;
    std::string merged_into;                    // reference; empty: stands by itself
    std::map<std::int64_t, std::string> merged; // references of those read with it, by row
};

namespace ticket_sheets {

// Throws: not_found.
ticket_sheet get(soci::session& sql, std::string_view reference);

// These tickets, in their order; what is gone, or of the same person or dossier, is left out.
std::vector<ticket> others(soci::session& sql, const ticket_sheet& of, const std::vector<std::int64_t>& tickets);

// Notes that somebody read the ticket, and the dossiers beside it: who saw which dossier, and when, must be answerable. Once an hour: what
// was read already, with the same dossiers beside it, needs no writing. Source: security.md lines 67 and 78,
// docs/decisions/0212-one-reading-an-hour.md
bool is_read_already(const actor& who, const ticket_sheet& what, sys_seconds now);
void record_reading(soci::session& sql, const actor& who, const ticket_sheet& what, sys_seconds now);

// What happened to a ticket after an event, readings excepted, the newest fifty: told to whom was overtaken by a colleague.
std::vector<event> changes_since(soci::session& sql, std::int64_t ticket_id, std::int64_t event_id);

} // namespace ticket_sheets

} // namespace relais::model
