// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/broadcast.hpp"
#include "model/decision.hpp"
#include "model/incident.hpp"
#include "model/incident_facts.hpp"
#include "model/portal_release.hpp"
#include "model/report.hpp"
#include "model/tracker_link.hpp"
#include "model/verification.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <vector>

namespace relais::model {

// A ticket of an incident as a list shows it, with why it is there.
struct incident_ticket {
    report link;
    std::string reference, subject, body, status, waiting_reason, procedure_code;
};

// One hand-over to the resolution team.
struct escalation {
    std::int64_t id = 0, episode = 1;
    std::string rule, numbers, actor_name;
    sys_seconds escalated_at;
    std::string outcome, reason, outcome_by;
    std::optional<sys_seconds> outcome_at;
    auto fields() { return std::tie(id, episode, rule, numbers, actor_name, escalated_at, outcome, reason, outcome_by, outcome_at); }
};

// Everything the page of an incident shows, in one visit.
struct incident_sheet {
    model::incident incident;
    std::vector<incident_fact> facts;
    std::map<std::int64_t, std::int64_t> hours; // of the trend: tickets by hour since 1970
    std::vector<incident_episode> episodes;
    std::vector<escalation> escalations;
    std::vector<incident_ticket> examples;  // those that say it best: a person's first, then the most alike
    std::vector<incident_ticket> suggested; // may belong to it
    std::vector<model::incident> alike;     // others with the same procedure and error code, or step
    std::vector<event> history;
    std::map<std::int64_t, std::string> standing; // corrections of the history that nobody undid: their kinds
    std::vector<std::pair<broadcast, broadcasts::progress>> tellings;
    std::vector<tracker_link> trackers;           // where it is followed outside
    std::optional<verification_run> verification; // the last
    std::int64_t silent = 0;                      // dossiers stuck the same way that nobody wrote about, up to silent_dossiers::shown_most
    std::vector<portal_release> releases;         // of the last half-year
    std::vector<decision_thread> decisions;       // of the product owner
    std::vector<std::int64_t> bursts;             // hours in which an alarm was raised
};

namespace incident_sheets {

constexpr int example_limit = 5, suggestion_limit = 10, alike_limit = 5;
constexpr auto trend_span = std::chrono::hours(24 * 7 * 26);

// Throws: not_found.
incident_sheet get(soci::session& sql, std::int64_t number, sys_seconds now);

// The tickets of an incident with their words, the last received first. after: as the `next` of the page before; empty: from the start.
struct ticket_page {
    std::vector<incident_ticket> items;
    std::string next;
};
ticket_page tickets(soci::session& sql, std::int64_t number, std::string_view after, int limit);

// What was done to it before an event, the last first.
std::vector<event> history(soci::session& sql, std::int64_t number, std::int64_t before, int limit);

std::vector<escalation> escalations(soci::session& sql, std::int64_t number);

} // namespace incident_sheets

} // namespace relais::model
