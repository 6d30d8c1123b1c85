// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/clock.hpp"

#include <soci/soci.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>

namespace relais::model {

// What an agent is writing to the citizen of a ticket: one text an agent and ticket, read by its author alone.
struct reply_draft {
    std::string body;
    bool waits = false;  // the box "I wait for the citizen"
    std::string readers; // to whom it will be addressed (message_readers::write); empty: nothing was chosen
    sys_seconds updated_at;
    auto fields() { return std::tie(body, waits, readers, updated_at); }
};

namespace reply_drafts {

constexpr int kept_days = 90;

std::optional<reply_draft> find(soci::session& sql, std::int64_t ticket_id, std::int64_t user_id);
// Replaces it; an empty text removes it. updated_at is now.
void save(soci::session& sql, std::int64_t ticket_id, std::int64_t user_id, const reply_draft& what, sys_seconds now);
void remove(soci::session& sql, std::int64_t ticket_id, std::int64_t user_id);
// Removes those left alone for kept_days, a few hundred a call. Returns how many.
std::int64_t purge(soci::session& sql, sys_seconds now);

} // namespace reply_drafts

} // namespace relais::model
