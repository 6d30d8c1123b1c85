// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace relais::api {

using cookie_map = std::map<std::string, std::string, std::less<>>;

// Reads a Cookie field. A pair that RFC 6265 does not allow is left out: it is another site's of the same domain, never ours.
// So is a name that comes twice, of which one may have been planted. Throws: malformed, when it is a session's ("sid", "__Host-...").
// Source: RFC 6265 4.2.1 and 5.4.
cookie_map parse_cookies(std::string_view field);

struct cookie_options {
    enum class same_site { lax, strict };
    std::optional<std::int64_t> max_age_s; // nothing: until the browser closes
    bool secure = true;                    // required by names that start with __Host-
    bool http_only = true;
    same_site site = same_site::lax; // strict: administration (security.md 2 line 15)
};

// The value of a Set-Cookie field; Path is always "/", Domain never given.
// Throws: std::invalid_argument, for a name or a value that is not a token, or __Host- without secure: a mistake of ours.
std::string set_cookie(std::string_view name, std::string_view value, const cookie_options& options = {});

// The Set-Cookie field that removes it.
std::string clear_cookie(std::string_view name, cookie_options options = {});

} // namespace relais::api
