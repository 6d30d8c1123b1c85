// SPDX-License-Identifier: EUPL-1.2
#include "model/outgoing_mail.hpp"

#include "model/broadcast.hpp"
#include "model/error.hpp"
#include "model/event.hpp"
#include "model/mail_cap.hpp"
#include "model/participant.hpp"
#include "model/sql.hpp"

#include <algorithm>
#include <array>

namespace relais::model::outgoing_mails {
namespace {

using namespace std::chrono_literals;

constexpr std::array first_delays{60s, 300s, 900s, 3600s};
constexpr auto later_delay = 4h;
constexpr auto patience = 24h * 5;
constexpr std::size_t error_limit_bytes = 400;

std::string short_text(const std::string& text) { return text.substr(0, error_limit_bytes); }

// The row is ours when this matched it: two workers that read the same row cannot both be right.
bool take(soci::session& sql, outgoing_mail& mail, const claim_terms& terms, std::int64_t clock) {
    ++mail.attempts;
    return sql::change(sql,
                       "UPDATE outbox SET lease_owner = :owner, lease_until = :until, attempts = attempts + 1 "
                       "WHERE id = :id AND state = 'waiting' AND lease_until <= :clock",
                       terms.owner, clock + terms.lease_s, mail.id, clock) == 1;
}

void give_back(soci::session& sql, const outgoing_mail& mail, const std::string& owner, sys_seconds next_at) {
    sql::change(sql,
                "UPDATE outbox SET lease_owner = '', lease_until = 0, attempts = attempts - 1, next_at = :next_at "
                "WHERE id = :id AND state = 'waiting' AND lease_owner = :owner",
                next_at, mail.id, owner);
}

// The other acknowledgements that wait for the same mailbox: its turn has come, they leave together.
void take_companions(soci::session& sql, outgoing_group& group, const claim_terms& terms, std::int64_t clock) {
    auto others = sql::all<outgoing_mail>(
        sql,
        "SELECT id, kind, ticket_id, message_id, recipient, language, payload, is_capped, mail_message_id, attempts, created_at, "
        "participant_id FROM "
        "outbox "
        "WHERE recipient = :recipient AND sent_at IS NULL AND medium = 'mail' AND state = 'waiting' AND is_capped = 1 AND kind = :kind "
        "AND language = :language AND lease_until <= :clock AND id <> :id ORDER BY id LIMIT :limit",
        group.front().recipient, group.front().kind, group.front().language, clock, group.front().id, terms.group_limit - 1);
    for (auto& other : others)
        if (take(sql, other, terms, clock)) group.push_back(std::move(other));
}

// Runs `change_row` on each row of a group; true when every row was still ours.
template <class Change> bool each_row(const outgoing_group& group, Change change_row) {
    std::size_t matched = 0;
    for (const auto& mail : group) matched += change_row(mail) == 1 ? 1U : 0U;
    return matched == group.size();
}

void flag_unreachable(soci::session& sql, const outgoing_mail& mail, sys_seconds now) {
    if (!mail.ticket_id) return;
    if (mail.participant_id) {
        participants::set_reachable(sql, *mail.participant_id, false);
        events::record(sql, actor{}, "ticket.participant_unreachable", "ticket", *mail.ticket_id, {{"participant", *mail.participant_id}},
                       now);
        return;
    }
    auto flagged =
        sql::change(sql, "UPDATE ticket SET mail_state = 'unreachable' WHERE id = :id AND mail_state <> 'unreachable'", *mail.ticket_id);
    if (flagged == 1) events::record(sql, actor{}, "ticket.mail_unreachable", "ticket", *mail.ticket_id, {{"kind", mail.kind}}, now);
}

void read_ticket(soci::session& sql, std::int64_t ticket_id, mail_facts& out) {
    using row = std::tuple<std::string, sys_seconds, std::string, std::string, std::string, std::string, std::int64_t, std::string>;
    auto found =
        sql::first<row>(sql,
                        "SELECT reference, received_at, department, legal_nature, answer_before, implicit_on, follow_up_generation, "
                        "forwarded_to FROM ticket WHERE id = :id",
                        ticket_id);
    if (!found) throw not_found();
    std::tie(out.reference, out.received_at, out.department, out.legal_nature, out.answer_before, out.implicit_on, out.follow_up_generation,
             out.forwarded_to) = *found;
}

// Whom a mail goes to beside the requester, or of whom the requester is told.
void read_participant(soci::session& sql, const outgoing_mail& mail, mail_facts& out) {
    auto said = nlohmann::json::parse(mail.payload, nullptr, false);
    auto told_of = said.is_object() ? said.value("participant", std::int64_t{0}) : 0;
    auto found = participants::find(sql, mail.participant_id.value_or(told_of));
    if (!found) return;
    out.participant = found->name, out.role = found->role;
    if (!mail.participant_id) return;
    out.participant_code = found->code, out.follow_up_generation = found->link_generation;
    out.requester =
        sql::first<std::string>(
            sql, "SELECT citizen.name FROM ticket JOIN citizen ON citizen.id = ticket.requester_id WHERE ticket.id = :id", mail.ticket_id)
            .value_or("");
}

void read_message(soci::session& sql, std::int64_t message_id, mail_facts& out) {
    using row = std::tuple<std::string, std::string>;
    auto found = sql::first<row>(sql, "SELECT body, author_name FROM message WHERE id = :id", message_id);
    if (!found) throw not_found();
    std::tie(out.body, out.author) = *found;
}

void read_broadcast(soci::session& sql, const std::string& payload, mail_facts& out) {
    auto said = nlohmann::json::parse(payload, nullptr, false);
    if (!said.is_object() || !said.contains("broadcast")) return;
    auto of = broadcasts::get(sql, said["broadcast"].get<std::int64_t>());
    out.body = of.body, out.author = of.author, out.incident = of.incident_id;
    out.incident_title = incidents::get(sql, of.incident_id).public_title;
}

void read_share(soci::session& sql, const std::string& payload, mail_facts& out) {
    auto said = nlohmann::json::parse(payload, nullptr, false);
    if (said.is_object() && said.contains("share")) out.share = weekly_shares::get(sql, said["share"].get<std::int64_t>());
}

bool is_for_nobody(soci::session& sql, const outgoing_mail& mail, sys_seconds now) {
    if (!mail.participant_id) return false;
    auto to = participants::find(sql, *mail.participant_id);
    return !to || !to->is_active(now);
}

} // namespace

bool has_due(soci::session& sql, sys_seconds now) {
    return sql::first<std::int64_t>(
               sql,
               "SELECT id FROM outbox WHERE medium = 'mail' AND state = 'waiting' AND next_at <= :now AND lease_until <= :clock "
               "ORDER BY next_at, id LIMIT 1",
               now, sql::lease_now(sql))
        .has_value();
}

std::int64_t count_waiting(soci::session& sql) {
    return *sql::first<std::int64_t>(sql, "SELECT COUNT(*) FROM outbox WHERE medium = 'mail' AND state = 'waiting'");
}

claimed claim(soci::session& sql, const claim_terms& terms, sys_seconds now) {
    auto clock = sql::lease_now(sql);
    auto due = sql::all<outgoing_mail>(
        sql,
        "SELECT id, kind, ticket_id, message_id, recipient, language, payload, is_capped, mail_message_id, attempts, created_at, "
        "participant_id FROM "
        "outbox "
        "WHERE medium = 'mail' AND state = 'waiting' AND next_at <= :now AND lease_until <= :clock ORDER BY next_at, id LIMIT :limit",
        now, clock, terms.limit);
    claimed out;
    for (auto& mail : due) {
        if (is_for_nobody(sql, mail, now)) { // who follows the request no longer, removed while their mail was under way
            sql::change(sql, "DELETE FROM outbox WHERE id = :id AND state = 'waiting' AND lease_until <= :clock", mail.id, clock);
            continue;
        }
        if (!take(sql, mail, terms, clock)) continue; // another worker's, or already in a group
        auto leaves_at = mail.is_capped ? mail_caps::reserve(sql, mail.recipient, mail.id, now) : now;
        if (leaves_at > now) {
            give_back(sql, mail, terms.owner, leaves_at);
            ++out.delayed;
            continue;
        }
        auto& group = out.groups.emplace_back();
        group.push_back(std::move(mail));
        if (group.front().is_capped) take_companions(sql, group, terms, clock);
    }
    return out;
}

mail_facts facts(soci::session& sql, const outgoing_mail& mail) {
    mail_facts out;
    if (mail.ticket_id) {
        read_ticket(sql, *mail.ticket_id, out);
        using sent = std::tuple<std::int64_t, std::string>;
        auto first = sql::first<sent>(sql,
                                      "SELECT id, mail_message_id FROM outbox WHERE ticket_id = :ticket_id AND kind = 'acknowledgement' "
                                      "AND state = 'sent' ORDER BY id LIMIT 1",
                                      *mail.ticket_id);
        if (first && !mail.participant_id) out.first_mail = std::to_string(std::get<0>(*first)) + "." + std::get<1>(*first);
    }
    if (mail.participant_id) read_participant(sql, mail, out);
    if (mail.message_id) read_message(sql, *mail.message_id, out);
    if (mail.kind.starts_with("incident_")) read_broadcast(sql, mail.payload, out);
    if (mail.kind == "weekly_share") read_share(sql, mail.payload, out);
    return out;
}

bool mark_sent(soci::session& sql, const outgoing_group& group, const std::string& owner, const std::string& sent_hash,
               const std::string& sent_copy, sys_seconds now) {
    return each_row(group, [&](const outgoing_mail& mail) {
        // A code is of no use once sent: it is not kept in clear.
        auto matched =
            sql::change(sql,
                        "UPDATE outbox SET state = 'sent', sent_at = :now, sent_hash = :sent_hash, sent_copy = :sent_copy, error = '', "
                        "lease_owner = '', lease_until = 0, payload = CASE WHEN kind = 'code' THEN '{}' ELSE payload END "
                        "WHERE id = :id AND state IN ('waiting', 'stopped') AND lease_owner = :owner",
                        now, sent_hash, sent_copy, mail.id, owner);
        if (matched == 1 && mail.participant_id)
            participants::set_reachable(sql, *mail.participant_id, true);
        else if (matched == 1 && mail.ticket_id)
            sql::change(sql, "UPDATE ticket SET mail_state = '' WHERE id = :id AND mail_state = 'unreachable'", *mail.ticket_id);
        return matched;
    });
}

bool postpone(soci::session& sql, const outgoing_group& group, const std::string& owner, const std::string& error, sys_seconds next_at) {
    auto at = next_at;
    return each_row(group, [&](const outgoing_mail& mail) {
        auto matched = sql::change(sql,
                                   "UPDATE outbox SET next_at = :next_at, error = :error, lease_owner = '', lease_until = 0 "
                                   "WHERE id = :id AND state IN ('waiting', 'stopped') AND lease_owner = :owner",
                                   at, short_text(error), mail.id, owner);
        at = next_at + 1s; // the first of a group comes back first, and with it the Message-ID
        return matched;
    });
}

bool give_up(soci::session& sql, const outgoing_group& group, const std::string& owner, const std::string& error, sys_seconds now) {
    return each_row(group, [&](const outgoing_mail& mail) {
        auto matched = sql::change(sql,
                                   "UPDATE outbox SET state = 'failed', error = :error, lease_owner = '', lease_until = 0, "
                                   "payload = CASE WHEN kind = 'code' THEN '{}' ELSE payload END "
                                   "WHERE id = :id AND state IN ('waiting', 'stopped') AND lease_owner = :owner",
                                   short_text(error), mail.id, owner);
        if (matched == 1) flag_unreachable(sql, mail, now);
        return matched;
    });
}

void release(soci::session& sql, const outgoing_group& group, const std::string& owner) {
    for (const auto& mail : group)
        sql::change(sql,
                    "UPDATE outbox SET lease_owner = '', lease_until = 0, attempts = attempts - 1 "
                    "WHERE id = :id AND state IN ('waiting', 'stopped') AND lease_owner = :owner",
                    mail.id, owner);
}

std::optional<std::chrono::seconds> retry_delay(std::int64_t attempts) {
    auto delays = static_cast<std::int64_t>(first_delays.size());
    if (attempts >= 1 && attempts <= delays) return first_delays[static_cast<std::size_t>(attempts - 1)];
    std::chrono::seconds spent{0};
    for (auto delay : first_delays) spent += delay;
    spent += later_delay * (attempts - delays);
    if (attempts < 1 || spent > patience) return std::nullopt;
    return later_delay;
}

} // namespace relais::model::outgoing_mails
