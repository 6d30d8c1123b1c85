// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/clock.hpp"

#include <soci/soci.h>

#include <cstdint>
#include <string_view>

// Wrong passwords and codes, kept one day, so that guessing is slow on every node at once. Nobody is locked out for good: a stranger
// who knows a login could otherwise keep its owner away.
// Source: security.md line 37.
namespace relais::model::sign_in_failures {

constexpr std::int64_t window_s = 15 * 60;
constexpr std::int64_t free_failures = 5;      // by account and address in the window, before the delay doubles: 1 s to 60 s
constexpr std::int64_t address_failures = 20;  // by address in the window
constexpr std::int64_t account_failures = 100; // by account in an hour, wherever from: its owner is told

// Seconds before this account may be tried again from this address; 0: now.
// login_hash: SHA-256 of what was typed as a login, which may well be a password typed in the wrong box.
std::int64_t wait_s(soci::session& sql, std::string_view login_hash, std::string_view address, sys_seconds now);
// Writes a failure down. True when the account just reached account_failures: tell its owner, once an hour.
bool record(soci::session& sql, std::string_view login_hash, std::string_view address, sys_seconds now);
// A success forgets the failures of this account from this address.
void forget(soci::session& sql, std::string_view login_hash, std::string_view address);
// Forgets failures older than a day, at most `limit` a call.
std::int64_t purge(soci::session& sql, sys_seconds now, int limit = 500);

} // namespace relais::model::sign_in_failures
