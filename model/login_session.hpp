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

// A browser that signs in or has signed in. Only the SHA-256 of its cookie is kept: a stolen database opens no session.
// stage: "enrol" (password known, no second factor yet), "totp" (second factor awaited), "full".
struct login_session {
    std::string hash;
    std::int64_t user_id = 0;
    std::string stage;
    sys_seconds created_at, seen_at;
    sys_seconds confirmed_at; // when the person last proved who they are
    std::string address;
    // Of the account, as it is now: a role changed or an account disabled counts at the next request, on every node.
    std::string login, role, name, quality;

    auto fields() { return std::tie(hash, user_id, stage, created_at, seen_at, confirmed_at, address, login, role, name, quality); }
};

namespace login_sessions {

// Idle and absolute limits by role, seconds. Source: security.md line 46.
std::int64_t idle_limit_s(std::string_view role);
std::int64_t absolute_limit_s(std::string_view role);
constexpr std::int64_t unfinished_limit_s = 600; // between the password and the second factor
constexpr std::int64_t touch_every_s = 60;       // seen_at is written at most this often

// hash: lower-case hexadecimal SHA-256 of the cookie.
void open(soci::session& sql, std::string_view hash, std::int64_t user_id, std::string_view stage, std::string_view address,
          sys_seconds now);
// The session, while it lasts and its account is not disabled.
std::optional<login_session> find(soci::session& sql, std::string_view hash, sys_seconds now);
// Notes that the person is still there.
void touch(soci::session& sql, std::string_view hash, sys_seconds now);
// Takes another name and stage: after the password, after the second factor. False when it had ended meanwhile.
bool rotate(soci::session& sql, std::string_view hash, std::string_view new_hash, std::string_view stage, sys_seconds now);
// Signs out; false when there was none.
bool close(soci::session& sql, std::string_view hash);
// Ends every session of an account: password change, disabled account, "sign out everywhere".
std::int64_t close_all(soci::session& sql, std::int64_t user_id);
// Forgets sessions past every limit, at most `limit` a call.
std::int64_t purge(soci::session& sql, sys_seconds now, int limit = 500);

} // namespace login_sessions

} // namespace relais::model
