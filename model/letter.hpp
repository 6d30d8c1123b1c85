// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/clock.hpp"
#include "model/event.hpp"
#include "model/outgoing_mail.hpp"

#include <soci/soci.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <tuple>
#include <vector>

namespace relais::model {

// What must leave on paper, or be said by telephone to whom has no postal address either: an answer or an acknowledgement to somebody
// without a mail address.
struct letter {
    std::int64_t id = 0, ticket_id = 0;
    std::string kind, language, reference, subject;
    std::string name, postal_address, phone; // of the recipient
    sys_seconds created_at;
    std::optional<std::int64_t> participant_id; // of the recipient, when it is not the requester

    auto fields() {
        return std::tie(id, ticket_id, kind, language, reference, subject, name, postal_address, phone, created_at, participant_id);
    }
};

struct sent_letters {
    sys_seconds sent_at;
    std::int64_t count = 0;
    auto fields() { return std::tie(sent_at, count); }
};

namespace letters {

constexpr int batch_limit = 100;

// Letters that wait, the oldest first, at most batch_limit; none that may still be taken back (model/reply_recall.hpp).
std::vector<letter> waiting(soci::session& sql, sys_seconds now);
// Those of these that still wait.
std::vector<letter> among(soci::session& sql, std::span<const std::int64_t> ids, sys_seconds now);

// What waits to be said by telephone, likewise.
std::vector<letter> to_tell(soci::session& sql, sys_seconds now);
// Says that somebody told them, on that day; the call that the contact had asked for is dropped. Returns how many still waited.
int tell(soci::session& sql, std::span<const std::int64_t> ids, sys_seconds told_at, const actor& who, sys_seconds now);
// Somebody has just spoken with the person of this ticket: all that waited to be said has been.
void tell_of_ticket(soci::session& sql, std::int64_t ticket_id, const actor& who, sys_seconds now);

// What a letter says. Throws: not_found.
mail_facts facts(soci::session& sql, std::int64_t letter_id);

// Says that a letter left on that day, with the text that was printed, kept as it is. False when it no longer waits.
bool mark_sent(soci::session& sql, const letter& what, sys_seconds sent_at, std::string_view copy, std::string_view copy_hash,
               const actor& who, sys_seconds now);

// The last batches that left, newest first.
std::vector<sent_letters> batches(soci::session& sql, int limit = 10);

} // namespace letters

} // namespace relais::model
