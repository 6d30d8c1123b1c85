// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/clock.hpp"
#include "model/event.hpp"

#include <soci/soci.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>

namespace relais::model {

// A program that may call the API. Its token is shown once, when made; only the SHA-256 is kept.
struct api_token {
    std::int64_t id = 0;
    std::string name, role;
    std::int64_t rate = 10; // requests a second, 0 = no limit
    sys_seconds expires_at;
    std::optional<sys_seconds> used_at;

    auto fields() { return std::tie(id, name, role, rate, expires_at, used_at); }
};

namespace api_tokens {

constexpr std::int64_t lifetime_max_s = 365LL * 24 * 3600; // security.md line 53
constexpr std::int64_t touch_every_s = 60;

// Throws: invalid on name, role, rate or expires_at.
std::int64_t add(soci::session& sql, const api_token& from, std::string_view hash, sys_seconds now);
// The token, unless it was revoked or has expired.
std::optional<api_token> find(soci::session& sql, std::string_view hash, sys_seconds now);
void touch(soci::session& sql, std::int64_t id, sys_seconds now);
// Throws: not_found.
void revoke(soci::session& sql, std::int64_t id, const actor& who, sys_seconds now);

} // namespace api_tokens

} // namespace relais::model
