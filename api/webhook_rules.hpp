// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/secrets.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace relais::api {

// Where webhooks may go. Source: security.md 1.3 (SSRF): an administrator's list, https, no private address, no redirect.
struct webhook_rules {
    std::vector<std::string> hosts; // their names, exactly; empty: no webhook at all
    bool private_addresses = false; // also to private addresses, and by http: for a network of one's own

    // Why this address may not be used ("malformed", "scheme", "host"); empty: it may.
    std::string refusal(std::string_view url) const;
};

// The secret that both sides know, made from the server's key whenever it is needed; 43 characters.
std::string webhook_secret(const secrets& keys, std::int64_t id);
// HMAC-SHA-256 of the body's bytes with the secret's characters, in lower-case hexadecimal.
std::string webhook_signature(std::string_view secret, std::string_view body);

} // namespace relais::api
