// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/secrets.hpp"
#include "model/contact.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

// The private link of a ticket: /suivi/<token>. The token can be made again from the server's key for a mail or an idempotent answer;
// only its hash is stored, and a new generation revokes the old one. Source: contract.md "Tokens of links", security.md 4.8.
namespace relais::api::follow_up_tokens {

// 43 characters of base64url.
std::string make(const secrets& keys, std::string_view reference, std::int64_t generation);
// What the database keeps.
std::string hash(std::string_view token);
// The address of the link, for mails and pages.
std::string url(std::string_view base_url, std::string_view token);
// A new reference with the hash of its first link, for tickets::open.
model::ticket_name draw(const secrets& keys, std::chrono::sys_seconds now);

// The name that a contact will most probably have, known before it is written, and what tickets::open draws from: that name first.
struct drawn_ahead {
    model::ticket_name first;
    std::function<model::ticket_name()> next;
};
drawn_ahead draw_ahead(const secrets& keys, std::chrono::sys_seconds now);

} // namespace relais::api::follow_up_tokens
