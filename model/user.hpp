// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/clock.hpp"
#include "model/event.hpp"

#include <soci/soci.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace relais::model {

// A colleague or a partner with an account. Nobody has one by default: the first is made by `relais user add`.
struct user {
    std::int64_t id = 0;
    std::string login, name, quality; // name and quality are shown to the citizen (CRPA L.111-2)
    std::string role, email, password_hash;
    std::string totp_sealed; // empty until the first sign-in
    std::int64_t totp_last_step = 0;
    std::optional<sys_seconds> disabled_at;

    auto fields() { return std::tie(id, login, name, quality, role, email, password_hash, totp_sealed, totp_last_step, disabled_at); }
};

namespace users {

// The roles a person may have, and those a token may have (contract.md, "Roles").
std::span<const std::string_view> roles();
std::span<const std::string_view> token_roles();

struct new_user {
    std::string login, name, role, quality, email, password_hash;
};
// Makes an account; its second factor is enrolled at the first sign-in.
// Throws: invalid on login (3 to 80 of a-z 0-9 . _ - @), name or role; conflict when the login is taken.
std::int64_t add(soci::session& sql, const new_user& from, sys_seconds now);

std::optional<user> find(soci::session& sql, std::string_view login);
// Throws: not_found.
user get(soci::session& sql, std::int64_t id);
// Those who may be given a ticket, by name: roles agent, resolver, supervisor, not disabled. At most 500.
std::vector<user> desk(soci::session& sql);
// Whether an account is one of them, of however many: tickets go to those who treat them.
bool is_of_desk(soci::session& sql, std::int64_t id);

// A new password ends every session of the account: whoever had stolen one is out.
void change_password(soci::session& sql, std::int64_t id, std::string_view hash, const actor& who, sys_seconds now);
// The same password, hashed with today's settings.
void rehash(soci::session& sql, std::int64_t id, std::string_view hash);
// Gives the account its second factor; the seed is sealed by api::secrets.
void set_totp(soci::session& sql, std::int64_t id, std::string_view sealed, std::int64_t used_step);
// True once for each step and account: a code serves once, on every node (RFC 6238 5.2).
bool use_step(soci::session& sql, std::int64_t id, std::int64_t step);
// First in a visit: others that judge a code of this account wait until it ends, on every node.
void hold_for_code(soci::session& sql, std::int64_t id);
// Replaces the recovery codes by these hashes.
void set_recovery_codes(soci::session& sql, std::int64_t id, const std::vector<std::string>& hashes);
// True when the code was one of the account's and had not served.
bool use_recovery_code(soci::session& sql, std::int64_t id, std::string_view hash, sys_seconds now);
std::int64_t recovery_codes_left(soci::session& sql, std::int64_t id);
// Ends the account and its sessions.
void disable(soci::session& sql, std::int64_t id, const actor& who, sys_seconds now);

} // namespace users

} // namespace relais::model
