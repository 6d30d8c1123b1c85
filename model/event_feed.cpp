// SPDX-License-Identifier: EUPL-1.2
#include "model/event_feed.hpp"

#include "model/sql.hpp"

#include <algorithm>
#include <tuple>

namespace relais::model::event_feed {

namespace {

struct row {
    event what;
    std::string reference;
    auto fields() { return std::tuple_cat(what.fields(), std::tie(reference)); }
};

const std::string select_events =
    "SELECT event.id, event.at_us, event.actor_kind, event.actor_id, event.actor_name, event.action, event.object_kind, event.object_id, "
    "event.data, COALESCE(ticket.reference, '') FROM event LEFT JOIN ticket ON ticket.id = event.object_id AND event.object_kind = "
    "'ticket' "
    "WHERE event.id > :since ";
const std::string changes_only = "AND event.action NOT IN ('ticket.read', 'dossier.read') AND event.object_kind NOT IN ('user', 'token') ";

} // namespace

event_page after(soci::session& sql, std::int64_t since, int limit, bool whole, sys_seconds now) {
    auto rows = sql::all<row>(sql, select_events + (whole ? std::string() : changes_only) + "ORDER BY event.id LIMIT :limit", since,
                              std::clamp(limit, 1, page_limit));
    constexpr std::int64_t us_in_s = 1'000'000;
    auto settled_us = (seconds(now) - settle_s) * us_in_s;
    event_page out;
    out.next = since;
    bool all_settled = true;
    for (auto& each : rows) {
        all_settled = all_settled && each.what.at_us <= settled_us;
        if (all_settled) out.next = each.what.id;
        out.events.push_back({std::move(each.what), std::move(each.reference)});
    }
    // A page full of the last seconds would be given again for ever: the reader is let on, and those seconds are all it may miss.
    if (static_cast<int>(out.events.size()) >= limit && out.next == since) out.next = out.events.back().what.id;
    return out;
}

} // namespace relais::model::event_feed
