// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/clock.hpp"

#include <soci/soci.h>

#include <cstdint>
#include <string_view>

// Six digits mailed to the address of a ticket, to show that who holds the link also reads the mail. Source: security.md 4.8.
// Each who follows a ticket has codes of their own: participant is 0 for the requester.
namespace relais::model::verification_codes {

constexpr int valid_s = 600;
constexpr int tries_limit = 5;
constexpr int codes_limit = 3; // in the time one is valid

// Writes a code down and returns its row. Throws: busy, when three were made in ten minutes.
std::int64_t add(soci::session& sql, std::int64_t ticket_id, std::int64_t participant, std::string_view code_hash, sys_seconds now);

// True when this is the ticket's last code, young enough and not used: it is used up. A wrong one counts; after five the code is dead.
bool use(soci::session& sql, std::int64_t ticket_id, std::int64_t participant, std::string_view code_hash, sys_seconds now);

} // namespace relais::model::verification_codes
