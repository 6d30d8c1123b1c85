// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/incident.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace relais::model {

// The thresholds of [escalation] in config/relais.toml, where each has its reason. Source: docs/decisions/0024-escalation.md
struct escalation_terms {
    int propose_tickets = 3, propose_citizens = 3; // a group of this size is proposed as an incident
    int ordinary_tickets = 10;                     // in a day: one whose tickets look like ordinary contacts
    int tickets = 10;                              // in the last 7 days, and more than in the 7 before: handed over
    int departments = 5;
    int recurrences = 2;        // of one incident
    int regression_tickets = 3; // after the fix, at least
    int late_days = 2;          // how long people wait before they write, on average
};

namespace escalation_rules {

// What the rules go by.
struct counts {
    std::int64_t tickets_7d = 0, tickets_before = 0; // in the last 7 days, in the 7 days before them
    std::int64_t departments = 0;
    std::int64_t episode = 1;
    bool is_bursting = false;                        // an alarm in the last 24 hours
    nlohmann::json burst = nlohmann::json::object(); // the numbers of that alarm
};
counts read(soci::session& sql, const incident& of, sys_seconds now);

// A rule whose threshold is reached, with the numbers that say so.
struct fired {
    std::string rule; // burst, growth, departments, recurrence
    nlohmann::json numbers;
};
// The first rule that these counts satisfy; pure.
std::optional<fired> judge(const counts& counted, const escalation_terms& terms);

// Hands a confirmed incident over when a rule fires, unless it calms down after a return. True when it did.
bool apply(soci::session& sql, std::int64_t number, const escalation_terms& terms, sys_seconds now);

// What speaks for a return after the fix.
struct late_counts {
    std::int64_t tickets = 0;        // received after the fix, in the last 14 days
    std::int64_t arisen = 0;         // of them, those whose dossier got stuck after the fix, or whose dossier nobody knows
    double a_day_before = 0;         // tickets a day in the three days before the fix
    std::chrono::seconds elapsed{0}; // since the fix
};
// Counts arisen only where the others alone would say that it is back.
late_counts read_late(soci::session& sql, const incident& of, const escalation_terms& terms, sys_seconds now);
// How many late reporters are still no regression: the 95th centile of a Poisson law whose mean is the part of the tail that has passed,
// when people write on average late_days after they were hit. Pure.
std::int64_t late_allowed(const late_counts& counted, const escalation_terms& terms);
// The evidence when more came back than late reporters explain; nothing otherwise. Pure.
std::optional<nlohmann::json> regression(const late_counts& counted, const escalation_terms& terms);

// Reopens a fixed incident as a new episode when tickets come back. True when it did.
bool apply_regression(soci::session& sql, std::int64_t number, const escalation_terms& terms, sys_seconds now);

// Proposes a watched group that has become large enough, or takes back the proposal of one that nobody read and that the engine made
// smaller. True when it proposed. A group of ordinary contacts (GEN-01 to GEN-04, without a common error code) is no bug: it waits until
// it bursts or many write in one day. So does one that people dismissed, for more than wrote in the day before they did.
bool apply_proposal(soci::session& sql, std::int64_t number, const escalation_terms& terms, sys_seconds now);

// All three, for an incident whose tickets changed or whose time has come.
void apply_all(soci::session& sql, std::int64_t number, const escalation_terms& terms, sys_seconds now);
// Whether apply_all would change it now: nearly always it would not, and whoever only looks holds nobody up.
bool would_act(soci::session& sql, std::int64_t number, const escalation_terms& terms, sys_seconds now);
// The incidents to look at: the confirmed ones, those of the last hour's tickets, and those whose tickets somebody, machine or person,
// placed or moved since then.
std::vector<std::int64_t> due(soci::session& sql, sys_seconds since, sys_seconds now);

} // namespace escalation_rules

} // namespace relais::model
