// SPDX-License-Identifier: EUPL-1.2
#include "model/totp.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sodium.h>

#include <array>
#include <stdexcept>

namespace relais::model::totp {

namespace {

constexpr std::size_t seed_bytes = 20; // 160 bits
constexpr int tolerance_steps = 1;
constexpr std::uint32_t code_modulus = 1'000'000;

std::string digits_of(std::string_view typed) {
    std::string out;
    for (auto c : typed)
        if (c != ' ') out.push_back(c);
    return out;
}

std::string percent(std::string_view text) {
    constexpr std::string_view hex = "0123456789ABCDEF";
    std::string out;
    for (auto c : text) {
        auto byte = static_cast<unsigned char>(c);
        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_')
            out.push_back(c);
        else
            out.append({'%', hex[byte >> 4U], hex[byte & 15U]});
    }
    return out;
}

} // namespace

std::string random_seed() {
    std::string out(seed_bytes, '\0');
    randombytes_buf(out.data(), out.size());
    return out;
}

std::string code(std::string_view seed, std::int64_t step) {
    std::array<unsigned char, 8> counter{};
    for (std::size_t i = 0; i < counter.size(); ++i)
        counter[i] = static_cast<unsigned char>(static_cast<std::uint64_t>(step) >> (56 - 8 * i));
    std::array<unsigned char, EVP_MAX_MD_SIZE> mac{};
    unsigned int size = 0;
    if (!HMAC(EVP_sha1(), seed.data(), static_cast<int>(seed.size()), counter.data(), counter.size(), mac.data(), &size) || size != 20)
        throw std::runtime_error("HMAC-SHA-1 is not available.");
    auto at = static_cast<std::size_t>(mac[19] & 15U);
    auto number = (static_cast<std::uint32_t>(mac[at] & 0x7FU) << 24U) | (static_cast<std::uint32_t>(mac[at + 1]) << 16U) |
                  (static_cast<std::uint32_t>(mac[at + 2]) << 8U) | mac[at + 3];
    auto text = std::to_string(number % code_modulus);
    return std::string(6 - text.size(), '0') + text;
}

std::optional<std::int64_t> matching_step(std::string_view seed, std::string_view typed, sys_seconds now, std::int64_t last_step) {
    auto given = digits_of(typed);
    if (given.size() != 6) return std::nullopt;
    auto current = seconds(now) / step_s;
    std::optional<std::int64_t> found;
    for (auto step = current - tolerance_steps; step <= current + tolerance_steps; ++step) {
        auto same = sodium_memcmp(code(seed, step).data(), given.data(), given.size()) == 0;
        if (same && step > last_step) found = step;
    }
    return found;
}

std::string base32(std::string_view bytes) {
    constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    std::string out;
    std::uint32_t kept = 0;
    unsigned bits = 0;
    for (auto c : bytes) {
        kept = (kept << 8U) | static_cast<unsigned char>(c);
        for (bits += 8; bits >= 5; bits -= 5) out.push_back(alphabet[(kept >> (bits - 5)) & 31U]);
    }
    if (bits > 0) out.push_back(alphabet[(kept << (5 - bits)) & 31U]);
    return out;
}

std::string enrolment_address(std::string_view issuer, std::string_view login, std::string_view seed) {
    return "otpauth://totp/" + percent(issuer) + ":" + percent(login) + "?secret=" + base32(seed) + "&issuer=" + percent(issuer) +
           "&algorithm=SHA1&digits=6&period=30";
}

} // namespace relais::model::totp
