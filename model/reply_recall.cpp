// SPDX-License-Identifier: EUPL-1.2
#include "model/reply_recall.hpp"

#include "model/error.hpp"
#include "model/first_answer.hpp"
#include "model/message_reader.hpp"
#include "model/outbox.hpp"
#include "model/reply_draft.hpp"
#include "model/sql.hpp"
#include "model/ticket_version.hpp"

#include <algorithm>

namespace relais::model::reply_recalls {

namespace {

struct past {
    std::string status, waiting_reason, body;
    bool waits = false;
    std::int64_t version = 0;
    sys_seconds said_at;
    std::optional<std::int64_t> wait_id;
    std::optional<sys_seconds> wait_next_at;
    bool closes = false;
    auto fields() { return std::tie(status, waiting_reason, body, waits, version, said_at, wait_id, wait_next_at, closes); }
};

// Whoever answered meanwhile, in writing or by telephone, is now the first.
void restore_first_reply(soci::session& sql, const ticket& on, sys_seconds taken_back) {
    if (on.first_reply_at != taken_back) return;
    auto left = first_answers::of(sql, on.id);
    auto first = left.empty() ? std::nullopt : std::optional(left.front().at);
    sql::change(sql, "UPDATE ticket SET first_reply_at = :first WHERE id = :id", first, on.id);
}

// The ticket stands as it did before, if nobody else did anything to it since. What these words closed is open again in any case: nobody
// would be told of it.
void restore(soci::session& sql, const ticket& on, const past& before, const tickets::action& act) {
    restore_first_reply(sql, on, before.said_at);
    auto is_closed_by_it =
        before.closes && on.status == "closed" && on.closed_at == before.said_at && on.closure_reason != "solved_by_citizen";
    if (on.version != before.version && !is_closed_by_it) return;
    tickets::set_status(sql, on.id, before.status, before.waiting_reason);
    if (before.wait_id) ticket_waits::take_up(sql, *before.wait_id, before.wait_next_at, act.now);
    if (!is_closed_by_it) return;
    sql::change(sql, "UPDATE ticket SET closed_at = NULL, closure_reason = '', closure_text = '', forwarded_to = '' WHERE id = :id", on.id);
    events::record(sql, act.who, "ticket.reopened", "ticket", on.id, {{"reason", ""}}, act.now);
}

// What was said is a draft again, after what its author was writing meanwhile.
void give_back(soci::session& sql, const ticket& on, std::int64_t user, const past& said, std::string readers, sys_seconds now) {
    if (said.body.empty()) return;
    auto draft = reply_drafts::find(sql, on.id, user);
    if (!draft)
        draft = reply_draft{said.body, said.waits, std::move(readers), {}};
    else if (!draft->body.ends_with(said.body))
        draft->body += "\n\n" + said.body;
    reply_drafts::save(sql, on.id, user, *draft, now);
}

// False when it has left, or is leaving, to one of its readers. A mail to somebody who was removed meanwhile is gone already.
bool withdraw(soci::session& sql, const ticket& on, std::int64_t message_id) {
    auto keys =
        sql::all<std::string>(sql, "SELECT unique_key FROM outbox WHERE ticket_id = :ticket AND message_id = :message", on.id, message_id);
    return std::all_of(keys.begin(), keys.end(), [&](const auto& each) { return outbox::withdraw(sql, each); });
}

} // namespace

standing stands(soci::session& sql, const ticket& on) { return {on, ticket_waits::standing(sql, on.id)}; }

void begin(soci::session& sql, const standing& before, const tickets::action& act, std::int64_t message_id, said what) {
    const auto& [on, wait] = before;
    auto wait_id = wait ? std::optional(wait->id) : std::nullopt;
    auto wait_next_at = wait ? wait->next_at : std::nullopt;
    sql::change(
        sql,
        "INSERT INTO reply_recall (message_id, ticket_id, user_id, status, waiting_reason, waits, version, until_at, wait_id, "
        "wait_next_at, closes) VALUES (:message, :ticket, :user, :status, :reason, :waits, :version, :until, :wait, :next, :closes)",
        message_id, on.id, *act.who.id, on.status, on.waiting_reason, what.waits, on.version + 1, act.now + delay, wait_id, wait_next_at,
        what.closes);
}

std::optional<reply_recall> find(soci::session& sql, std::int64_t ticket_id, std::int64_t user_id, sys_seconds now) {
    return sql::first<reply_recall>(sql,
                                    "SELECT message_id, user_id, until_at FROM reply_recall WHERE ticket_id = :ticket AND until_at > :now "
                                    "AND user_id = :user ORDER BY message_id DESC LIMIT 1",
                                    ticket_id, now, user_id);
}

std::vector<std::int64_t> held(soci::session& sql, std::int64_t ticket_id, sys_seconds now) {
    return sql::all<std::int64_t>(
        sql, "SELECT message_id FROM reply_recall WHERE ticket_id = :ticket AND until_at > :now ORDER BY until_at LIMIT 100", ticket_id,
        now);
}

ticket as_known(soci::session& sql, ticket on, sys_seconds now) {
    using unsaid = std::tuple<std::string, std::string, std::int64_t, bool, sys_seconds>;
    for (const auto& [status, reason, version, closes, said_at] :
         sql::all<unsaid>(sql,
                          "SELECT reply_recall.status, waiting_reason, version, closes, message.created_at FROM reply_recall JOIN message "
                          "ON message.id = reply_recall.message_id WHERE reply_recall.ticket_id = :ticket AND reply_recall.until_at > :now "
                          "ORDER BY reply_recall.message_id DESC LIMIT 100",
                          on.id, now)) {
        if (on.first_reply_at == said_at) on.first_reply_at.reset();
        if (closes ? on.closed_at != said_at : on.version != version) continue;
        on.status = status, on.waiting_reason = reason, on.version = version - 1;
        if (!closes) continue;
        on.closed_at.reset(), on.closure_reason.clear(), on.closure_text.clear(), on.forwarded_to.clear();
    }
    return on;
}

void take_back(soci::session& sql, const tickets::action& act, std::int64_t message_id) {
    auto anyhow = act;
    anyhow.version = 0; // a colleague's change does not make a wrong answer leave
    auto on = tickets::take(sql, anyhow);
    auto user = act.who.id.value_or(0);
    auto before = sql::first<past>(
        sql,
        "SELECT reply_recall.status, reply_recall.waiting_reason, message.body, reply_recall.waits, reply_recall.version, "
        "message.created_at, reply_recall.wait_id, reply_recall.wait_next_at, reply_recall.closes FROM reply_recall JOIN message ON "
        "message.id = reply_recall.message_id WHERE reply_recall.message_id = :message AND reply_recall.ticket_id = :ticket AND "
        "reply_recall.user_id = :user AND reply_recall.until_at > :now",
        message_id, on.id, user, act.now);
    auto readers = message_readers::readers_of(sql, message_id);
    if (!before || !withdraw(sql, on, message_id)) throw conflict("conflict.reply_left");
    sql::change(sql, "DELETE FROM reply_recall WHERE message_id = :message", message_id);
    sql::change(sql, "DELETE FROM message WHERE id = :message", message_id);
    message_readers::forget(sql, message_id);
    restore(sql, on, *before, act);
    give_back(sql, on, user, *before, message_readers::write(readers), act.now);
    events::record(sql, act.who, "ticket.reply_taken_back", "ticket", on.id, {{"message", message_id}}, act.now);
}

std::int64_t purge(soci::session& sql, sys_seconds now) {
    auto old = sql::all<std::int64_t>(sql, "SELECT message_id FROM reply_recall WHERE until_at < :now ORDER BY until_at LIMIT 500", now);
    for (auto each : old) sql::change(sql, "DELETE FROM reply_recall WHERE message_id = :message", each);
    return static_cast<std::int64_t>(old.size());
}

} // namespace relais::model::reply_recalls
