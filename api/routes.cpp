// SPDX-License-Identifier: EUPL-1.2
#include "api/routes.hpp"

#include "api/public_pages.hpp"

#include <algorithm>

namespace relais::api {
namespace {

using enum body_kind;

constexpr route table[] = {
    // Pages that need nothing but their text
    {"GET", "/", everyone, none, show_home},
    {"GET", "/aide", everyone, none, list_help},
    {"GET", "/aide/{slug}", everyone, none, show_help},
    {"GET", "/accessibilite", everyone, none, show_accessibility},
    {"GET", "/donnees-personnelles", everyone, none, show_privacy},
    {"GET", "/mentions-legales", everyone, none, show_legal},
};

std::string_view take_segment(std::string_view& rest) {
    auto slash = rest.find('/');
    auto segment = rest.substr(0, slash);
    rest = slash == std::string_view::npos ? std::string_view{} : rest.substr(slash + 1);
    return segment;
}

// "/suivi/{token}" against "/suivi/abc": fills the captures, in order.
bool matches(std::string_view pattern, std::string_view path, std::vector<std::string>& captures) {
    captures.clear();
    if (std::count(pattern.begin(), pattern.end(), '/') != std::count(path.begin(), path.end(), '/')) return false;
    while (!pattern.empty() || !path.empty()) {
        auto wanted = take_segment(pattern);
        auto given = take_segment(path);
        auto is_capture = wanted.starts_with('{');
        if (is_capture ? given.empty() : wanted != given) return false;
        if (is_capture) captures.emplace_back(given);
    }
    return true;
}

} // namespace

std::span<const route> routes() { return table; }

match find_route(std::string_view method, std::string_view path) {
    auto wanted = method == "HEAD" ? std::string_view("GET") : method;
    match out;
    std::vector<std::string> captures;
    for (const auto& each : routes()) {
        if (!matches(each.pattern, path, captures)) continue;
        out.allowed.append(out.allowed.empty() ? "" : ", ").append(each.method);
        if (each.method != wanted || out.found) continue;
        out.found = &each;
        out.captures = captures;
    }
    return out;
}

std::size_t body_limit_bytes(body_kind kind) {
    constexpr std::size_t kibibyte = 1024;
    switch (kind) {
    case body_kind::none:
        return 0;
    case body_kind::form:
        return 64 * kibibyte;
    case body_kind::json:
        return 256 * kibibyte;
    case body_kind::upload:
        return 26 * kibibyte * kibibyte; // 25 MiB of files and the fields beside them
    }
    return 0;
}

} // namespace relais::api
