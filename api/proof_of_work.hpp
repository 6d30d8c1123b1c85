// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/secrets.hpp"

#include <nlohmann/json.hpp>

#include <chrono>
#include <string>
#include <string_view>

// A sum that costs a browser a second and a flood of forms a fortune. The protocol is ALTCHA's, self-hosted; each challenge is bound to
// one form, which is sent once, so an answer is of no use for another.
// Source: https://altcha.org/docs/v2/server-integration (challenge = SHA-256(salt + number), signed by the server)
namespace relais::api::proofs {

constexpr int largest_number = 60'000;
constexpr int valid_s = 1800;

// {algorithm, challenge, salt, signature, maxnumber}, for the page's script.
nlohmann::json challenge(const secrets& keys, std::string_view form, std::chrono::sys_seconds now);
// True when the answer (base64 of {algorithm, challenge, number, salt, signature}) solves a challenge of ours, made for this form and
// not older than half an hour. Never throws.
bool verify(const secrets& keys, std::string_view form, std::string_view answer, std::chrono::sys_seconds now);

} // namespace relais::api::proofs
