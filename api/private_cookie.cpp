// SPDX-License-Identifier: EUPL-1.2
#include "api/private_cookie.hpp"

#include "api/cookies.hpp"

namespace relais::api::private_cookies {
namespace {

std::string full_name(const settings& config, std::string_view name) {
    return std::string(config.secure_cookies ? "__Host-" : "").append(name);
}

cookie_options options_of(const settings& config) {
    cookie_options out;
    out.secure = config.secure_cookies;
    return out;
}

} // namespace

std::string get(const request& request, const settings& config, std::string_view name) {
    return std::string(request.cookie(full_name(config, name)));
}

void give(reply& out, const settings& config, std::string_view name, std::string_view value, std::int64_t max_age_s) {
    auto options = options_of(config);
    options.max_age_s = max_age_s;
    out.headers.emplace_back("Set-Cookie", set_cookie(full_name(config, name), value, options));
}

void take(reply& out, const settings& config, std::string_view name) {
    out.headers.emplace_back("Set-Cookie", clear_cookie(full_name(config, name), options_of(config)));
}

} // namespace relais::api::private_cookies
