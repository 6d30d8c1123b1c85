// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/callback.hpp"

// The third kind of call that we owe, beside the promised and the missed: of who wrote and left a telephone number and nothing else.
// Its origin is "contact". Source: docs/decisions/0099-who-leaves-a-telephone-is-called.md
namespace relais::model::callbacks {

// Wants a call as soon as hours allow, without a slot. A call promised to that number already, or asked for by another contact, stands in
// its place; one that only a missed call asked for gives way. Nothing when there is another way to answer, for a number that cannot be
// called back, and for somebody who is on the telephone now.
void want_for_contact(soci::session& sql, const contact& from, std::int64_t ticket_id, sys_seconds now);

// The person of this ticket was told all there is to say: the call that the contact had asked for is dropped. A promise stands.
void drop_for_told(soci::session& sql, std::int64_t ticket_id, sys_seconds now);

} // namespace relais::model::callbacks
