// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

// The life of an incident: which action leads from which state to which, and who may do it. The only table of it; docs/incident-states.md
// is printed from here (tests/model/incident_state_test.cpp). Source: contract.md, "Enumerations" and "incidents".
namespace relais::model::incident_states {

inline constexpr auto all = std::to_array<std::string_view>({"watched", "proposed", "confirmed", "escalated", "accepted", "fix_scheduled",
                                                             "fixed", "verified", "closed", "dismissed", "regressed"});
constexpr bool is_known(std::string_view state) { return std::find(all.begin(), all.end(), state) != all.end(); }

// Listed: what the resolution team's board shows. A group still too small, a closed or a dismissed incident are found by a search only.
constexpr bool is_listed(std::string_view state) { return state != "watched" && state != "closed" && state != "dismissed"; }
// Fixed, as far as we know: a ticket received after the fix speaks for a regression.
constexpr bool is_fixed(std::string_view state) { return state == "fixed" || state == "verified" || state == "closed"; }
// In the hands of the resolution team, or offered to it: no rule hands it over again.
constexpr bool is_handed_over(std::string_view state) {
    return state == "escalated" || state == "accepted" || state == "fix_scheduled" || state == "regressed";
}

// Who acts: `machine` is Relais itself (the grouping leader and its rules).
enum who : unsigned {
    machine = 1,
    agents = 2,
    resolvers = 4,
    supervisors = 8,
    people = agents | resolvers | supervisors,
    deciders = resolvers | supervisors
};

// One line of the table. from: states joined by a space; to: empty when the state stays what it is.
struct transition {
    std::string_view action;
    std::string_view from;
    std::string_view to;
    unsigned by;
};

inline constexpr auto table = std::to_array<transition>({
    {"proposal", "watched", "proposed", machine | people},
    {"withdrawal", "proposed", "watched", machine},
    {"confirmation", "watched proposed", "confirmed", deciders},
    {"escalation", "confirmed", "escalated", machine | people},
    {"acceptance", "escalated regressed", "accepted", resolvers},
    {"return", "escalated regressed", "confirmed", resolvers},
    {"schedule", "accepted fix_scheduled", "fix_scheduled", resolvers},
    {"fix", "confirmed escalated regressed accepted fix_scheduled", "fixed", resolvers},
    {"verification", "fixed", "verified", machine | resolvers},
    {"closure", "verified", "closed", deciders},
    {"reopening", "fixed verified closed dismissed", "confirmed", deciders},
    {"regression", "fixed verified closed", "regressed", machine | deciders},
    {"dismissal", "watched proposed confirmed escalated accepted", "dismissed", deciders},
    {"workaround", "proposed confirmed escalated accepted fix_scheduled fixed verified regressed", "", deciders},
    {"cause", "proposed confirmed escalated accepted fix_scheduled fixed verified closed regressed", "", deciders},
    {"description", "watched proposed confirmed escalated accepted fix_scheduled fixed verified closed regressed", "", deciders},
    {"broadcast", "confirmed escalated accepted fix_scheduled fixed verified closed regressed", "", deciders},
    {"merge", "watched proposed confirmed escalated accepted fix_scheduled fixed verified closed regressed", "", deciders},
    {"split", "watched proposed confirmed escalated accepted fix_scheduled fixed verified closed regressed", "", deciders},
    {"attachment", "watched proposed confirmed escalated accepted fix_scheduled fixed verified closed regressed", "", machine | people},
    {"gathering", "dismissed", "", machine}, // what reads like it stays off the board with it
    {"second_look", "dismissed", "proposed", machine},
    {"removal", "watched proposed confirmed escalated accepted fix_scheduled fixed verified closed dismissed regressed", "", people},
});

// True when one of the words of a list is this one.
constexpr bool holds(std::string_view words, std::string_view word) {
    while (!words.empty()) {
        auto end = std::min(words.find(' '), words.size());
        if (words.substr(0, end) == word) return true;
        words.remove_prefix(std::min(end + 1, words.size()));
    }
    return false;
}

// The line that lets an action start from a state; null when none does.
constexpr const transition* find(std::string_view action, std::string_view from) {
    for (const auto& each : table)
        if (each.action == action && holds(each.from, from)) return &each;
    return nullptr;
}
constexpr bool allows(std::string_view action, std::string_view from) { return find(action, from) != nullptr; }
// Whether the table lets them do it, whatever the state.
constexpr bool lets(unsigned by, std::string_view action) {
    return std::any_of(table.begin(), table.end(), [=](const auto& each) { return each.action == action && (each.by & by) != 0; });
}

} // namespace relais::model::incident_states
