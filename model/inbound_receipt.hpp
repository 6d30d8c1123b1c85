// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/clock.hpp"

#include <soci/soci.h>

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace relais::model {

// A mail that came to the address of a ticket.
struct received_mail {
    std::int64_t ticket_id = 0;
    std::optional<std::int64_t> participant_id; // whose address it came to, when it is not the requester's
    std::string key;                            // of this mail for this ticket: hash of its Message-ID, or of its bytes
    std::string outcome;                        // message, bounce, delay, automatic, loop
    std::string body, quoted;
    std::string author;    // shown on the message: the requester's name, or another address
    std::string draft_key; // of its files; empty: none
    std::string status;    // of a delivery report: "5.1.1"
};

namespace inbound_receipts {

constexpr int daily_limit = 40; // messages a ticket: beyond it is a machine that answers

// Whose address it is: the requester's of a ticket, or a participant's.
struct addressed {
    std::int64_t ticket_id = 0; // merged ones are read with their target
    std::optional<std::int64_t> participant_id;
};
// Whom an address names, by a ticket's reference or a participant's code. Nothing when it is unknown, the link was renewed, the participant
// left, or the ticket was closed more than follow_up_days ago.
std::optional<addressed> find(soci::session& sql, std::string_view name, std::int64_t generation, int follow_up_days, sys_seconds now);
bool is_known(soci::session& sql, std::string_view key);
// True when this ticket received so many messages by mail in a day that the next must wait.
bool is_flooded(soci::session& sql, std::int64_t ticket_id, sys_seconds now);

// Keeps it, once: a message of the citizen on the ticket, which comes back to the queue; a bounce flags the ticket, or the participant,
// tells whoever is in charge, and says that it cannot be reached by mail; the others are only noted. keep_files: called before, in the same
// transaction. False when this mail was already kept.
bool keep(soci::session& sql, const received_mail& what, const std::function<void(soci::session&)>& keep_files, sys_seconds now);

// What these messages quote, by message.
std::map<std::int64_t, std::string> quotes(soci::session& sql, std::int64_t ticket_id);

} // namespace inbound_receipts
} // namespace relais::model
