// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/clock.hpp"

#include <soci/soci.h>

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

// What has been kept for as long as it may be. Tickets are public archives: they are only proposed for elimination, which wants a visa of
// the archives service (Code du patrimoine L.212-2); what nobody archives is forgotten by model/housekeeping. Source: security.md 75 and
// 76, domain.md 5.8.
namespace relais::model {

struct retention_days {
    int ticket = 365;     // after it was closed
    int attachment = 180; // after its ticket was closed
    int journal = 365;
    int dossier = 365; // after it ended, when no ticket is about it
    // These are no archives: model/housekeeping forgets them by itself.
    int call = 365;           // that no ticket holds; a year, as the CNIL says of telephone records
    int cti_event = 7;        // as the telephone system sent it
    int callback_person = 30; // number and name of an ended callback, and what the person needs. Source: security.md 75
};

struct overdue {
    std::string_view what; // tickets, messages, participants, calls (of those tickets), attachments, events, dossiers
    std::int64_t count = 0;
    std::optional<sys_seconds> oldest, newest; // of the dates that the rule counts from
};

namespace retention {

// Counts and dates alone, nothing personal.
std::vector<overdue> find(soci::session& sql, const retention_days& days, sys_seconds now);

} // namespace retention

} // namespace relais::model
