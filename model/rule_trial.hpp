// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/calendar.hpp"
#include "model/rule_decision.hpp"

#include <soci/soci.h>

#include <cstdint>
#include <string>
#include <vector>

namespace relais::model {

// What a rule would have done in the last seven days, had it been on: the same decision (rule_decision.hpp) on the occasions that were
// written down then (rule_occasion.hpp), one after the other, each with what the rule would have done before to the same ticket.
struct rule_trial {
    struct touch {
        std::int64_t ticket_id = 0;
        std::string reference;
        sys_seconds at{};
        std::string cause;
        rule_actions does;
    };
    std::int64_t tickets = 0, times = 0;
    std::vector<touch> touched; // the last of each ticket, newest first, at most limits::shown
    bool is_whole = true;       // false: there was too much to look at; these are the newest tickets
};

namespace rule_trials {

constexpr int days = 7;

struct limits {
    std::size_t shown = 20;          // tickets told one by one
    std::size_t occasions = 200'000; // looked at
};

// what: as check made it; id: of the rule that it changes, 0 for a new one, which comes last in the order. The rules that are on act
// before and after it as they do. centre: the hours that "waited" counts.
rule_trial run(soci::session& sql, const rule_text& what, std::int64_t id, const calendar& centre, sys_seconds now,
               const limits& most = {});

} // namespace rule_trials

} // namespace relais::model
