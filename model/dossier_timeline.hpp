// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/clock.hpp"

#include "model/event.hpp"

#include <soci/soci.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace relais::model {

// One thing that happened to a dossier, or about it: a ticket that was opened, a later message of it (citizen, reply, note, system), a
// state that it came into, a call, a callback, a letter, what is told by telephone instead, an incident that a ticket was attached to.
struct dossier_contact {
    std::string kind; // ticket, citizen, reply, note, system, state, call, callback, letter, told, incident
    sys_seconds at{};
    std::string reference; // of the ticket; empty for a state
    std::string channel, subject, status;
    std::string role;            // what the dossier is to the ticket: subject, duplicate, homonym, pupil, candidate
    std::string author, excerpt; // of a message
    std::int64_t incident = 0;   // its number, of an incident
    auto fields() { return std::tie(kind, at, reference, channel, subject, status, role, author, excerpt, incident); }
};

namespace dossier_timelines {

constexpr int limit = 200;

// What happened, newest first, and the moment that the older lines go back from; nothing when there are none.
struct page {
    std::vector<dossier_contact> lines;
    std::optional<sys_seconds> older;
};
// Everything that happened to a dossier until then, at most limit. Tickets that the dossier is only a candidate of are
// there without their messages: they may be somebody else's. until: nothing for the newest, or `older` of the page before; the lines of one
// second stay together.
page of(soci::session& sql, std::int64_t dossier_id, std::optional<sys_seconds> until = {});

// Writes down that somebody saw these dossiers: on their page (via is empty), in a "search", beside a "call" or a "ticket".
void record_reading(soci::session& sql, const actor& who, const std::vector<std::int64_t>& dossier_ids, std::string_view via,
                    sys_seconds now);
// What somebody sees again within that time is one reading (docs/decisions/0212-one-reading-an-hour.md).
constexpr auto one_reading = std::chrono::hours(1);

// Of these, the dossiers that this person has not read for an hour: a line of results that comes again at each letter typed is one reading.
std::vector<std::int64_t> newly_seen(soci::session& sql, const actor& who, std::vector<std::int64_t> dossier_ids, sys_seconds now);
// Whether this person opened its page within the hour: opened again, that is one reading. What a search, a call or a ticket showed of it
// is less, and does not count.
bool is_opened_lately(soci::session& sql, const actor& who, std::int64_t dossier_id, sys_seconds now);
// Who read it, newest first, at most limit.
std::vector<event> readings(soci::session& sql, std::int64_t dossier_id);
// What changed of it, newest first, at most limit: its state in the registry ("dossier.moved"), the legal dates that colleagues noted
// ("dossier.date_noted").
std::vector<event> changes(soci::session& sql, std::int64_t dossier_id);

} // namespace dossier_timelines

} // namespace relais::model
