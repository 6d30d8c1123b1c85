// SPDX-License-Identifier: EUPL-1.2
#include "model/housekeeping.hpp"

#include "model/call_count.hpp"
#include "model/callback_erasure.hpp"
#include "model/contact_draft.hpp"
#include "model/cti.hpp"
#include "model/idempotency.hpp"
#include "model/login_session.hpp"
#include "model/participant.hpp"
#include "model/registry_health.hpp"
#include "model/reply_draft.hpp"
#include "model/reply_recall.hpp"
#include "model/rule_occasion.hpp"
#include "model/sign_in_failure.hpp"
#include "model/staff_notice.hpp"
#include "model/ticket_presence.hpp"

namespace relais::model::housekeeping {

std::int64_t forget(soci::session& sql, const retention_days& days, sys_seconds now) {
    return login_sessions::purge(sql, now) + sign_in_failures::purge(sql, now) + idempotency::purge(sql, now) +
           contact_drafts::purge(sql, now) + cti::purge(sql, days.cti_event, now) + reply_drafts::purge(sql, now) +
           reply_recalls::purge(sql, now) + ticket_presences::purge(sql) + staff_notices::purge(sql, now) +
           rule_occasions::purge(sql, now) + call_counts::forget_calls(sql, days.call, now) +
           callback_erasures::erase(sql, days.callback_person, now) + participants::erase(sql, now) + registry_refusals::purge(sql, now);
}

} // namespace relais::model::housekeeping
