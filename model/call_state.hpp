// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/call.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace relais::model {

// One event of the telephone system, in Zammad's generic form (peers.md 2.2), read and checked.
struct cti_event {
    std::string kind;               // newCall, answer, hangup
    std::string call_id;            // unique a call and a sender
    std::string from, to;           // as given: digits, or "anonymous"
    std::string direction = "in";   // in, out
    std::vector<std::string> users; // names or logins
    std::string queue, answering_number, cause;
};

// A telephone that rings or answers, and the colleague it belongs to, when known.
struct answerer {
    std::optional<std::int64_t> user_id;
    std::string name;
    std::optional<std::int64_t> team_id;
    std::string number; // of an unknown one
};

// What an event makes of a call, whatever the order in which the events come: pure.
namespace call_states {

// The call that its first event, whichever it is, begins.
call begin(const cti_event& what, std::int64_t at_us);
void ring(call& on, const std::vector<answerer>& wanted, std::int64_t at_us);
// Somebody answered. True when it is a transfer: somebody else had.
bool answer(call& on, const answerer& who, std::int64_t at_us);
// cause: of the hangup; by: hangup, timeout or agent.
void hang_up(call& on, std::string_view cause, std::string_view by, std::int64_t at_us);

// The outcome of a call that nobody answered, from the cause of its hangup. A caller who hangs up in the queue is often told as
// "normalClearing": without an answer it is an abandoned call, and is called back. Source: Zammad's documented causes.
std::string_view unanswered_outcome(std::string_view cause);

// The citizen's number in E.164 and as it came: from "33639981234", "+33 6...", "0639981234", "anonymous".
std::pair<std::string, std::string> phone_of(std::string_view given);

} // namespace call_states

} // namespace relais::model
