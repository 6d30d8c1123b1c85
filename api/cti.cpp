// SPDX-License-Identifier: EUPL-1.2
#include "api/cti.hpp"

#include "api/cti_form.hpp"
#include "api/guards.hpp"
#include "api/limits.hpp"
#include "api/secrets.hpp"
#include "api/settings.hpp"
#include "model/api_token.hpp"
#include "model/cti.hpp"
#include "model/database.hpp"
#include "model/error.hpp"
#include "model/utf8.hpp"

#include <sodium.h>

#include <array>

namespace relais::api {

namespace {

constexpr allowance wrong_tokens{60, 60, 60}; // by address, as for other tokens
constexpr std::string_view signature_name = "x-relais-signature", signature_prefix = "sha256=";

std::string wrong_tokens_of(const request& request) { return "wrong_token:" + limited_address(request.remote_address); }

bool is_kept_waiting(const request& request, app& app) {
    return app.config.limits_enabled && app.rates.taken(wrong_tokens_of(request), wrong_tokens) >= wrong_tokens.burst;
}

// Who holds the token with this hash, of the telephone's role, in the visit that takes the event: one visit an event.
std::optional<model::cti::sender> sender_of(soci::session& sql, const std::string& hash, std::chrono::sys_seconds now) {
    auto found = model::api_tokens::find(sql, hash, now);
    if (!found || found->role != "telephony") return std::nullopt;
    if (!found->used_at || model::seconds(now) - model::seconds(*found->used_at) >= model::api_tokens::touch_every_s)
        model::api_tokens::touch(sql, found->id, now);
    return model::cti::sender{found->id, found->name};
}

// The signature of the body with the key that both sides hold, compared in constant time.
bool is_signed(std::string_view key, std::string_view body, std::string_view given_hex) {
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, reinterpret_cast<const unsigned char*>(key.data()), key.size());
    crypto_auth_hmacsha256_update(&state, reinterpret_cast<const unsigned char*>(body.data()), body.size());
    std::array<unsigned char, crypto_auth_hmacsha256_BYTES> hash{}, given{};
    crypto_auth_hmacsha256_final(&state, hash.data());
    std::size_t size = 0;
    auto is_read = sodium_hex2bin(given.data(), given.size(), given_hex.data(), given_hex.size(), nullptr, &size, nullptr) == 0;
    return is_read && size == given.size() && sodium_memcmp(hash.data(), given.data(), hash.size()) == 0;
}

bool has_signature(const request& request, const app& app) {
    const auto& key = app.config.telephony.signature_key;
    auto given = request.header(signature_name);
    return key.empty() || (given.starts_with(signature_prefix) && is_signed(key, request.body, given.substr(signature_prefix.size())));
}

reply refused(const request& request, std::string_view reason) {
    auto out = error_reply(request, 401, "unauthorized");
    out.data["reason"] = reason;
    return out;
}

// The body as it came, made of whole characters: it is kept and shown.
std::string raw_of(const request& request) {
    auto whole = std::string_view(request.body).substr(0, model::utf8::find_invalid(request.body));
    return std::string(model::utf8::cut(whole, model::cti::raw_limit_bytes));
}

} // namespace

asio::awaitable<reply> take_cti_event(const request& request, app& app) {
    auto is_in_address = !request.captures.empty(); // the token of Authorization was looked up by the guards
    if (is_in_address && is_kept_waiting(request, app)) co_return refused(request, "cti_token");
    if (!has_signature(request, app)) co_return refused(request, "cti_signature");
    auto given = cti_form::read(request);
    auto raw = raw_of(request);
    auto hash = is_in_address ? sha256_hex(request.capture(0)) : std::string();
    auto take = [&](soci::session& sql) -> std::optional<model::cti::taken> {
        auto from = is_in_address ? sender_of(sql, hash, request.now) : model::cti::sender{request.who.id, request.who.name};
        if (!from) return std::nullopt;
        if (given.fault.empty()) return model::cti::take(sql, given.what, raw, *from, request.now);
        model::cti::note_unread(sql, given.fault, given.what.kind, raw, *from, request.now);
        return model::cti::taken{given.fault};
    };
    auto taken = co_await app.database.write(std::move(take));
    if (!taken) {
        app.rates.take(wrong_tokens_of(request), wrong_tokens);
        co_return refused(request, "cti_token");
    }
    if (!given.fault.empty()) throw model::invalid({{"event", given.fault, "fault.cti." + given.fault}});
    co_return json(taken->rejects ? nlohmann::json{{"action", "reject"}} : nlohmann::json::object());
}

} // namespace relais::api
