// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/clock.hpp"

#include <soci/soci.h>

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

namespace relais::model {

// One exchange on a ticket. kind: "citizen" (came in), "reply" (went out), "note" (between colleagues, never shown to the citizen),
// "system" (what Relais tells the citizen).
struct message {
    std::int64_t id = 0, ticket_id = 0;
    std::string kind;
    std::optional<std::int64_t> author_id;
    std::string author_name; // as shown to the citizen: name and quality (CRPA L.111-2)
    std::string channel, body;
    sys_seconds created_at;

    auto fields() { return std::tie(id, ticket_id, kind, author_id, author_name, channel, body, created_at); }
};

namespace messages {

std::int64_t add(soci::session& sql, const message& what);
// The conversation, oldest first, merged tickets' included: all of it, with notes, for the desk; else what the requester may read.
std::vector<message> of(soci::session& sql, std::int64_t ticket_id, bool with_notes);

} // namespace messages

} // namespace relais::model
