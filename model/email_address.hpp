// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/checked.hpp"

#include <string_view>

// Addresses are read by our own grammar, stricter than the standard: nothing that it accepts can break a mail command or a header.
// Source: OWASP ASVS 5.0 V1.3.11; RFC 5321 4.5.3.1, RFC 5322 3.4.1 without quoted local parts, comments or address literals
namespace relais::model::email_addresses {

constexpr std::size_t longest = 254;
constexpr std::size_t longest_local = 64;

// normalised: the domain in lower case, international names in their ASCII form; the local part as typed.
// Suspect: typo (a well-known domain mistyped; the suggestion is the whole address).
// Invalid: empty, too_long, control, space, at_sign (none or several), local, accent (both with a suggestion when there is one), domain.
checked check(std::string_view typed);

} // namespace relais::model::email_addresses
