// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace relais::api {

// "Sun, 06 Nov 1994 08:49:37 GMT". Source: RFC 9110 5.6.7.
std::string http_date(std::chrono::sys_seconds at);

// Reads that form alone (the two obsolete ones are not worth their code); nothing when it is not one, the day's name included.
std::optional<std::chrono::sys_seconds> parse_http_date(std::string_view text);

} // namespace relais::api
