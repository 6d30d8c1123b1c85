// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/clock.hpp"

#include <soci/soci.h>

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace relais::model {

// How many tickets of an incident say something: ("department", "974", 12).
struct incident_fact {
    std::string name, value;
    std::int64_t tickets = 0;
    auto fields() { return std::tie(name, value, tickets); }
};

// What the tickets of an incident say, counted as they come and go, so that its sentence, its trend and its map cost the same whatever
// its size. Names: hour (hours since 1970, UTC), department, procedure, step, error_code, status, release, category, browser.
namespace incident_facts {

using facts = std::map<std::string, std::string, std::less<>>;

// The facts of one ticket: its form, and the state of its dossier at the contact where the form is silent. Empty values are left out.
facts of_ticket(soci::session& sql, std::int64_t ticket_id);

// Counts a ticket's facts in (by +1) or out (by -1) of an incident.
void count(soci::session& sql, std::int64_t incident_id, const facts& of, int by);

// Everything but the hours, the most frequent first of each name; of one incident, or by the number of some.
std::vector<incident_fact> read(soci::session& sql, std::int64_t incident_id);
std::map<std::int64_t, std::vector<incident_fact>> read(soci::session& sql, const std::vector<std::string>& incidents);

// The value that most tickets say, when at least half of those that say something agree; else nothing.
std::string dominant(const std::vector<incident_fact>& all, std::string_view name);

// Tickets an hour, by hour since 1970, from an hour on.
std::map<std::int64_t, std::int64_t> hours(soci::session& sql, std::int64_t incident_id, std::int64_t from_hour = 0);

inline std::int64_t hour_of(sys_seconds at) { return seconds(at) / 3600; }

} // namespace incident_facts

} // namespace relais::model
