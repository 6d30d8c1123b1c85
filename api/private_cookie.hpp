// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/reply.hpp"
#include "api/request.hpp"
#include "api/settings.hpp"

#include <cstdint>
#include <string>
#include <string_view>

// Cookies that hold a secret of the browser: HttpOnly, this host only, "__Host-" where the connection is secure.
namespace relais::api::private_cookies {

// The value, or an empty text.
std::string get(const request& request, const settings& config, std::string_view name);
// Gives it for so many seconds.
void give(reply& out, const settings& config, std::string_view name, std::string_view value, std::int64_t max_age_s);
void take(reply& out, const settings& config, std::string_view name);

} // namespace relais::api::private_cookies
