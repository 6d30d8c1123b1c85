// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/event.hpp"
#include "model/rule_decision.hpp"

#include <soci/soci.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace relais::model {

// A stretch of a ticket's life that begins with an event and ends with the next, with the facts that rules read in it.
struct rule_occasion {
    std::int64_t event_id = 0, ticket_id = 0;
    sys_seconds happened_at{}, since_at{}; // since_at: in this status since
    std::optional<sys_seconds> until_at;
    std::int64_t cause_id = 0; // the last event of a person: what pays for what rules do (decision 0090)
    std::string action, actor_kind, clock;
    std::int64_t message_id = 0; // what the citizen wrote last
    rule_facts facts;
};

namespace rule_occasions {

constexpr int kept_days = 8; // a trial looks at seven

// Whether an event changes a ticket; readings do not.
bool concerns(const event& what);

struct noted {
    rule_occasion what;
    bool status_changed = false;
};
// Writes down what an event began, with the facts that it keeps (those of now, when it is older than them); what happened before began_at,
// when Relais did not look yet or which an import wrote down, with the status that the event gave. Nothing when it was written down
// already, or its ticket is gone.
std::optional<noted> note(soci::session& sql, const event& what, sys_seconds began_at);

// As rules see it. An event of a rule is nothing that rules listen to: they never answer one another.
rule_moment moment(const rule_occasion& of, bool status_changed, std::string words);
// The end of a wait of so many hours in one status.
rule_moment end_of_wait(const rule_occasion& of, sys_seconds at, std::string words);
// What a rule may do once for: the last event of a person, and what the clock said.
std::string cause(const rule_occasion& of);

// The subject and what the citizen had written last, as rules compare them.
std::string words(soci::session& sql, const rule_occasion& of);

// Stays in a status that last, the longest first, after one of them; at most `limit`.
std::vector<rule_occasion> stays(soci::session& sql, std::int64_t since, std::int64_t ticket, int limit);
// Everything that ended after `from` or lasts, ticket by ticket, from the ticket before this one, the newest ticket and occasion first; at
// most `limit`.
std::vector<rule_occasion> lived_since(soci::session& sql, sys_seconds from, std::int64_t before_ticket, int limit);
// Forgets what no trial looks at.
std::int64_t purge(soci::session& sql, sys_seconds now);

} // namespace rule_occasions

} // namespace relais::model
