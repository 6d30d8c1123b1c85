// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/call.hpp"
#include "model/callback.hpp"
#include "model/contact.hpp"

#include <soci/soci.h>

#include <optional>
#include <string>
#include <string_view>

namespace relais::model {

// What an agent writes of a call: on which ticket, what was asked and answered.
struct call_report {
    std::string reference;              // of the ticket; empty with a new one or none
    std::optional<contact> new_ticket;  // checked; its body is `said`
    std::string said;                   // by the citizen
    std::string answered;               // by us; what the written trace tells
    bool says_answer = false;           // of a new ticket, `said` is what we answered: nothing else was written
    std::string why_file_again;         // model/refiling.hpp
    std::optional<std::string> dossier; // number or public id, to link
    bool closes = false;
    std::string closure_reason;
    std::string outcome; // told by the agent, for an outgoing call or a voicemail; empty: as the telephone system says
    std::string note;    // without a ticket: why there is none
};

// What came of it.
struct reported_call {
    call what;
    std::string reference;
    bool is_traced = false; // a written trace leaves, by mail or letter
};

namespace call_reports {

// Writes the call down, in one transaction: the ticket (found or opened), its messages, the dossier, the closing, the trace in the outbox,
// the event. A second report on the same call adds its message and sends its own trace.
// Throws: invalid on "answered" (nothing was said at all), "ticket", "dossier", "reason", "new_request_reason"; not_found; conflict.
reported_call write(soci::session& sql, std::string_view call_public_id, const call_report& report, const actor& who, sys_seconds now);

// A call that only joins a ticket (from the API, or one that nobody answered): a note between colleagues, or the trace when it says
// something. Throws: invalid on "ticket".
reported_call link(soci::session& sql, const call& what, std::string_view reference, std::string_view words, const actor& who,
                   sys_seconds now, std::string_view why_file_again = {});

// The outcome of a callback writes down the calls by which this colleague made it: they ask for no report of their own.
void by_callback(soci::session& sql, const callback& made, const actor& who, sys_seconds now);

} // namespace call_reports

} // namespace relais::model
