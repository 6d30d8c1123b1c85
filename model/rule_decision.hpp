// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/rule.hpp"

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

// What rules decide, as a pure function of facts: the job that acts and the trial that only tells (model/rule_trial.hpp) both ask here, so
// that they cannot differ.
namespace relais::model {

// What a rule may look at of a ticket.
struct rule_facts {
    std::string status, waiting_reason, channel, procedure, department, category, dossier_status;
    std::string flags, team;   // flags: separated by a space; team: its code
    std::int64_t assignee = 0; // 0: nobody
    sys_seconds legal_at{};    // the end of the first legal deadline; legal_clocks::never
    auto fields() {
        return std::tie(status, waiting_reason, channel, procedure, department, category, dossier_status, flags, team, assignee, legal_at);
    }
    bool same_status(const rule_facts& other) const { return status == other.status && waiting_reason == other.waiting_reason; }
};

// A moment in which rules look at a ticket.
struct rule_moment {
    std::set<std::string_view> events; // of rules::events; empty: nothing that a rule listens to
    std::string clock;                 // which one, when a clock speaks
    sys_seconds at{};
    std::string words; // rule_words of the subject and of what the citizen wrote last
    rule_facts facts;
};

// One rule acts.
struct rule_decision {
    const rule* by = nullptr; // of the list that was given
    rule_actions does;        // those of its actions that change something
};

namespace rule_decisions {

bool holds(const rule_conditions& when, const rule_moment& at);
// The actions that would change something; none on a merged ticket, and a closed one is neither assigned nor put on hold.
rule_actions effect(const rule_actions& wanted, const rule_facts& on);
// The facts once these actions are done.
void apply(rule_facts& to, const rule_actions& done);

// Which rules act, in their order: each sees what those before it have done. spent: rules that have acted for this cause.
std::vector<rule_decision> decide(const std::vector<rule>& in_order, const rule_moment& at, const std::set<std::int64_t>& spent);

} // namespace rule_decisions

// Words as rules compare them: folded, without punctuation, one space between them and none at the ends.
std::string rule_words(std::string_view text);

} // namespace relais::model
