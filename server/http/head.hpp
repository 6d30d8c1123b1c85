// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace relais::server {

using header_fields = std::map<std::string, std::string, std::less<>>;

// The fields of a head that the gate has accepted, names in lower case; a field that comes several times is joined as RFC 9110 5.3
// says. Nothing when Beast refuses what the gate took: the caller answers 400.
std::optional<header_fields> parse_fields(std::string_view raw_head);

} // namespace relais::server
