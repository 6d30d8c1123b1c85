// SPDX-License-Identifier: EUPL-1.2
#include "model/callback_slot.hpp"

#include "model/roster.hpp"
#include "model/sql.hpp"

#include <sodium.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

namespace relais::model::callback_slots {
namespace {

using std::chrono::minutes;

constexpr auto no_place = std::chrono::hours(24 * 62); // further than any slot may be

// Cuts the hours of one calendar into slots.
void cut(const std::vector<time_span>& hours, const callback_rules& rules, bool is_extended, std::vector<callback_slot>& out) {
    auto length = minutes(rules.slot_minutes), last = minutes(rules.last_slot_minutes);
    for (const auto& each : hours)
        for (auto at = each.from; at + length <= each.to && at + last <= each.to; at += length)
            out.push_back({at, at + length, is_extended, 0, 0});
}

bool is_within(const callback_slot& slot, const std::vector<time_span>& spans) {
    return std::any_of(spans.begin(), spans.end(),
                       [&](const auto& each) { return each.from <= slot.starts_at && slot.ends_at <= each.to; });
}

// The roster's half hours that a slot touches decide together: the fewest seats of those that are planned.
std::int64_t capacity_of(const callback_slot& slot, const std::vector<roster_line>& roster, const callback_rules& rules) {
    std::optional<std::int64_t> planned;
    for (const auto& line : roster)
        if (line.callback_seats && line.starts_at < slot.ends_at && slot.starts_at < line.starts_at + rosters::half_hour)
            planned = planned ? std::min(*planned, *line.callback_seats) : *line.callback_seats;
    return planned.value_or(slot.is_extended ? rules.extended_seats_per_slot : rules.seats_per_slot);
}

std::map<sys_seconds, std::int64_t> taken_between(soci::session& sql, sys_seconds from, sys_seconds to) {
    using row = std::tuple<sys_seconds, std::int64_t>;
    std::map<sys_seconds, std::int64_t> out;
    for (const auto& [starts_at, taken] : sql::all<row>(sql,
                                                        "SELECT starts_at, COUNT(*) FROM callback_slot WHERE starts_at >= :from_at "
                                                        "AND starts_at < :to_at GROUP BY starts_at",
                                                        from, to))
        out[starts_at] = taken;
    return out;
}

} // namespace

std::vector<callback_slot> grid(const callback_rules& rules, const callback_place& place, sys_seconds from, sys_seconds to,
                                sys_seconds now) {
    const auto& book = rules.book();
    from = std::max(from, now + minutes(rules.notice_minutes));
    auto last_day = calendars::day_of(book.centre.zone, now) + date::days(rules.days_ahead + 1);
    to = std::min(to, calendars::instant(book.centre.zone, last_day));
    if (from >= to) return {};
    // Whole days, so that a slot never begins where the question happened to.
    auto first = calendars::instant(book.centre.zone, calendars::day_of(book.centre.zone, from));
    auto end = calendars::instant(book.centre.zone, calendars::day_of(book.centre.zone, to) + date::days(1));
    std::vector<callback_slot> out;
    cut(calendars::open_between(book.centre, first, end), rules, false, out);
    if (calendar_books::needs_extended(book, place.zone, now)) cut(calendars::open_between(book.extended, first, end), rules, true, out);
    auto callable = calendar_books::callable(book, place.zone, place.department, first, end);
    std::erase_if(out, [&](const auto& slot) { return slot.starts_at < from || slot.starts_at >= to || !is_within(slot, callable); });
    std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.starts_at < b.starts_at; });
    return out;
}

std::vector<callback_slot> offered(soci::session& sql, const callback_rules& rules, const callback_place& place, sys_seconds from,
                                   sys_seconds to, sys_seconds now) {
    auto out = grid(rules, place, from, to, now);
    if (out.empty()) return out;
    auto roster = rosters::between(sql, out.front().starts_at - rosters::half_hour, out.back().ends_at);
    auto taken = taken_between(sql, out.front().starts_at, out.back().ends_at);
    for (auto& slot : out) {
        slot.capacity = capacity_of(slot, roster, rules);
        slot.left = std::max<std::int64_t>(0, slot.capacity - taken[slot.starts_at]);
    }
    std::erase_if(out, [](const auto& slot) { return slot.capacity == 0; });
    return out;
}

std::optional<callback_slot> find(soci::session& sql, const callback_rules& rules, const callback_place& place, sys_seconds starts_at,
                                  sys_seconds now) {
    for (const auto& slot : offered(sql, rules, place, starts_at, starts_at + minutes(1), now))
        if (slot.starts_at == starts_at) return slot;
    return std::nullopt;
}

std::vector<callback_slot> nearest(soci::session& sql, const callback_rules& rules, const callback_place& place, sys_seconds to,
                                   sys_seconds now, std::size_t limit) {
    auto out = offered(sql, rules, place, now, now + no_place, now);
    std::erase_if(out, [](const auto& slot) { return slot.left == 0; });
    auto distance = [to](const callback_slot& slot) { return slot.starts_at < to ? to - slot.starts_at : slot.starts_at - to; };
    std::stable_sort(out.begin(), out.end(), [&](const auto& a, const auto& b) { return distance(a) < distance(b); });
    if (out.size() > limit) out.resize(limit);
    return out;
}

bool take(soci::session& sql, const callback_slot& slot, std::int64_t callback_id) {
    auto taken = sql::all<std::int64_t>(sql, "SELECT seat FROM callback_slot WHERE starts_at = :starts_at", slot.starts_at);
    std::set<std::int64_t> known(taken.begin(), taken.end());
    // Each begins at a seat of its own choice, so that those who come together do not all ask for the same one.
    auto capacity = static_cast<std::uint32_t>(slot.capacity);
    auto first = capacity == 0 ? 0U : randombytes_uniform(capacity);
    for (std::uint32_t i = 0; i < capacity; ++i) {
        auto seat = static_cast<std::int64_t>((first + i) % capacity);
        if (known.contains(seat)) continue;
        try {
            sql::change(sql, "INSERT INTO callback_slot (starts_at, seat, callback_id) VALUES (:starts_at, :seat, :callback_id)",
                        slot.starts_at, seat, callback_id);
            return true;
        } catch (const std::exception& error) {
            if (!sql::is_duplicate(error)) throw; // somebody else's since we looked: the next one
        }
    }
    return false;
}

void release(soci::session& sql, std::int64_t callback_id) {
    sql::change(sql, "DELETE FROM callback_slot WHERE callback_id = :callback_id", callback_id);
}

} // namespace relais::model::callback_slots
