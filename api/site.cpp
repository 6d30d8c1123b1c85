// SPDX-License-Identifier: EUPL-1.2
#include "api/site.hpp"

#include "api/cookies.hpp"
#include "api/pages.hpp"
#include "api/settings.hpp"
#include "api/url.hpp"

#include <algorithm>
#include <array>

namespace relais::api {
namespace {

constexpr std::int64_t language_cookie_s = 365LL * 24 * 3600;

// "+33 1 99 00" or "34 00" as tel: wants it.
std::string phone_link(std::string_view shown) {
    std::string out;
    std::copy_if(shown.begin(), shown.end(), std::back_inserter(out), [](char c) { return (c >= '0' && c <= '9') || c == '+'; });
    return out;
}

// The path as a browser may write it again; nothing of the query, which may belong to one page only.
std::string encoded_path(std::string_view path) {
    std::string out;
    for (std::size_t at = 0; at < path.size();) {
        auto end = std::min(path.find('/', at), path.size());
        out += encode_component(path.substr(at, end - at));
        if (end < path.size()) out += '/';
        at = end + 1;
    }
    return out.empty() ? "/" : out;
}

std::string_view accessibility_code(std::string_view configured) {
    if (configured.starts_with("totalement")) return "full";
    return configured.starts_with("partiellement") ? "partial" : "none";
}

nlohmann::json service(const settings& config) {
    const auto& given = config.service;
    return {{"name", given.name},
            {"postal_address", given.postal_address},
            {"email", given.email},
            {"phone", given.phone},
            {"phone_link", phone_link(given.phone)},
            {"phone_from_overseas", given.phone_from_overseas},
            {"phone_from_overseas_link", phone_link(given.phone_from_overseas)},
            {"hours", given.hours}};
}

nlohmann::json here(std::string_view path) {
    return {{"contact", path.starts_with("/contact")},
            {"callback", path.starts_with("/rappel")},
            {"follow_up", path.starts_with("/suivi")},
            {"help", path.starts_with("/aide")},
            {"incidents", path.starts_with("/incidents")}};
}

bool may_be_indexed(std::string_view path) {
    constexpr std::array<std::string_view, 8> open = {
        "/", "/rappel", "/accessibilite", "/donnees-personnelles", "/mentions-legales", "/contact", "/incidents", "/tri-des-messages"};
    return path.starts_with("/aide") || std::find(open.begin(), open.end(), path) != open.end();
}

} // namespace

nlohmann::json site(const request& request, const app& app) {
    const auto& config = app.config;
    auto other = request.language == "fr" ? "en" : "fr";
    // A page reached by a form shows the other language at the same address: the GET of that address keeps what was typed.
    nlohmann::json out = {{"name", config.operator_name},
                          {"base_url", config.base_url},
                          {"service", service(config)},
                          {"language", request.language},
                          {"other_language", other},
                          {"other_language_url", encoded_path(request.path) + "?lang=" + other},
                          {"t:accessibility", std::string("accessibility.state.").append(accessibility_code(config.accessibility_state))},
                          {"demonstration", app.demonstration},
                          {"favicon", app.templates.asset("favicon.svg")},
                          {"publication_director", config.publication_director},
                          {"host_name", config.host_name},
                          {"dpo_contact", config.dpo_contact},
                          {"request_id", request.id},
                          {"here", here(request.path)},
                          {"may_be_indexed", may_be_indexed(request.path)}};
    if (config.state_identity && app.templates.has_asset("state.css")) {
        out["state_style"] = app.templates.asset("state.css");
        out["favicon"] = app.templates.asset("state_favicon.svg");
    }
    return out;
}

std::string render_page(const request& request, std::string_view page, nlohmann::json data, const app& app) {
    data["site"] = site(request, app);
    return app.templates.render(page, request.language, std::move(data));
}

nlohmann::json data_for_programs(const request& request, nlohmann::json data, const app& app) {
    say_texts(data, app.templates.texts(), request.language);
    return data;
}

void keep_chosen_language(reply& out, const request& request, const app& app) {
    auto chosen = request.parameter("lang");
    if (chosen != "fr" && chosen != "en") return;
    cookie_options options;
    options.max_age_s = language_cookie_s;
    options.secure = app.config.secure_cookies;
    out.headers.emplace_back("Set-Cookie", set_cookie("lang", chosen, options));
}

reply public_page(const request& request, const app& app, std::string_view name, nlohmann::json data, int status) {
    auto out = page(std::string(name), std::move(data), status);
    keep_chosen_language(out, request, app);
    return out;
}

} // namespace relais::api
