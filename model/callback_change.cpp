// SPDX-License-Identifier: EUPL-1.2
#include "model/callback_change.hpp"

#include "model/callback_notice.hpp"
#include "model/callback_retry.hpp"
#include "model/callback_slot.hpp"

namespace relais::model::callback_changes {
namespace {

void check_citizen(const callback& what, const actor& who, sys_seconds now) {
    if (who.kind == "citizen" && what.slot_starts_at && *what.slot_starts_at <= now) throw conflict("conflict.callback_begun");
}

} // namespace

callback move(soci::session& sql, callback what, sys_seconds slot_starts_at, const callback_place& place, const callback_rules& rules,
              const actor& who, sys_seconds now) {
    check_citizen(what, who, now);
    if (!rules.is_registering) throw conflict("conflict.callback_closed");
    if (what.slot_starts_at == slot_starts_at && what.zone == place.zone) return what;
    auto slot = callback_slots::find(sql, rules, place, slot_starts_at, now);
    if (!slot) throw invalid({{"slot_start", "not_offered", "fault.callback.slot_not_offered"}});
    auto old = what.slot_starts_at;
    callbacks::advance(what, "move", now);
    if (old != slot_starts_at) {
        if (slot->left == 0) throw callback_slot_full(callback_slots::nearest(sql, rules, place, slot_starts_at, now));
        callback_slots::release(sql, what.id);
        if (!callback_slots::take(sql, *slot, what.id))
            throw callback_slot_full(callback_slots::nearest(sql, rules, place, slot_starts_at, now));
    }
    what.zone = place.zone;
    what.slot_starts_at = what.due_at = slot->starts_at;
    what.slot_ends_at = slot->ends_at;
    what.expires_at = callback_retries::last_moment(rules, place, slot->starts_at);
    callbacks::save(sql, what, now);
    callback_notices::change(sql, what, old.value_or(now), now);
    callbacks::tell(sql, what, who, "callback.moved", {{"slot", seconds(slot->starts_at)}}, now);
    return what;
}

callback cancel(soci::session& sql, callback what, std::string_view reason, const actor& who, sys_seconds now) {
    if (what.state == "cancelled") return what;
    check_citizen(what, who, now);
    callbacks::advance(what, "cancel", now);
    what.end_reason = reason;
    callbacks::save(sql, what, now);
    if (what.slot_starts_at && *what.slot_starts_at > now) callback_slots::release(sql, what.id);
    callback_notices::cancel(sql, what, now);
    callbacks::tell(sql, what, who, "callback.cancelled", {{"reason", what.end_reason}}, now);
    return what;
}

} // namespace relais::model::callback_changes
