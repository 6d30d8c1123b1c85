// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

// The small grammars of a request head (RFC 9110 5.6, RFC 3986 3.2), stricter where two servers could disagree.
namespace relais::server::head_syntax {

// RFC 9110 tchar.
bool is_token(std::string_view text);
// No control character but the tabulation: what a field value may hold.
bool is_field_value(std::string_view text);
// Compares ASCII letters without their case.
bool is_same(std::string_view a, std::string_view b);
// A comma-separated list of tokens, where items may be empty (RFC 9110 5.6.1.2).
bool is_token_list(std::string_view list);
// True when a comma-separated list holds this word, without its case.
bool list_has(std::string_view list, std::string_view word);
// Digits only, no sign, no space; nothing when it does not fit.
std::optional<std::uint64_t> to_number(std::string_view digits);
// A name, an IPv4 or a bracketed IPv6 address, and perhaps a port; no user, no empty name.
bool is_authority(std::string_view text);
// The authority without its port.
std::string_view without_port(std::string_view authority);
std::string_view trim_spaces(std::string_view text);

} // namespace relais::server::head_syntax
