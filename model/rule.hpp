// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/clock.hpp"
#include "model/event.hpp"

#include <nlohmann/json.hpp>
#include <soci/soci.h>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace relais::model {

// All of these must hold; of the values of one list, any does. Empty members do not matter.
struct rule_conditions {
    std::vector<std::string> procedures, categories, departments, channels, statuses, waiting_reasons, dossier_statuses, flags;
    std::vector<std::string> clocks;        // which clock warned or was breached
    std::vector<std::string> words;         // of the subject, or of what the citizen wrote last; whole words, accents and case left aside
    std::vector<std::string> teams;         // their codes
    std::optional<std::int64_t> legal_days; // the first legal deadline ends within so many days, or has ended
    bool is_urgent = false;                 // its category is security or hardship
    bool is_unassigned = false;
    bool operator==(const rule_conditions&) const = default;
};

// What is done, in this order. Nothing here writes to the citizen, closes or reopens: decision 0090.
struct rule_actions {
    std::string category, team;    // codes; empty: left as it is
    std::int64_t assignee = 0;     // 0: left as it is
    std::string hold, hold_detail; // put on hold: a waiting reason, and who is awaited
    std::string note;              // an internal note
    bool alerts = false;           // the supervisors of the ticket's team
    bool is_nothing() const { return *this == rule_actions{}; }
    bool operator==(const rule_actions&) const = default;
};

// What somebody writes in the form.
struct rule_text {
    std::string title;
    bool is_on = true;
    std::string event;
    std::int64_t after_hours = 0; // "waited": open hours of the centre in one status
    rule_conditions when;
    rule_actions then;
};

// A rule that acts on tickets by itself, when something happens or has not happened for a while.
struct rule : rule_text {
    std::int64_t id = 0, place = 0, version = 1;
    sys_seconds on_since{};                           // what happened before is left alone
    std::int64_t looked_since = 0, looked_ticket = 0; // "waited": the last stay in a status that was looked at
    std::int64_t fired = 0;
    std::optional<sys_seconds> fired_at;
    std::string changed_by;
    sys_seconds changed_at{};
};

namespace rules {

inline constexpr auto events =
    std::to_array<std::string_view>({"opened", "written_back", "status_changed", "clock_warning", "clock_breach", "waited"});
inline constexpr auto channels = std::to_array<std::string_view>(
    {"web_form", "phone", "callback", "email", "letter", "driving_school", "france_services", "prefecture"});
inline constexpr auto statuses = std::to_array<std::string_view>({"new", "open", "waiting", "closed"});
inline constexpr auto waiting_reasons = std::to_array<std::string_view>({"citizen", "centre", "incident", "external_owner"});
inline constexpr auto clocks = std::to_array<std::string_view>({"acknowledgement", "answer", "announced"});
inline constexpr auto flags =
    std::to_array<std::string_view>({"email_suspect", "phone_suspect", "neph_suspect", "dossier_number_suspect", "mail_bounced"});
// "citizen" would write to them by itself, and "incident" is for whoever attaches one.
inline constexpr auto holds = std::to_array<std::string_view>({"centre", "external_owner"});

constexpr std::size_t count_limit = 50, title_limit = 120, note_limit = 2000, detail_limit = 120, words_limit = 20, word_limit = 60;
constexpr std::int64_t hours_limit = 400, days_limit = 400;

// Flat, as the API shows it; names as in the form.
nlohmann::json to_json(const rule_text& of);
nlohmann::json to_json(const rule_actions& of);
// Of what to_json made. Missing members are empty.
rule_text from_json(const nlohmann::json& from);

// In its stored form. Throws: invalid, every fault at once, by the names of to_json.
rule_text check(soci::session& sql, rule_text typed);

// In the order in which they act.
std::vector<rule> all(soci::session& sql);
std::vector<rule> on(soci::session& sql);
// Throws: not_found.
rule get(soci::session& sql, std::int64_t id);

// At the end of the order. Both throw as check; add: conflict("conflict.rules") beyond count_limit.
std::int64_t add(soci::session& sql, const rule_text& what, const actor& who, sys_seconds now);
// seen: the version that was changed. Throws: not_found; conflict("conflict.rule") when a colleague was first.
void change(soci::session& sql, std::int64_t id, std::int64_t seen, const rule_text& what, const actor& who, sys_seconds now);
// Reserves a rule in the version that was seen, until the end of the transaction; 0: whatever it is now. Throws: not_found;
// conflict("conflict.rule") when it has changed since.
void hold(soci::session& sql, std::int64_t id, std::int64_t seen);
// On, it looks at what happens from now. All throw not_found.
void set_on(soci::session& sql, std::int64_t id, bool is_on, const actor& who, sys_seconds now);
// One place earlier or later in the order; at the end of it nothing changes.
void move(soci::session& sql, std::int64_t id, bool is_earlier, const actor& who, sys_seconds now);
// It acts no more; what it did stays written.
void remove(soci::session& sql, std::int64_t id, const actor& who, sys_seconds now);

} // namespace rules

} // namespace relais::model
