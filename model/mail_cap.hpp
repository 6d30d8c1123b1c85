// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/clock.hpp"

#include <soci/soci.h>

#include <cstdint>
#include <string_view>

// How often a mailbox may be written to because somebody, perhaps somebody else, typed its address in the public form: the form must not
// become a way to flood a stranger. Mails are delayed or grouped, never dropped. Source: contract.md "Mail", security.md 1.4.
namespace relais::model::mail_caps {

constexpr int gap_s = 10 * 60; // at most one mail in ten minutes,
constexpr int day_limit = 5;   // and five in a day
constexpr int day_s = 24 * 3600;
constexpr int clash_delay_s = 5;

// When the mail of this outbox row may leave: `now` when it may at once, and its place is then taken; a row that has its place keeps it
// when it is tried again. Letters' case and +tags of an address are the same mailbox.
sys_seconds reserve(soci::session& sql, std::string_view address, std::int64_t outbox_id, sys_seconds now);

// Forgets mailboxes not written to for a day, at most `limit`. Returns how many.
std::int64_t purge(soci::session& sql, sys_seconds now, int limit = 500);

} // namespace relais::model::mail_caps
