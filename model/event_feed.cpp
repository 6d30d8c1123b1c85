// SPDX-License-Identifier: EUPL-1.2
#include "model/event_feed.hpp"

#include "model/event_mark.hpp"
#include "model/sql.hpp"

#include <algorithm>
#include <charconv>
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
    "event.data, COALESCE(ticket.reference, '') FROM event "
    "LEFT JOIN ticket ON ticket.id = event.object_id AND event.object_kind = 'ticket' WHERE event.id > :since ";
const std::string changes_only = "AND event.action NOT LIKE '%.read' AND event.action <> 'ticket.file_read' "
                                 "AND event.object_kind NOT IN ('user', 'token', 'webhook', 'presence') ";

// The whole text as a number, or -1.
std::int64_t number(std::string_view text) {
    std::int64_t out = 0;
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    return error == std::errc{} && end == text.data() + text.size() && out >= 0 ? out : -1;
}

} // namespace

std::optional<feed_cursor> read_cursor(std::string_view text) {
    auto dot = text.find('.');
    auto settled = number(text.substr(0, dot));
    auto given = dot == std::string_view::npos ? settled : number(text.substr(dot + 1));
    if (settled < 0 || given < settled) return std::nullopt;
    return feed_cursor{settled, given};
}

std::string write_cursor(const feed_cursor& cursor) {
    auto out = std::to_string(cursor.settled);
    return cursor.given > cursor.settled ? out + "." + std::to_string(cursor.given) : out;
}

feed_cursor passed(feed_cursor at, const std::vector<std::int64_t>& events, std::int64_t settled, bool is_end) {
    // Nothing settles after an event that has not: what would, comes again.
    auto all_settled = at.given == at.settled;
    for (auto each : events) {
        all_settled = all_settled && each <= settled;
        if (all_settled) at.settled = each;
        at.given = each;
    }
    if (is_end) at.given = at.settled;
    return at;
}

event_page after(soci::session& sql, const feed_cursor& since, int limit, bool whole) {
    auto wanted = std::clamp(limit, 1, page_limit);
    auto settled = event_marks::settled(sql);
    auto rows =
        sql::all<row>(sql, select_events + (whole ? std::string() : changes_only) + "ORDER BY event.id LIMIT :limit", since.given, wanted);
    std::vector<std::int64_t> read;
    for (const auto& each : rows) read.push_back(each.what.id);
    event_page out;
    out.next = passed(since, read, settled, static_cast<int>(rows.size()) < wanted);
    for (auto& each : rows) out.events.push_back({std::move(each.what), std::move(each.reference)});
    return out;
}

} // namespace relais::model::event_feed
