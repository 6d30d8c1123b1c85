// SPDX-License-Identifier: EUPL-1.2
#include "api/guards.hpp"

#include "api/limits.hpp"
#include "api/routes.hpp"
#include "api/secrets.hpp"
#include "api/settings.hpp"
#include "api/url.hpp"
#include "model/api_token.hpp"
#include "model/database.hpp"
#include "model/login_session.hpp"

#include <algorithm>
#include <array>

namespace relais::api {

namespace {

constexpr std::string_view bearer = "Bearer ";
constexpr std::string_view token_prefix = "rdv_";
constexpr allowance wrong_tokens{60, 60, 60}; // by address: a wrong token costs a look-up

constexpr std::array<std::pair<std::string_view, unsigned>, 8> role_bits = {{
    {"agent", agent},
    {"resolver", resolver},
    {"owner", owner},
    {"supervisor", supervisor},
    {"admin", admin},
    {"dpo", dpo},
    {"partner", partner},
    {"telephony", telephony},
}};

asio::awaitable<audience> identify_token(const request& request, app& app) {
    auto given = request.header("authorization");
    if (given.empty()) co_return audience{};
    auto wait = app.config.limits_enabled ? app.rates.taken("wrong_token:" + limited_address(request.remote_address), wrong_tokens) : 0;
    if (!given.starts_with(bearer) || !given.substr(bearer.size()).starts_with(token_prefix) || wait >= wrong_tokens.burst)
        throw unauthenticated{};
    auto hash = sha256_hex(given.substr(bearer.size()));
    auto now = request.now;
    auto find = [hash, now](soci::session& sql) { return model::api_tokens::find(sql, hash, now); };
    auto found = co_await app.database.read(std::move(find));
    if (!found) {
        app.rates.take("wrong_token:" + limited_address(request.remote_address), wrong_tokens);
        throw unauthenticated{};
    }
    if (!found->used_at || model::seconds(now) - model::seconds(*found->used_at) >= model::api_tokens::touch_every_s) {
        auto touch = [id = found->id, now](soci::session& sql) { model::api_tokens::touch(sql, id, now); };
        co_await app.database.write(std::move(touch));
    }
    audience who;
    who.is = audience::kind::token, who.role = found->role, who.id = found->id, who.name = found->name, who.rate = found->rate;
    co_return who;
}

asio::awaitable<audience> identify_session(const request& request, app& app) {
    auto cookie = request.cookie(session_cookie_name(app.config));
    if (cookie.empty()) co_return audience{};
    auto hash = sha256_hex(cookie);
    auto now = request.now;
    auto find = [hash, now](soci::session& sql) { return model::login_sessions::find(sql, hash, now); };
    auto found = co_await app.database.read(std::move(find));
    if (!found || found->stage != "full") co_return audience{};
    // What a page asks by itself keeps nobody signed in: an agent who left must not stay for ever because calls go on ringing.
    auto is_by_itself = request.path == "/console/stream" || !request.header("x-relais-live").empty();
    if (!is_by_itself && model::seconds(now) - model::seconds(found->seen_at) >= model::login_sessions::touch_every_s) {
        auto touch = [hash, now](soci::session& sql) { model::login_sessions::touch(sql, hash, now); };
        co_await app.database.write(std::move(touch));
    }
    audience who;
    who.is = audience::kind::staff, who.role = found->role, who.id = found->user_id;
    who.name = found->name, who.quality = found->quality, who.session_hash = hash;
    co_return who;
}

std::string origin_of(std::string_view url) {
    auto host = url.find("://");
    if (host == std::string_view::npos) return {};
    return std::string(url.substr(0, url.find('/', host + 3)));
}

} // namespace

std::string session_cookie_name(const settings& config) { return config.secure_cookies ? "__Host-sid" : "sid"; }

asio::awaitable<audience> identify(const request& request, app& app) {
    if (request.is_api()) co_return co_await identify_token(request, app);
    co_return co_await identify_session(request, app);
}

std::optional<reply> check_origin(const request& request, const app& app) {
    if (request.is_api() || is_safe(request.method)) return std::nullopt;
    auto site = request.header("sec-fetch-site");
    if (site == "same-origin" || site == "none") return std::nullopt;
    if (!site.empty()) return error_reply(request, 403, "other_site");
    // Our own pages send "null": they ask for no referrer, and then the origin of a form is not told either. What a browser without
    // Sec-Fetch-Site leaves unsaid, the token of the form says.
    auto origin = request.header("origin");
    if (origin.empty() || origin == "null" || origin == origin_of(app.config.base_url)) return std::nullopt;
    auto host = origin.find("://");
    if (host != std::string_view::npos && origin.substr(host + 3) == request.header("host")) return std::nullopt;
    return error_reply(request, 403, "other_site");
}

std::string csrf_token(const audience& who, const app& app) {
    return who.session_hash.empty() ? std::string{} : app.keys.sign("csrf", who.session_hash);
}

bool is_for_everyone(const route& route) { return (route.who & everyone) != 0; }

std::optional<reply> check_csrf(const request& request, const app& app) {
    if (request.is_api() || is_safe(request.method) || request.who.session_hash.empty()) return std::nullopt;
    auto given = request.field("csrf");
    if (given.empty()) given = request.header("x-csrf-token");
    if (app.keys.verify("csrf", request.who.session_hash, given)) return std::nullopt;
    return error_reply(request, 403, "csrf");
}

unsigned role_bit(std::string_view role) {
    auto found = std::find_if(role_bits.begin(), role_bits.end(), [role](const auto& each) { return each.first == role; });
    return found == role_bits.end() ? 0U : found->second;
}

std::optional<reply> check_role(const request& request, const route& route) {
    if (is_for_everyone(route)) return std::nullopt;
    if (!request.who.is_anonymous()) {
        if ((route.who & role_bit(request.who.role)) != 0) return std::nullopt;
        return error_reply(request, 403, "forbidden");
    }
    if (is_safe(request.method) && !request.wants_json()) return see_other("/connexion?next=" + encode_component(request.path));
    auto out = error_reply(request, 401, "unauthorized");
    if (request.is_api()) out.headers.emplace_back("WWW-Authenticate", "Bearer");
    return out;
}

std::optional<reply> check_rate(const request& request, app& app) {
    // Events that were refused would be lost: the telephone system has no limit (contract.md).
    if (request.who.is != audience::kind::token || request.who.rate == 0 || request.who.role == "telephony") return std::nullopt;
    auto rate = static_cast<int>(std::min<std::int64_t>(request.who.rate, 1'000'000));
    auto wait = app.rates.take("token:" + std::to_string(request.who.id), {rate, 1, rate});
    if (wait == 0) return std::nullopt;
    auto out = error_reply(request, 429, "too_many_requests");
    out.headers.emplace_back("Retry-After", std::to_string(wait));
    return out;
}

model::actor actor_of(const request& request) {
    constexpr std::array<std::string_view, 3> kinds = {"citizen", "staff", "token"};
    model::actor out;
    out.kind = kinds[static_cast<std::size_t>(request.who.is)];
    if (!request.who.is_anonymous()) out.id = request.who.id;
    out.name = request.who.name, out.quality = request.who.quality;
    return out;
}

bool is_safe(std::string_view method) { return method == "GET" || method == "HEAD" || method == "OPTIONS"; }

std::string local_path(std::string_view wanted, std::string_view otherwise) {
    auto is_printable = std::all_of(wanted.begin(), wanted.end(), [](char c) { return c > 0x20 && c < 0x7F && c != '\\'; });
    if (wanted.empty() || wanted[0] != '/' || wanted.starts_with("//") || !is_printable) return std::string(otherwise);
    return std::string(wanted);
}

} // namespace relais::api
