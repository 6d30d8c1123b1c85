// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace relais::api::time_text {

// Reads RFC 3339 ("2026-11-23T10:39:00Z", "...+01:00", fractions dropped) or a day ("2026-11-23", its first second in UTC).
std::optional<std::chrono::sys_seconds> parse(std::string_view text);

} // namespace relais::api::time_text
