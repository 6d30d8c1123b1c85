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
    std::string key;     // of this mail for this ticket: hash of its Message-ID, or of its bytes
    std::string outcome; // message, bounce, delay, automatic, loop
    std::string body, quoted;
    std::string author;    // shown on the message: the requester's name, or another address
    std::string draft_key; // of its files; empty: none
    std::string status;    // of a delivery report: "5.1.1"
};

namespace inbound_receipts {

constexpr int daily_limit = 40; // messages a ticket: beyond it is a machine that answers

// The ticket that an address names, merged ones being read with their target. Nothing when it is unknown, its link was renewed, or it was
// closed more than follow_up_days ago.
std::optional<std::int64_t> find_ticket(soci::session& sql, std::string_view reference, std::int64_t generation, int follow_up_days,
                                        sys_seconds now);
bool is_known(soci::session& sql, std::string_view key);
// True when this ticket received so many messages by mail in a day that the next must wait.
bool is_flooded(soci::session& sql, std::int64_t ticket_id, sys_seconds now);

// Keeps it, once: a message of the citizen on the ticket, which comes back to the queue; a bounce flags the ticket, tells whoever is in
// charge, and says that it cannot be reached by mail; the others are only noted. keep_files: called before, in the same transaction.
// False when this mail was already kept.
bool keep(soci::session& sql, const received_mail& what, const std::function<void(soci::session&)>& keep_files, sys_seconds now);

// What these messages quote, by message.
std::map<std::int64_t, std::string> quotes(soci::session& sql, std::int64_t ticket_id);

} // namespace inbound_receipts
} // namespace relais::model
