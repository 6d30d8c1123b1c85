// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/clock_book.hpp"

#include <soci/soci.h>

#include <cstdint>
#include <optional>
#include <tuple>
#include <vector>

namespace relais::model {

// Words that answered the requester of a ticket, and when.
struct given_answer {
    std::int64_t message_id = 0;
    sys_seconds at;
    auto fields() { return std::tie(message_id, at); }
};

namespace first_answers {

// What answers a ticket, first to last: what a colleague wrote to the requester, or a program that replied, what was imported as an answer,
// and the calls that were written down. What an incident tells everybody answers nobody.
std::vector<given_answer> of(soci::session& sql, std::int64_t ticket_id);

// Reads the first answer again of the tickets after one that have none while a colleague wrote to the requester (before Relais counted
// the words of a closing), and their clocks. Returns the ticket to go on from; nothing at the end.
std::optional<std::int64_t> find_again(soci::session& sql, std::int64_t after, const clock_book& book, sys_seconds now, int limit = 500);

} // namespace first_answers
} // namespace relais::model
