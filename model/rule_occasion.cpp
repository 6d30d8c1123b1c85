// SPDX-License-Identifier: EUPL-1.2
#include "model/rule_occasion.hpp"

#include "model/sql.hpp"
#include "model/ticket_facts.hpp"

#include <algorithm>
#include <array>
#include <tuple>

namespace relais::model::rule_occasions {

namespace {

using nlohmann::json;

constexpr std::int64_t us_in_s = 1'000'000;

struct occasion_row {
    rule_occasion what;
    std::string facts;
    static constexpr auto columns =
        "event_id, ticket_id, happened_at, since_at, until_at, cause_id, action, actor_kind, clock, message_id, facts";
    auto fields() {
        return std::tie(what.event_id, what.ticket_id, what.happened_at, what.since_at, what.until_at, what.cause_id, what.action,
                        what.actor_kind, what.clock, what.message_id, facts);
    }
};

const std::string select = std::string("SELECT ") + occasion_row::columns + " FROM rule_occasion ";

std::vector<rule_occasion> take(std::vector<occasion_row> rows) {
    std::vector<rule_occasion> out;
    for (auto& each : rows) out.emplace_back(std::move(each.what)).facts = ticket_facts::read(json::parse(each.facts));
    return out;
}

std::optional<rule_occasion> last(soci::session& sql, std::int64_t ticket_id) {
    auto found = take(
        sql::all<occasion_row>(sql, select + "WHERE ticket_id = :ticket AND until_at IS NULL ORDER BY event_id DESC LIMIT 1", ticket_id));
    return found.empty() ? std::nullopt : std::optional(std::move(found.front()));
}

bool is_by_person(std::string_view actor_kind) { return actor_kind == "citizen" || actor_kind == "staff" || actor_kind == "token"; }

// The status that an event of the past gave; the ticket's own may have changed since.
void put_status(rule_facts& to, const event& of, const json& data, const std::optional<rule_occasion>& before) {
    auto set = [&to](std::string status, std::string reason = {}) { to.status = std::move(status), to.waiting_reason = std::move(reason); };
    if (of.action == "ticket.opened")
        set("new"), to.assignee = 0;
    else if (of.action == "ticket.closed" || of.action == "ticket.forwarded")
        set("closed");
    else if (of.action == "ticket.waiting")
        set("waiting", data.value("reason", std::string("citizen")));
    else if (of.action == "ticket.replied" && data.value("waits", false))
        set("waiting", "citizen");
    else if (of.action == "ticket.replied" || of.action == "ticket.written_back" || of.action == "ticket.reopened" ||
             of.action == "ticket.resumed")
        set("open");
    else if (before)
        set(before->facts.status, before->facts.waiting_reason);
}

void insert(soci::session& sql, const rule_occasion& of) {
    sql::change(sql,
                "INSERT INTO rule_occasion (event_id, ticket_id, happened_at, since_at, until_at, is_over, cause_id, action, actor_kind, "
                "clock, message_id, facts) VALUES (:event, :ticket, :at, :since, NULL, :over, :cause, :action, :actor, :clock, :message, "
                ":facts)",
                of.event_id, of.ticket_id, of.happened_at, of.since_at, of.facts.status == "closed" || of.facts.status == "merged",
                of.cause_id, of.action, of.actor_kind, of.clock, of.message_id, ticket_facts::write(of.facts).dump());
}

} // namespace

bool concerns(const event& what) { return ticket_facts::are_changed_by(what.action, what.object_kind); }

std::optional<noted> note(soci::session& sql, const event& what, sys_seconds began_at) {
    if (sql::first<std::int64_t>(sql, "SELECT event_id FROM rule_occasion WHERE event_id = :event", what.id)) return std::nullopt;
    auto facts = ticket_facts::of(sql, what.object_id);
    if (!facts) return std::nullopt;
    auto before = last(sql, what.object_id);
    auto data = json::parse(what.data, nullptr, false);
    if (!data.is_object()) data = json::object();
    if (data.contains(ticket_facts::key)) facts = ticket_facts::read(data[ticket_facts::key]);
    noted out;
    auto& of = out.what;
    of.event_id = what.id, of.ticket_id = what.object_id, of.action = what.action, of.actor_kind = what.actor_kind;
    of.happened_at = at_seconds(what.at_us / us_in_s);
    if (of.happened_at < began_at) put_status(*facts, what, data, before);
    of.facts = std::move(*facts);
    of.clock = data.value("clock", std::string{});
    out.status_changed = before && !before->facts.same_status(of.facts);
    of.since_at = before && !out.status_changed ? before->since_at : of.happened_at;
    of.cause_id = before && !is_by_person(what.actor_kind) ? before->cause_id : what.id;
    of.message_id = sql::first<std::int64_t>(sql,
                                             "SELECT COALESCE(MAX(id), 0) FROM message WHERE ticket_id = :ticket AND kind = 'citizen' AND "
                                             "created_at <= :at",
                                             of.ticket_id, of.happened_at)
                        .value_or(0);
    if (before)
        sql::change(sql, "UPDATE rule_occasion SET until_at = :until WHERE event_id = :event",
                    std::max(of.happened_at, before->happened_at), before->event_id);
    insert(sql, of);
    return out;
}

rule_moment moment(const rule_occasion& of, bool status_changed, std::string words) {
    rule_moment out;
    out.at = of.happened_at, out.facts = of.facts, out.words = std::move(words);
    if (of.actor_kind == "rule") return out;
    if (of.action == "ticket.opened") out.events.insert("opened");
    if (of.action == "ticket.written_back" || (of.action == "ticket.reopened" && of.actor_kind == "citizen"))
        out.events.insert("written_back");
    if (of.action == "ticket.clock_warning") out.events.insert("clock_warning");
    if (of.action == "ticket.clock_breach") out.events.insert("clock_breach");
    if (of.action.starts_with("ticket.clock_")) out.clock = of.clock;
    if (status_changed) out.events.insert("status_changed");
    return out;
}

rule_moment end_of_wait(const rule_occasion& of, sys_seconds at, std::string words) {
    rule_moment out;
    out.events.insert("waited");
    out.at = at, out.facts = of.facts, out.words = std::move(words);
    return out;
}

std::string cause(const rule_occasion& of) {
    auto out = std::to_string(of.cause_id);
    return of.action.starts_with("ticket.clock_") ? out + ":" + of.clock + ":" + of.action.substr(of.action.rfind('_') + 1) : out;
}

std::string words(soci::session& sql, const rule_occasion& of) {
    auto subject = sql::first<std::string>(sql, "SELECT subject FROM ticket WHERE id = :id", of.ticket_id).value_or("");
    auto body = sql::first<std::string>(sql, "SELECT body FROM message WHERE id = :id", of.message_id).value_or("");
    return rule_words(subject + "\n" + body);
}

std::vector<rule_occasion> stays(soci::session& sql, std::int64_t since, std::int64_t ticket, int limit) {
    return take(sql::all<occasion_row>(sql,
                                       select + "WHERE is_over = 0 AND until_at IS NULL AND since_at >= :since AND (since_at > :again OR "
                                                "ticket_id > :ticket) ORDER BY since_at, ticket_id LIMIT :limit",
                                       since, since, ticket, limit));
}

std::vector<rule_occasion> lived_since(soci::session& sql, sys_seconds from, std::int64_t before_ticket, int limit) {
    return take(sql::all<occasion_row>(sql,
                                       select + "WHERE ticket_id < :before AND (until_at IS NULL OR until_at > :from) ORDER BY ticket_id "
                                                "DESC, event_id DESC LIMIT :limit",
                                       before_ticket, from, limit));
}

std::int64_t purge(soci::session& sql, sys_seconds now) {
    auto old = now - std::chrono::hours(24) * kept_days;
    return sql::change(sql, "DELETE FROM rule_occasion WHERE until_at < :old", old) +
           sql::change(sql, "DELETE FROM rule_occasion WHERE is_over = 1 AND until_at IS NULL AND since_at < :old", old);
}

} // namespace relais::model::rule_occasions
