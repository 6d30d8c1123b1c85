// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/clock.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// Time-based one-time passwords: SHA-1, six digits, 30 seconds, one step of tolerance either way.
// Source: RFC 6238, RFC 4226; security.md line 39.
namespace relais::model::totp {

constexpr std::int64_t step_s = 30;

// 20 random bytes: the seed of a new second factor.
std::string random_seed();
// The code of a step (`seconds / 30`), six digits.
std::string code(std::string_view seed, std::int64_t step);
// The step whose code was typed, now or one step either side, later than last_step; nothing otherwise. Spaces are ignored.
// A code serves once: the caller writes the step with `UPDATE ... WHERE totp_last_step < :step`.
std::optional<std::int64_t> matching_step(std::string_view seed, std::string_view typed, sys_seconds now, std::int64_t last_step);
// The seed as people type it into their telephone: RFC 4648 base 32, without padding.
std::string base32(std::string_view bytes);
// otpauth://totp/issuer:login?secret=...&issuer=...; what an authenticator application reads.
std::string enrolment_address(std::string_view issuer, std::string_view login, std::string_view seed);

} // namespace relais::model::totp
