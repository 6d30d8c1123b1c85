// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/message.hpp"

#include <soci/soci.h>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace relais::model {

// Who reads a message, beside the desk that reads all. A message without such rows is between the requester and us; one that has some is
// for those whom they name, and for nobody else. Source: docs/decisions/0110-several-people-on-one-ticket.md
struct message_reader {
    std::int64_t message_id = 0, participant_id = 0; // message_readers::requester, or a row of participant
    bool is_author = false;
    auto fields() { return std::tie(message_id, participant_id, is_author); }
};

namespace message_readers {

constexpr std::int64_t requester = 0;

// Addresses a message that was just added; nobody, or the requester alone, writes nothing.
void address(soci::session& sql, std::int64_t message_id, std::span<const std::int64_t> readers);
// Says that a participant wrote it: they and the desk read it.
void set_author(soci::session& sql, std::int64_t message_id, std::int64_t participant_id);
void forget(soci::session& sql, std::int64_t message_id);

// Who reads this message: the requester when nothing is said.
std::vector<std::int64_t> readers_of(soci::session& sql, std::int64_t message_id);
// Whatever is said of the messages of a ticket and of those merged into it, by message.
std::vector<message_reader> of(soci::session& sql, std::int64_t ticket_id);

// What a participant wrote or was written to, oldest first, wherever it was moved since; not what may still be taken back.
std::vector<message> thread(soci::session& sql, std::int64_t participant_id, sys_seconds now);

// The key of the mail that carries an answer to one of its readers.
std::string mail_key(std::int64_t message_id, std::int64_t reader);

// "0 12": readers as a text, for a draft; and back.
std::string write(std::span<const std::int64_t> readers);
std::vector<std::int64_t> read(std::string_view text);

} // namespace message_readers

} // namespace relais::model
