// SPDX-License-Identifier: EUPL-1.2
#include "model/first_answer.hpp"

#include "model/sql.hpp"
#include "model/ticket_clock.hpp"

namespace relais::model::first_answers {

namespace {

void judge(soci::session& sql, std::int64_t ticket_id, const clock_book& book, sys_seconds now) {
    auto answers = of(sql, ticket_id);
    if (answers.empty()) return;
    auto changed =
        sql::change(sql, "UPDATE ticket SET first_reply_at = :at WHERE id = :id AND first_reply_at IS NULL", answers.front().at, ticket_id);
    auto has_clocks = changed == 1 && !ticket_clocks::of(sql, ticket_id).empty();
    if (has_clocks) ticket_clocks::refresh(sql, ticket_id, book, now);
}

} // namespace

std::vector<given_answer> of(soci::session& sql, std::int64_t ticket_id) {
    return sql::all<given_answer>(
        sql,
        "SELECT message.id, created_at AS at FROM message WHERE ticket_id = :ticket AND kind = 'reply' AND (author_id IS NOT NULL OR "
        "channel = 'import' OR EXISTS (SELECT 1 FROM outbox WHERE outbox.ticket_id = message.ticket_id AND outbox.message_id = message.id "
        "AND outbox.kind = 'reply')) AND (NOT EXISTS (SELECT 1 FROM message_reader WHERE message_reader.message_id = message.id) OR EXISTS "
        "(SELECT 1 FROM message_reader WHERE message_reader.message_id = message.id AND message_reader.participant_id = 0)) UNION ALL "
        "SELECT message.id, phone_call.written_at AS at FROM phone_call JOIN message ON message.id = phone_call.message_id "
        "WHERE phone_call.ticket_id = :called AND message.kind <> 'note' ORDER BY 2, 1 LIMIT 2000",
        ticket_id, ticket_id);
}

std::optional<std::int64_t> find_again(soci::session& sql, std::int64_t after, const clock_book& book, sys_seconds now, int limit) {
    auto page = sql::all<std::int64_t>(sql, "SELECT id FROM ticket WHERE id > :after ORDER BY id LIMIT :limit", after, limit);
    if (page.empty()) return std::nullopt;
    auto silent = sql::all<std::int64_t>(sql,
                                         "SELECT id FROM ticket WHERE id > :after AND id <= :last AND first_reply_at IS NULL AND EXISTS "
                                         "(SELECT 1 FROM message WHERE message.ticket_id = ticket.id AND message.kind = 'reply' AND "
                                         "message.author_id IS NOT NULL) ORDER BY id",
                                         after, page.back());
    for (auto each : silent) judge(sql, each, book, now);
    return page.back();
}

} // namespace relais::model::first_answers
