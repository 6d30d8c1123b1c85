// SPDX-License-Identifier: EUPL-1.2
#include "model/message.hpp"

#include "model/sensitive.hpp"
#include "model/sql.hpp"
#include "model/ticket_merge.hpp"

#include <algorithm>
#include <iterator>

namespace relais::model::messages {

// Whoever writes, by whatever channel: what nobody needs to read is masked here.
std::int64_t add(soci::session& sql, const message& what) {
    return sql::insert(sql,
                       "INSERT INTO message (ticket_id, kind, author_id, author_name, channel, body, created_at) "
                       "VALUES (:ticket_id, :kind, :author_id, :author_name, :channel, :body, :created_at)",
                       what.ticket_id, what.kind, what.author_id, what.author_name, what.channel, sensitive::mask(what.body),
                       what.created_at);
}

std::vector<message> of(soci::session& sql, std::int64_t ticket_id, bool with_notes) {
    auto read = [&](std::int64_t id) {
        return sql::all<message>(sql,
                                 "SELECT id, ticket_id, kind, author_id, author_name, channel, body, created_at FROM message "
                                 "WHERE ticket_id = :ticket_id AND (:with_notes = 1 OR (kind <> 'note' AND (NOT EXISTS (SELECT 1 FROM "
                                 "message_reader WHERE message_reader.message_id = message.id) OR EXISTS (SELECT 1 FROM message_reader "
                                 "WHERE message_reader.message_id = message.id AND message_reader.participant_id = 0)))) "
                                 "ORDER BY id LIMIT 2000",
                                 id, with_notes);
    };
    auto out = read(ticket_id);
    for (auto merged : tickets::merged_into(sql, ticket_id)) {
        auto theirs = read(merged);
        std::move(theirs.begin(), theirs.end(), std::back_inserter(out));
    }
    std::stable_sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.created_at < b.created_at; });
    return out;
}

} // namespace relais::model::messages
