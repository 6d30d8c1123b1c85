// SPDX-License-Identifier: EUPL-1.2
#include "model/message_reader.hpp"

#include "model/sql.hpp"
#include "model/ticket_merge.hpp"

#include <algorithm>
#include <charconv>
#include <iterator>

namespace relais::model::message_readers {

void address(soci::session& sql, std::int64_t message_id, std::span<const std::int64_t> readers) {
    if (readers.empty() || (readers.size() == 1 && readers.front() == requester)) return;
    for (auto each : readers)
        sql::change(sql, "INSERT INTO message_reader (message_id, participant_id) VALUES (:message, :reader)", message_id, each);
}

void set_author(soci::session& sql, std::int64_t message_id, std::int64_t participant_id) {
    sql::change(sql, "INSERT INTO message_reader (message_id, participant_id, is_author) VALUES (:message, :participant, 1)", message_id,
                participant_id);
}

void forget(soci::session& sql, std::int64_t message_id) {
    sql::change(sql, "DELETE FROM message_reader WHERE message_id = :message", message_id);
}

std::vector<std::int64_t> readers_of(soci::session& sql, std::int64_t message_id) {
    auto out = sql::all<std::int64_t>(
        sql, "SELECT participant_id FROM message_reader WHERE message_id = :message ORDER BY participant_id LIMIT 100", message_id);
    if (out.empty()) out.push_back(requester);
    return out;
}

std::vector<message_reader> of(soci::session& sql, std::int64_t ticket_id) {
    auto read = [&](std::int64_t id) {
        return sql::all<message_reader>(sql,
                                        "SELECT message_reader.message_id, message_reader.participant_id, message_reader.is_author FROM "
                                        "message JOIN message_reader ON message_reader.message_id = message.id "
                                        "WHERE message.ticket_id = :ticket ORDER BY message.id, message_reader.participant_id LIMIT 20000",
                                        id);
    };
    auto out = read(ticket_id);
    for (auto merged : tickets::merged_into(sql, ticket_id)) {
        auto theirs = read(merged);
        std::move(theirs.begin(), theirs.end(), std::back_inserter(out));
    }
    return out;
}

std::vector<message> thread(soci::session& sql, std::int64_t participant_id, sys_seconds now) {
    return sql::all<message>(sql,
                             "SELECT message.id, message.ticket_id, message.kind, message.author_id, message.author_name, "
                             "message.channel, message.body, message.created_at FROM message_reader JOIN message ON message.id = "
                             "message_reader.message_id WHERE message_reader.participant_id = :participant AND message.kind <> 'note' "
                             "AND NOT EXISTS (SELECT 1 FROM reply_recall WHERE reply_recall.message_id = message.id AND "
                             "reply_recall.until_at > :now) ORDER BY message_reader.message_id LIMIT 2000",
                             participant_id, now);
}

std::string mail_key(std::int64_t message_id, std::int64_t reader) {
    auto out = "reply:" + std::to_string(message_id);
    return reader == requester ? out : out + ":" + std::to_string(reader);
}

std::string write(std::span<const std::int64_t> readers) {
    std::string out;
    for (auto each : readers) out += (out.empty() ? "" : " ") + std::to_string(each);
    return out;
}

std::vector<std::int64_t> read(std::string_view text) {
    std::vector<std::int64_t> out;
    while (!text.empty()) {
        auto end = std::min(text.find(' '), text.size());
        std::int64_t id = 0;
        if (std::from_chars(text.data(), text.data() + end, id).ec == std::errc{}) out.push_back(id);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return out;
}

} // namespace relais::model::message_readers
