// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/rule_occasion.hpp"

#include <cstdint>
#include <set>
#include <stdexcept>
#include <string>
#include <tuple>
#include <vector>

namespace relais::model {

// What a rule did to a ticket, or what refused it.
struct rule_firing {
    std::int64_t id = 0, ticket_id = 0;
    std::string reference;
    sys_seconds happened_at{};
    std::string state;  // done, refused
    std::string effect; // JSON: rules::to_json of the actions, but for the words of a note
    std::string reason; // why it was refused: a key of templates/locales
    auto fields() { return std::tie(id, ticket_id, reference, happened_at, state, effect, reason); }
};

namespace rule_firings {

// An action that the ticket refused (a colleague whose account has ended, for instance). Thrown out of the transaction, so that it leaves
// no trace; the occasion is then read again with this refusal known.
struct refusal : std::runtime_error {
    refusal(std::int64_t rule, std::int64_t event, const std::string& reason)
        : std::runtime_error(reason), rule_id(rule), event_id(event) {}
    std::int64_t rule_id, event_id;
};

// The rules that have acted on the ticket for this cause.
std::set<std::int64_t> spent(soci::session& sql, std::int64_t ticket_id, const std::string& cause);
// Does what was decided, through the functions that people's actions go through, in the name of the rule; written down once for a cause.
// refused: what a first try found; it is written down and not done. Throws: refusal.
void perform(soci::session& sql, const rule_decision& what, const rule_occasion& on, const std::string& refused, sys_seconds now);
// What a rule did, newest first.
std::vector<rule_firing> of(soci::session& sql, std::int64_t rule_id, int limit = 50);

} // namespace rule_firings

} // namespace relais::model
