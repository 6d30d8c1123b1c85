// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/callback.hpp"

#include <soci/soci.h>

#include <string_view>

// The mails of a callback: the promise, the change, the reminder of the day before, the end. Somebody without an address has the page,
// and the letter of a failure when we know where they live.
namespace relais::model::callback_notices {

// For a ticket that the booking opens: its acknowledgement says the promise too, so that one mail says it all; a letter without address.
void acknowledge(soci::session& sql, const callback& about, bool is_capped, sys_seconds now);
// For a ticket that was there: "callback_promise". Both have the calendar file, and "callback_reminder" the day before when there is one.
void promise(soci::session& sql, const callback& about, sys_seconds now);
// Another slot: the old reminder is withdrawn.
void change(soci::session& sql, const callback& about, sys_seconds old_slot, sys_seconds now);
// "callback_cancellation".
void cancel(soci::session& sql, const callback& about, sys_seconds now);
// "callback_missed": we could not talk to the person, for one of the reasons voicemail, wrong_number, unreached, expired; how to book
// again.
void miss(soci::session& sql, const callback& about, sys_seconds now);

} // namespace relais::model::callback_notices
