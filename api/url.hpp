// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>

namespace relais::api {

using parameters = std::map<std::string, std::string, std::less<>>;

struct target {
    std::string path; // decoded once; starts with '/', no empty, "." or ".." segment before the last, no control character
    parameters query; // decoded once
};

constexpr std::size_t query_limit_parameters = 64;
constexpr std::size_t query_limit_name_bytes = 64;
constexpr std::size_t query_limit_value_bytes = 2048;
constexpr std::size_t path_limit_segments = 32;

// Reads the origin form of a request target ("/path?query").
// Throws: malformed, for a bad escape, bytes that are not UTF-8, an encoded slash, a dot segment, a repeated or over-long parameter.
// Source: RFC 3986; security.md 2 line 14 (decode once) and 65 (no duplicate parameters).
target parse_target(std::string_view text);
std::string parse_path(std::string_view raw_path);
parameters parse_query(std::string_view raw_query);

// Decodes %XX, and '+' as a space when asked. Once: what comes out is never decoded again.
// Throws: malformed, for '%' not followed by two hexadecimal digits, a NUL, or a result that is not UTF-8.
std::string decode_component(std::string_view text, bool plus_is_space);

// Everything but letters, digits and -._~ becomes %XX.
std::string encode_component(std::string_view text);

} // namespace relais::api
