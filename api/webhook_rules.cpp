// SPDX-License-Identifier: EUPL-1.2
#include "api/webhook_rules.hpp"

#include <sodium.h>

#include <algorithm>
#include <array>

namespace relais::api {

namespace {

constexpr std::string_view host_characters = "abcdefghijklmnopqrstuvwxyz0123456789.-";

// "https", "host", of "https://host[:port]/path" and of nothing else: no user, no upper case, no other characters in the host.
struct parts {
    std::string_view scheme, host;
};

parts split(std::string_view url) {
    auto end_of_scheme = url.find("://");
    if (end_of_scheme == std::string_view::npos) return {};
    auto rest = url.substr(end_of_scheme + 3);
    auto authority = rest.substr(0, rest.find('/'));
    auto host = authority.substr(0, authority.find(':'));
    auto port = authority.substr(std::min(authority.size(), host.size() + 1));
    auto is_port = port.size() <= 5 && port.find_first_not_of("0123456789") == std::string_view::npos;
    auto is_printed = std::all_of(rest.begin(), rest.end(), [](char each) { return each > ' ' && each < 0x7f && each != '\\'; });
    if (host.empty() || host.find_first_not_of(host_characters) != std::string_view::npos || !is_port || !is_printed) return {};
    return {url.substr(0, end_of_scheme), host};
}

} // namespace

std::string webhook_rules::refusal(std::string_view url) const {
    auto [scheme, host] = split(url);
    if (host.empty()) return "malformed";
    if (scheme != "https" && !(scheme == "http" && private_addresses)) return "scheme";
    return std::find(hosts.begin(), hosts.end(), host) == hosts.end() ? "host" : "";
}

std::string webhook_secret(const secrets& keys, std::int64_t id) { return keys.sign("webhook", std::to_string(id)); }

std::string webhook_signature(std::string_view secret, std::string_view body) {
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, reinterpret_cast<const unsigned char*>(secret.data()), secret.size());
    crypto_auth_hmacsha256_update(&state, reinterpret_cast<const unsigned char*>(body.data()), body.size());
    std::array<unsigned char, crypto_auth_hmacsha256_BYTES> hash{};
    crypto_auth_hmacsha256_final(&state, hash.data());
    std::string out(hash.size() * 2 + 1, '\0');
    sodium_bin2hex(out.data(), out.size(), hash.data(), hash.size());
    out.pop_back();
    return out;
}

} // namespace relais::api
