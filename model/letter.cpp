// SPDX-License-Identifier: EUPL-1.2
#include "model/letter.hpp"

#include "model/callback_wanted.hpp"
#include "model/error.hpp"
#include "model/sql.hpp"
#include "model/sql_bulk.hpp"

namespace relais::model::letters {

namespace {
const std::string select_waiting =
    "SELECT outbox.id, ticket.id, outbox.kind, outbox.language, ticket.reference, ticket.subject, COALESCE(participant.name, "
    "citizen.name), "
    "citizen.postal_address, COALESCE(participant.phone, citizen.phone), outbox.created_at, outbox.participant_id FROM outbox "
    "JOIN ticket ON ticket.id = outbox.ticket_id JOIN citizen ON citizen.id = ticket.requester_id "
    "LEFT JOIN participant ON participant.id = outbox.participant_id WHERE outbox.state = 'waiting' AND outbox.medium = ";
// What may still be taken back is neither printed nor said.
const std::string is_due = " AND outbox.next_at <= ";
const std::string oldest_first = " ORDER BY outbox.next_at, outbox.id LIMIT " + std::to_string(batch_limit);

std::vector<letter> chosen(soci::session& sql, const std::string& medium, std::span<const std::int64_t> ids, sys_seconds now) {
    if (ids.empty()) return {};
    std::vector<std::string> values = {std::to_string(seconds(now))};
    for (auto each : ids.first(std::min<std::size_t>(ids.size(), batch_limit))) values.push_back(std::to_string(each));
    auto in = sql::placeholders(values.size() - 1, 1);
    return sql::all_bulk<letter>(sql, select_waiting + medium + is_due + ":v0 AND outbox.id IN (" + in + ")" + oldest_first, values);
}

bool mark_told(soci::session& sql, const letter& what, sys_seconds told_at, const actor& who, sys_seconds now) {
    auto changed =
        sql::change(sql, "UPDATE outbox SET state = 'told', sent_at = :told_at WHERE id = :id AND medium = 'phone' AND state = 'waiting'",
                    told_at, what.id);
    if (changed == 0) return false;
    events::record(sql, who, "ticket.told_by_phone", "ticket", what.ticket_id, {{"letter", what.id}, {"kind", what.kind}}, now);
    if (!what.participant_id) callbacks::drop_for_told(sql, what.ticket_id, now);
    return true;
}
} // namespace

std::vector<letter> waiting(soci::session& sql, sys_seconds now) {
    return sql::all<letter>(sql, select_waiting + "'letter'" + is_due + ":now" + oldest_first, now);
}

std::vector<letter> among(soci::session& sql, std::span<const std::int64_t> ids, sys_seconds now) {
    return chosen(sql, "'letter'", ids, now);
}

std::vector<letter> to_tell(soci::session& sql, sys_seconds now) {
    return sql::all<letter>(sql, select_waiting + "'phone'" + is_due + ":now" + oldest_first, now);
}

int tell(soci::session& sql, std::span<const std::int64_t> ids, sys_seconds told_at, const actor& who, sys_seconds now) {
    int out = 0;
    for (const auto& each : chosen(sql, "'phone'", ids, now)) out += mark_told(sql, each, told_at, who, now) ? 1 : 0;
    return out;
}

void tell_of_ticket(soci::session& sql, std::int64_t ticket_id, const actor& who, sys_seconds now) {
    auto waiting = sql::all<letter>(
        sql, select_waiting + "'phone' AND outbox.ticket_id = :ticket AND outbox.participant_id IS NULL" + oldest_first, ticket_id);
    for (const auto& each : waiting) mark_told(sql, each, now, who, now);
}

mail_facts facts(soci::session& sql, std::int64_t letter_id) {
    auto row = sql::first<outgoing_mail>(sql, "SELECT " + std::string(outgoing_mail::columns) + " FROM outbox WHERE id = :id", letter_id);
    if (!row) throw not_found();
    return outgoing_mails::facts(sql, *row);
}

bool mark_sent(soci::session& sql, const letter& what, sys_seconds sent_at, std::string_view copy, std::string_view copy_hash,
               const actor& who, sys_seconds now) {
    auto changed = sql::change(sql,
                               "UPDATE outbox SET state = 'sent', sent_at = :sent_at, sent_copy = :copy, sent_hash = :hash "
                               "WHERE id = :id AND medium = 'letter' AND state = 'waiting'",
                               sent_at, copy, copy_hash, what.id);
    if (changed == 0) return false;
    events::record(sql, who, "ticket.letter_sent", "ticket", what.ticket_id, {{"letter", what.id}, {"kind", what.kind}}, now);
    return true;
}

std::vector<sent_letters> batches(soci::session& sql, int limit) {
    return sql::all<sent_letters>(sql,
                                  "SELECT sent_at, COUNT(*) FROM outbox WHERE medium = 'letter' AND state = 'sent' GROUP BY sent_at "
                                  "ORDER BY sent_at DESC LIMIT :limit",
                                  limit);
}

} // namespace relais::model::letters
