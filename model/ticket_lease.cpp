// SPDX-License-Identifier: EUPL-1.2
#include "model/ticket_lease.hpp"

#include "model/sql.hpp"

#include <set>
#include <tuple>
#include <utility>
#include <vector>

namespace relais::model::ticket_leases {

namespace {

constexpr int page_size = 50;

std::set<std::int64_t> held(soci::session& sql, std::int64_t clock) {
    auto all = sql::all<std::int64_t>(sql, "SELECT ticket_id FROM ticket_lease WHERE until_at > :clock LIMIT 2000", clock);
    return {all.begin(), all.end()};
}

// The tickets of a filter, one after the other in its order, read by pages.
class reader {
public:
    explicit reader(queue_filter filter) : filter_(std::move(filter)) {}
    // The one at hand; none: there is no other.
    const queue_line* peek(soci::session& sql) {
        if (at_ == page_.lines.size() && has_more_) {
            page_ = ticket_queue::list(sql, filter_, page_.next, page_size);
            at_ = 0, has_more_ = !page_.next.empty();
        }
        return at_ < page_.lines.size() ? &page_.lines[at_] : nullptr;
    }
    void pass() { ++at_; }

private:
    queue_filter filter_;
    queue_page page_;
    std::size_t at_ = 0;
    bool has_more_ = true;
};

// Nobody's tickets and one's own: two stretches of the index ticket_active_assignee, each already in order.
std::vector<reader> readers_of(const queue_filter& filter, std::int64_t me) {
    std::vector<reader> out;
    auto add = [&out, narrowed = filter](bool unassigned, std::optional<std::int64_t> assignee) mutable {
        narrowed.unassigned = unassigned, narrowed.assignee = assignee;
        out.emplace_back(narrowed);
    };
    if (!filter.assignee) add(true, std::nullopt);
    if (!filter.unassigned && filter.assignee.value_or(me) == me) add(false, me);
    return out;
}

// The more urgent of what the readers have at hand.
reader* most_urgent(soci::session& sql, std::vector<reader>& all) {
    reader* out = nullptr;
    for (auto& each : all) {
        const auto* line = each.peek(sql);
        if (line && (!out || std::tie(line->due_at, line->id) < std::tie(out->peek(sql)->due_at, out->peek(sql)->id))) out = &each;
    }
    return out;
}

// One of those who ask at the same moment gets it: the row is new, or its lease was over.
bool claim(soci::session& sql, std::int64_t ticket_id, std::int64_t user, std::string_view view, std::int64_t clock) {
    auto until = clock + lease_s;
    if (sql::change(
            sql,
            "UPDATE ticket_lease SET user_id = :user, view = :view, until_at = :until WHERE ticket_id = :ticket AND until_at <= :clock",
            user, view, until, ticket_id, clock) == 1)
        return true;
    if (sql::first<std::int64_t>(sql, "SELECT user_id FROM ticket_lease WHERE ticket_id = :ticket", ticket_id)) return false;
    try {
        sql::change(sql, "INSERT INTO ticket_lease (ticket_id, user_id, view, until_at) VALUES (:ticket, :user, :view, :until)", ticket_id,
                    user, view, until);
        return true;
    } catch (const soci::soci_error& error) {
        if (!sql::is_duplicate(error)) throw;
        return false;
    }
}

} // namespace

std::optional<std::string> take_next(soci::session& sql, queue_filter filter, const actor& who, std::string_view view, sys_seconds now) {
    auto clock = sql::lease_now(sql);
    auto me = who.id.value_or(0);
    auto taken = held(sql, clock);
    filter.status = "active", filter.order = "due", filter.updated_since.reset();
    auto readers = readers_of(filter, me);
    while (auto* next = most_urgent(sql, readers)) {
        auto found = *next->peek(sql);
        next->pass();
        if (taken.contains(found.id) || !claim(sql, found.id, me, view, clock)) continue;
        events::record(sql, who, "ticket.given", "ticket", found.id, nlohmann::json::object(), now);
        return found.reference;
    }
    return std::nullopt;
}

std::optional<ticket_lease> find(soci::session& sql, std::int64_t ticket_id) {
    auto clock = sql::lease_now(sql);
    return sql::first<ticket_lease>(sql,
                                    "SELECT ticket_lease.user_id, user_account.name, ticket_lease.view, ticket_lease.until_at - :clock "
                                    "FROM ticket_lease JOIN user_account ON user_account.id = ticket_lease.user_id "
                                    "WHERE ticket_lease.ticket_id = :ticket AND ticket_lease.until_at > :limit",
                                    clock, ticket_id, clock);
}

bool release(soci::session& sql, std::int64_t ticket_id, const actor& who, sys_seconds now) {
    auto ended = sql::change(sql, "UPDATE ticket_lease SET until_at = 0 WHERE ticket_id = :ticket AND user_id = :user AND until_at > 0",
                             ticket_id, who.id.value_or(0));
    if (ended == 1) events::record(sql, who, "ticket.given_back", "ticket", ticket_id, nlohmann::json::object(), now);
    return ended == 1;
}

// A cross join: SQLite begins with the few leases; it would else look for one of each active ticket.
std::vector<std::string> held_by(soci::session& sql, std::int64_t user_id) {
    return sql::all<std::string>(sql,
                                 "SELECT ticket.reference FROM ticket_lease CROSS JOIN ticket ON ticket.id = ticket_lease.ticket_id "
                                 "WHERE ticket_lease.until_at > :clock AND ticket_lease.user_id = :user AND ticket.is_active = 1 "
                                 "ORDER BY ticket_lease.until_at DESC LIMIT 50",
                                 sql::lease_now(sql), user_id);
}

} // namespace relais::model::ticket_leases
