// SPDX-License-Identifier: EUPL-1.2
#include "model/webhook.hpp"

#include "model/error.hpp"
#include "model/event_feed.hpp"
#include "model/sql.hpp"

#include <algorithm>
#include <set>
#include <sstream>

namespace relais::model::webhooks {

namespace {

using namespace std::chrono_literals;

const std::string columns = webhook::columns, delivery_columns = webhook_delivery::columns;
constexpr std::chrono::seconds held = 60s, longest_wait = 4h;

std::optional<webhook> find(soci::session& sql, std::int64_t id) {
    return sql::first<webhook>(sql, "SELECT " + columns + " FROM webhook WHERE id = :id AND deleted_at IS NULL", id);
}

bool wants(const webhook& hook, std::string_view action) {
    if (hook.actions.empty()) return true;
    std::istringstream in(hook.actions);
    for (std::string each; in >> each;)
        if (action.starts_with(each)) return true;
    return false;
}

// The events of a page that were written down before: the feed gives the last minute again.
std::set<std::int64_t> written_already(soci::session& sql, const webhook& hook, const std::vector<fed_event>& page) {
    if (page.empty()) return {};
    auto found = sql::all<std::int64_t>(
        sql, "SELECT event_id FROM webhook_delivery WHERE webhook_id = :webhook AND event_id >= :first AND event_id <= :last", hook.id,
        page.front().what.id, page.back().what.id);
    return {found.begin(), found.end()};
}

// False when another node has written it down since this transaction looked: within the feed's minute the place read to does not move.
bool write_down(soci::session& sql, std::int64_t hook, std::int64_t event, sys_seconds now) {
    try {
        sql::change(sql,
                    "INSERT INTO webhook_delivery (webhook_id, event_id, state, next_at, updated_at) VALUES (:webhook, :event, "
                    "'waiting', :next, :now)",
                    hook, event, now, now);
        return true;
    } catch (const std::exception& error) {
        if (!sql::is_duplicate(error)) throw;
        return false;
    }
}

// The next page of one webhook. Its row comes first and is locked by it: two nodes that read the same page write it down one after the
// other, and a webhook that is being removed gets nothing more.
int plan_one(soci::session& sql, const webhook& hook, sys_seconds now) {
    auto page = event_feed::after(sql, event_feed::read_cursor(hook.fed).value_or(feed_cursor{}), event_feed::page_limit, false);
    auto next = event_feed::write_cursor(page.next);
    auto known = written_already(sql, hook, page.events);
    std::erase_if(page.events, [&](const fed_event& each) { return !wants(hook, each.what.action) || known.contains(each.what.id); });
    if (next == hook.fed && page.events.empty()) return 0;
    if (sql::change(sql, "UPDATE webhook SET fed = :next WHERE id = :id AND fed = :before AND deleted_at IS NULL", next, hook.id,
                    hook.fed) == 0)
        return 0;
    int written = 0;
    for (const auto& each : page.events) written += write_down(sql, hook.id, each.what.id, now) ? 1 : 0;
    return written;
}

// What has been due to this webhook for longest.
std::optional<webhook_delivery> next_due(soci::session& sql, std::int64_t hook, sys_seconds now) {
    return sql::first<webhook_delivery>(sql,
                                        "SELECT " + delivery_columns +
                                            " FROM webhook_delivery WHERE webhook_id = :webhook AND state = 'waiting' AND next_at <= :now "
                                            "ORDER BY next_at, id LIMIT 1",
                                        hook, now);
}

} // namespace

std::int64_t add(soci::session& sql, std::string_view url, const std::vector<std::string>& actions, const actor& who, sys_seconds now) {
    if (all(sql).size() >= count_limit) throw conflict("conflict.webhooks");
    auto newest = sql::first<std::int64_t>(sql, "SELECT COALESCE(MAX(id), 0) FROM event").value_or(0);
    std::string wanted;
    for (const auto& each : actions) wanted += (wanted.empty() ? "" : " ") + each;
    auto id = sql::insert(sql, "INSERT INTO webhook (url, actions, fed, created_at) VALUES (:url, :actions, :fed, :now)", url, wanted,
                          event_feed::write_cursor({newest, newest}), now);
    events::record(sql, who, "webhook.added", "webhook", id, {{"url", url}, {"actions", wanted}}, now);
    return id;
}

std::vector<webhook> all(soci::session& sql) {
    return sql::all<webhook>(sql, "SELECT " + columns + " FROM webhook WHERE deleted_at IS NULL ORDER BY id");
}

void remove(soci::session& sql, std::int64_t id, const actor& who, sys_seconds now) {
    if (sql::change(sql, "UPDATE webhook SET deleted_at = :now WHERE id = :id AND deleted_at IS NULL", now, id) == 0) throw not_found();
    sql::change(sql, "DELETE FROM webhook_delivery WHERE webhook_id = :id AND state = 'waiting'", id);
    events::record(sql, who, "webhook.removed", "webhook", id, nlohmann::json::object(), now);
}

std::vector<webhook_delivery> deliveries(soci::session& sql, std::int64_t id, int limit) {
    if (!find(sql, id)) throw not_found();
    return sql::all<webhook_delivery>(
        sql, "SELECT " + delivery_columns + " FROM webhook_delivery WHERE webhook_id = :id ORDER BY id DESC LIMIT :limit", id, limit);
}

int plan(soci::session& sql, sys_seconds now) {
    int written = 0;
    for (const auto& hook : all(sql)) written += plan_one(sql, hook, now);
    sql::change(sql, "DELETE FROM webhook_delivery WHERE state IN ('sent', 'failed') AND next_at < :old",
                now - std::chrono::hours(24 * kept_days));
    return written;
}

std::vector<std::int64_t> due(soci::session& sql, sys_seconds now) {
    std::vector<std::int64_t> out;
    for (const auto& hook : all(sql))
        if (next_due(sql, hook.id, now)) out.push_back(hook.id);
    return out;
}

std::optional<due_delivery> take_next(soci::session& sql, std::int64_t hook, sys_seconds now) {
    auto to = find(sql, hook);
    auto next = to ? next_due(sql, hook, now) : std::nullopt;
    if (!next) return std::nullopt;
    auto taken =
        sql::change(sql,
                    "UPDATE webhook_delivery SET attempts = attempts + 1, next_at = :later WHERE id = :id AND state = 'waiting' AND "
                    "next_at <= :now",
                    now + held, next->id, now);
    if (taken == 0) return std::nullopt;
    ++next->attempts;
    auto about = sql::first<event>(sql, std::string("SELECT ") + event::columns + " FROM event WHERE id = :id", next->event_id);
    if (!about) { // erased meanwhile: there is nothing to tell
        next->attempts = attempts_limit;
        settle(sql, *next, 0, "the event is no more", now);
        return std::nullopt;
    }
    std::string reference;
    if (about->object_kind == "ticket")
        reference = sql::first<std::string>(sql, "SELECT reference FROM ticket WHERE id = :id", about->object_id).value_or("");
    return due_delivery{std::move(*next), std::move(*to), std::move(*about), std::move(reference)};
}

void settle(soci::session& sql, const webhook_delivery& delivery, std::int64_t status, std::string_view error, sys_seconds now) {
    auto is_over = delivery.attempts >= attempts_limit;
    std::chrono::seconds doubled = 60s * (1LL << std::clamp<std::int64_t>(delivery.attempts - 1, 0, 10));
    sql::change(
        sql,
        "UPDATE webhook_delivery SET state = :state, next_at = :next, status = :status, error = :error, updated_at = :now WHERE id = "
        ":id AND state = 'waiting'",
        error.empty() ? "sent"
        : is_over     ? "failed"
                      : "waiting",
        error.empty() ? now : now + std::min<std::chrono::seconds>(doubled, longest_wait), status, error.substr(0, 400), now, delivery.id);
}

} // namespace relais::model::webhooks
