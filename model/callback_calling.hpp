// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/callback.hpp"

#include <soci/soci.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace relais::model {

// One try to reach somebody. outcome: empty while it rings; "lost" when nobody said how it ended.
struct callback_attempt {
    std::int64_t number = 0;
    std::string agent_name;
    sys_seconds dialled_at;
    std::string outcome;
    std::optional<sys_seconds> ended_at;

    auto fields() { return std::tie(number, agent_name, dialled_at, outcome, ended_at); }
};

// Who claims: an account or a token. `token` is the number of the claim, that its holder shows with each act: a lease that lapsed and was
// given to somebody else lets nothing through. A program may leave it out; the owner must be the same all the same.
struct callback_caller {
    actor who;
    std::optional<std::int64_t> token = {};
    std::string owner() const { return who.kind + ":" + std::to_string(who.id.value_or(0)); }
};

// Making the calls: claim the next, dial, say how it ended. One agent at a time holds a callback, under a lease on the database's clock.
namespace callback_calling {

// The next callback due whose person may decently be called now, in the order in which they are due, leased to the caller; the one they
// hold already, if any. Nothing when none is due. Throws: conflict "conflict.callback_paused" (processing is switched off).
std::optional<callback> claim_next(soci::session& sql, const callback_rules& rules, const callback_caller& by, sys_seconds now);

// The one that this owner holds, lapsed or not.
std::optional<callback> find_held(soci::session& sql, std::string_view owner);

// An attempt begins, and counts whatever becomes of it. Throws: conflict "conflict.callback_lease" (the lease is another's),
// "conflict.callback_state", "conflict.callback_hour" (not a decent hour there).
callback dial(soci::session& sql, std::string_view public_id, const callback_rules& rules, const callback_caller& by, sys_seconds now);

// How the attempt ended: reached, voicemail, wrong_number, no_answer or busy. The last two bring it back on another half-day while attempts
// remain; else the citizen is told how to book again. An outcome without a dial before it is both.
// Throws: the same; invalid on "outcome".
callback finish(soci::session& sql, std::string_view public_id, std::string_view outcome, const callback_rules& rules,
                const callback_caller& by, sys_seconds now);

// Gives it back untried.
void release(soci::session& sql, std::string_view public_id, const callback_caller& by, sys_seconds now);

// What time does: leases that lapsed bring their callback back to its place (an attempt under way is "lost", and counts), callbacks whose
// days have passed end, and their people are told. At most `limit` of each; any node may do it. Returns how many moved.
std::int64_t tidy(soci::session& sql, sys_seconds now, int limit = 100);

std::vector<callback_attempt> attempts_of(soci::session& sql, std::int64_t callback_id);

} // namespace callback_calling
} // namespace relais::model
