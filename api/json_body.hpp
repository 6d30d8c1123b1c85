// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <nlohmann/json.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace relais::api::json_body {

constexpr std::size_t depth_limit = 32;
constexpr std::size_t node_limit = 10'000;
constexpr std::size_t key_limit_bytes = 128;

// Reads a JSON text, strictly: UTF-8, no duplicate key (nlohmann keeps the last one in silence), no NUL in a text, depth at most 32
// (nlohmann reads 100,000 nested arrays and then crashes writing them), at most 10,000 values.
// Throws: malformed (json_syntax, json_depth, json_too_many, json_duplicate_key, json_key_too_long, json_nul), with the position.
// Source: RFC 8259; security.md finding 12 and 4.13.
nlohmann::json parse(std::string_view text);

// Compact text. Bytes that are not UTF-8 become U+FFFD: an old row never makes an answer fail.
std::string dump(const nlohmann::json& value);

} // namespace relais::api::json_body
