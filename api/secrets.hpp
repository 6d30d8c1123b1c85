// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>
#include <string_view>

namespace relais::api {

// The server's master key, from which each use gets a key of its own. The file holds 64 hexadecimal characters, mode 0400.
struct secrets {
    std::string master; // 32 bytes

    // HMAC-SHA-256(key for `use`, text), base64url without padding, 43 characters.
    // Uses: "follow_up", "form", "csrf", "upload", "letter"...
    std::string sign(std::string_view use, std::string_view text) const;
    // Compares in constant time.
    bool verify(std::string_view use, std::string_view text, std::string_view signature) const;
    // XChaCha20-Poly1305 with a random nonce, base64; for second factors and attachment keys at rest.
    std::string seal(std::string_view use, std::string_view clear) const;
    // Throws std::runtime_error when the text was altered or made with another key.
    std::string open(std::string_view use, std::string_view sealed) const;
};

// `bytes` random bytes as base64url without padding. Source: security.md 4.8 (32 bytes make 43 characters).
std::string random_token(std::size_t bytes = 32);
// Lower-case hexadecimal SHA-256.
std::string sha256_hex(std::string_view text);

// Reads the key file, or makes one (mode 0400) when it does not exist.
secrets load_secrets(const std::string& file);

} // namespace relais::api
