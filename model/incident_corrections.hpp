// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/correction.hpp"
#include "model/incident_actions.hpp"

#include <cstdint>
#include <span>
#include <string_view>

namespace relais::model {

// What people correct in the grouping. Each is one row of `correction` with the tickets it moved, is named by its event, can be undone,
// and is remembered by the engine for ever: the machine never moves such a ticket again, nor attaches what was refused.
namespace incidents {

// Attaches a ticket, whatever it was attached to before. Nothing happens when it is there already by a person's word.
void attach(soci::session& sql, const action& act, std::int64_t ticket_id);
// Takes a ticket out of the incident it is in. Throws: conflict("conflict.not_attached") when it is in none, or in another.
void detach(soci::session& sql, const action& act, std::int64_t ticket_id);
// Says that a suggestion is wrong: the ticket stays alone and is never suggested there again.
void refuse_suggestion(soci::session& sql, const action& act, std::int64_t ticket_id);

// Of a merge: MariaDB ends a statement after eight seconds.
constexpr int tickets_at_once = 2'000;

// Both are one bug: the tickets of act.number join `into`. Those that somebody took out of one of the two, and that the engine alone put
// into the other, are left alone. Throws: invalid on "into"; conflict("conflict.regression") while those are queued whom its regression
// is told to.
void merge(soci::session& sql, const action& act, std::int64_t into, int at_once = tickets_at_once);
// Undoes the last merge of act.number into another. Throws: conflict("conflict.not_merged"); conflict("conflict.regression") while those
// are queued whom the regression of what it became part of is told to.
void unmerge(soci::session& sql, const action& act);
// These tickets are another bug: a new incident, proposed, whose number is returned. What was refused for the old one is refused for the
// new one too. Throws: invalid on "tickets".
std::int64_t split(soci::session& sql, const action& act, std::span<const std::int64_t> tickets);
// Not a bug.
void dismiss(soci::session& sql, const action& act);

// The correction that an event of this incident tells. Throws: invalid on "event", when it tells none.
correction told_by(soci::session& sql, std::int64_t number, std::int64_t event_id);
// Undoes it: tickets that are still where it put them go back. Throws: what told_by and unmerge throw; conflict("conflict.undone"), when it
// was undone before.
void undo(soci::session& sql, const action& act, std::int64_t event_id, int at_once = tickets_at_once);
// The action of the table that a kind of correction is, a part of its text: undoing asks no less than doing.
std::string_view noun_of(std::string_view kind);

// True when a person said that the ticket does not belong there.
bool is_refused(soci::session& sql, std::int64_t ticket_id, std::int64_t incident_id);

} // namespace incidents

} // namespace relais::model
