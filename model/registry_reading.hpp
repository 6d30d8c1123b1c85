// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/registry_lookup.hpp"

#include <soci/soci.h>

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

namespace relais::model {

// A dossier with an open ticket, whose state is to be read in the registry again.
struct registry_reading {
    std::int64_t dossier_id = 0;
    std::string number;
};

// How often: at most so many readings in a day, and none of a dossier read less than so many hours ago.
struct registry_pace {
    std::int64_t per_day = 0; // 0: none
    int hours = 6;
};

// What a pace has earned: kept to the part of a reading, so that a small budget is spread over the day as evenly as a large one.
struct registry_credit {
    sys_seconds at{};
    std::int64_t parts = 0; // of one reading, in 1/86,400
    auto fields() { return std::tie(at, parts); }
};

// How far the readings are.
struct registry_progress {
    std::int64_t dossiers = 0;            // with an open ticket
    std::int64_t due = 0;                 // that wait for a reading
    std::int64_t read_in_a_day = 0;       // in the last 24 hours
    std::optional<sys_seconds> oldest_at; // the longest in line has stood there since then
    std::int64_t asked_today = 0;         // day of UTC
};

namespace registry_readings {

constexpr auto lease_name = "registry_refresh";
constexpr int page = 1000;            // tickets looked at in one transaction
constexpr int tries = 3;              // without an answer, then it stands aside
constexpr int tickets_a_dossier = 50; // that are told of a change

// How many readings may be made now, at `per_day`, and marks them as spent. Never more in an hour of the clock than an hour's share,
// rounded up; what was not spent within a minute (the registry was away, nobody ran) is not made up for later. Pure.
std::int64_t earn(registry_credit& held, std::int64_t per_day, sys_seconds now);
// The pace at which everybody is read once in pace.hours, within pace.per_day.
std::int64_t needed_per_day(const registry_pace& pace, std::int64_t dossiers);
// The same as earn, with what is kept; at most `limit`.
std::int64_t spend(soci::session& sql, std::int64_t per_day, std::int64_t limit, sys_seconds now);

// Puts the dossiers of the next open tickets that changed at the end of the line. True when there is more to do at once.
bool follow(soci::session& sql, sys_seconds now, int limit = page);

// The next ones, the longest in line first, at most `limit`. Those without an open ticket leave the line.
std::vector<registry_reading> take(soci::session& sql, std::int64_t limit, const registry_pace& pace, sys_seconds now);

// Writes what the registry said: the mirror's new state and, when the dossier has moved, a snapshot on each of its open tickets, their
// place in the order of legal deadlines, and an event. The dossier goes to the end of the line. Without an answer it stays first, three
// times, then lets others by: once one of them had an answer it has a last try, and goes to the end. So an outage costs nobody their turn,
// and a dossier that never gets an answer keeps nobody waiting. True when it has moved.
bool finish(soci::session& sql, const registry_reading& what, const registry_news& answer, sys_seconds now);

// A look-up for a ticket has just read this dossier: it need not be read again soon.
void note(soci::session& sql, std::int64_t dossier_id, sys_seconds asked_at, sys_seconds now);

std::int64_t count(soci::session& sql);
registry_progress progress(soci::session& sql, const registry_pace& pace, sys_seconds now);

} // namespace registry_readings

} // namespace relais::model
