// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/clock.hpp"

#include <soci/soci.h>

#include <cstdint>

// Event numbers are given before commits, so a slower transaction may still show a lower number than those that were read. Marks say how
// far the numbers reached at some moments: what was there a minute ago is settled. An event's own time says nothing of it, since an import
// writes down what happened last year. Everybody who follows events asks here: the journal, the change feed, the search, the screens, the
// rules. Source: docs/decisions/0123-what-settles-an-event.md
namespace relais::model::event_marks {

constexpr std::int64_t settle_s = 60; // no visit lasts longer: its statements and its waits for a lock are cut long before
constexpr std::int64_t every_s = 5;   // between two marks

// Notes how far the events reach now, at most once in every_s, and forgets the marks that say less than a newer settled one.
void note(soci::session& sql, sys_seconds now);

// The event up to which every event can be seen, itself included; 0 when nothing is known to be settled.
std::int64_t settled(soci::session& sql);

// From where somebody follows who needs nothing of what was committed until now: the settled event, or one so far back that no transaction
// under way can hold a lower number (a database that was just filled has no marks yet).
std::int64_t beginning(soci::session& sql);

} // namespace relais::model::event_marks
