// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/clock.hpp"

#include <soci/soci.h>

#include <optional>
#include <string>
#include <string_view>

// The same request sent twice has one effect and one answer (security.md 4.3). Kept 72 hours.
namespace relais::model::idempotency {

struct remembered {
    int status = 0;
    std::string answer; // what the handler made of it: a reference, a JSON body
};

// First thing in the transaction: reserves the key, or returns what the earlier request was answered.
// key_hash: SHA-256 of the key and of who sent it, so that nobody reads another's answer. fingerprint: SHA-256 of the body.
// foreseen: the answer, for who knows it before the work is done; it is then remembered already, and again only if it turns out otherwise.
// Throws: invalid on "idempotency_key", when the key came before with another body.
std::optional<remembered> claim(soci::session& sql, std::string_view key_hash, std::string_view route, std::string_view fingerprint,
                                sys_seconds now, const remembered& foreseen = {});

// Last thing in the same transaction: keeps the answer.
void remember(soci::session& sql, std::string_view key_hash, const remembered& answer);

// Forgets keys older than 72 hours, at most `limit` a call. Returns how many.
std::int64_t purge(soci::session& sql, sys_seconds now, int limit = 500);

} // namespace relais::model::idempotency
