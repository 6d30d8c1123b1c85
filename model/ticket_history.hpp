// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/clock.hpp"
#include "model/ticket.hpp"

#include <soci/soci.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace relais::model {

// What happened to a ticket in the system it comes from, after it was opened.
struct ticket_history {
    struct exchange {
        sys_seconds at;
        bool is_reply = false; // of an agent; else the citizen writes again
        std::string body;
    };
    std::string status = "new"; // new, open, waiting or closed
    std::optional<sys_seconds> closed_at;
    std::string category; // confirmed over there; empty: none
    std::vector<exchange> messages;
};

namespace tickets {

// True when a ticket of this key was imported before.
bool is_imported(soci::session& sql, std::string_view external_id);
// Writes down what an imported ticket has lived through, in the transaction that opened it. Nothing is mailed.
void live_on(soci::session& sql, std::int64_t ticket_id, const ticket_history& past, std::string_view channel, sys_seconds received_at);

} // namespace tickets

} // namespace relais::model
