// SPDX-License-Identifier: EUPL-1.2
#include "api/cookies.hpp"

#include "api/malformed.hpp"

#include <algorithm>
#include <set>
#include <stdexcept>

namespace relais::api {

namespace {

bool is_name(std::string_view text) {
    static constexpr std::string_view refused = "()<>@,;:\\\"/[]?={} \t";
    auto allowed = [](char c) { return c > 0x20 && c < 0x7F && refused.find(c) == std::string_view::npos; };
    return !text.empty() && std::all_of(text.begin(), text.end(), allowed);
}

// RFC 6265 cookie-octet.
bool is_value(std::string_view text) {
    auto allowed = [](char c) { return c > 0x20 && c < 0x7F && c != '"' && c != ',' && c != ';' && c != '\\'; };
    return std::all_of(text.begin(), text.end(), allowed);
}

bool is_session(std::string_view name) { return name == "sid" || name.starts_with("__Host-"); }

std::string_view trim(std::string_view text) {
    auto first = std::min(text.find_first_not_of(" \t"), text.size());
    text.remove_prefix(first);
    return text.substr(0, text.find_last_not_of(" \t") + 1);
}

} // namespace

cookie_map parse_cookies(std::string_view field) {
    cookie_map out;
    std::set<std::string> repeated;
    for (std::size_t at = 0; at < field.size();) {
        auto end = std::min(field.find(';', at), field.size());
        auto pair = trim(field.substr(at, end - at));
        auto start = at;
        at = end + 1;
        auto equals = pair.find('=');
        if (equals == std::string_view::npos) continue;
        auto name = trim(pair.substr(0, equals));
        auto value = trim(pair.substr(equals + 1));
        if (value.size() >= 2 && value.front() == '"' && value.back() == '"') value = value.substr(1, value.size() - 2);
        if (!is_name(name) || !is_value(value)) continue;
        if (out.emplace(name, value).second) continue;
        if (is_session(name)) throw malformed("cookie_repeated", start);
        repeated.emplace(name);
    }
    for (const auto& each : repeated) out.erase(each);
    return out;
}

std::string set_cookie(std::string_view name, std::string_view value, const cookie_options& options) {
    if (!is_name(name) || !is_value(value)) throw std::invalid_argument("a cookie that is not a token");
    if (name.starts_with("__Host-") && !options.secure) throw std::invalid_argument("a __Host- cookie that is not secure");
    std::string out{name};
    out.append("=").append(value).append("; Path=/");
    if (options.max_age_s) out.append("; Max-Age=").append(std::to_string(*options.max_age_s));
    if (options.secure) out.append("; Secure");
    if (options.http_only) out.append("; HttpOnly");
    out.append(options.site == cookie_options::same_site::strict ? "; SameSite=Strict" : "; SameSite=Lax");
    return out;
}

std::string clear_cookie(std::string_view name, cookie_options options) {
    options.max_age_s = 0;
    return set_cookie(name, "", options);
}

} // namespace relais::api
