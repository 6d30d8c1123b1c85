// SPDX-License-Identifier: EUPL-1.2
#include "model/sha256.hpp"

#include <sodium.h>

#include <array>

namespace relais::model::sha256 {

std::string hex(std::string_view bytes) {
    std::array<unsigned char, crypto_hash_sha256_BYTES> digest{};
    crypto_hash_sha256(digest.data(), reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
    std::array<char, digest.size() * 2 + 1> out{};
    sodium_bin2hex(out.data(), out.size(), digest.data(), digest.size());
    return out.data();
}

} // namespace relais::model::sha256
