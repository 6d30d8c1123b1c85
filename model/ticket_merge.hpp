// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/answer_date.hpp"
#include "model/contact.hpp"
#include "model/ticket_actions.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// Two tickets of one person about the same thing become one thread; one ticket about two things becomes two.
// All throw not_found and conflict as the other actions do.
namespace relais::model::tickets {

// Reads this ticket with another from now on: its messages and files are shown there, its follow-up link opens the other.
// Throws: invalid on "into" when there is no such ticket, when it is the same, merged itself, or ended before this one (the other way round
// is then right: decision 61), or when it is another person's: what one person wrote must not be shown to another (people hit by the same
// fault share an incident instead).
void merge(soci::session& sql, const action& act, std::string_view into);

// Parts a merged ticket again, in the state it had, with the tickets that were merged into it. Throws: conflict("conflict.not_merged").
void unmerge(soci::session& sql, const action& act);

// Moves messages, with their files, to a new ticket of the same person, procedure and dossier, and acknowledges it. It was received when
// the first of them was, the citizen's before our own, and announces the dates that follow from there. Each of the two was first answered
// by what it holds. draw: a name for it.
// Returns its reference. Throws: invalid on "messages" when they are none, all of them, not this ticket's, or may still be taken back.
std::string split(soci::session& sql, const action& act, const std::vector<std::int64_t>& messages, const answer_delays& delays,
                  const std::function<ticket_name()>& draw);

// The tickets that are read with this one, those merged into them included, oldest first.
std::vector<std::int64_t> merged_into(soci::session& sql, std::int64_t ticket_id);
// The ticket that this one is read with, if any: the end of the chain, where the thread is.
std::optional<std::int64_t> merge_target(soci::session& sql, std::int64_t ticket_id);
// Whether a ticket's messages and files are shown with another: it is the same, or merged into it, perhaps through others.
bool is_read_with(soci::session& sql, std::int64_t ticket_id, std::int64_t other);
// What who follows this ticket by a link sees: the ticket it is read with; nothing when `follow_up_days` have passed since the closing.
std::optional<ticket> find_followed(soci::session& sql, std::int64_t ticket_id, int follow_up_days, sys_seconds now);

} // namespace relais::model::tickets
