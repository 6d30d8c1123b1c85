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

// The token of the address; the one of Authorization was already looked up by the guards.
asio::awaitable<std::optional<model::cti::sender>> sender_of(const request& request, app& app) {
    if (request.captures.empty()) co_return model::cti::sender{request.who.id, request.who.name};
    auto address = "wrong_token:" + limited_address(request.remote_address);
    if (app.config.limits_enabled && app.rates.taken(address, wrong_tokens) >= wrong_tokens.burst) co_return std::nullopt;
    auto hash = sha256_hex(request.capture(0));
    auto now = request.now;
    auto find = [hash, now](soci::session& sql) { return model::api_tokens::find(sql, hash, now); };
    auto found = co_await app.database.read(std::move(find));
    if (!found || found->role != "telephony") {
        app.rates.take(address, wrong_tokens);
        co_return std::nullopt;
    }
    if (!found->used_at || model::seconds(now) - model::seconds(*found->used_at) >= model::api_tokens::touch_every_s) {
        auto touch = [id = found->id, now](soci::session& sql) { model::api_tokens::touch(sql, id, now); };
        co_await app.database.write(std::move(touch));
    }
    co_return model::cti::sender{found->id, found->name};
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
    auto sender = co_await sender_of(request, app);
    if (!sender) co_return refused(request, "cti_token");
    if (!has_signature(request, app)) co_return refused(request, "cti_signature");
    auto from = *sender;
    auto given = cti_form::read(request);
    auto raw = raw_of(request);
    if (!given.fault.empty()) {
        auto note = [&](soci::session& sql) { model::cti::note_unread(sql, given.fault, given.what.kind, raw, from, request.now); };
        co_await app.database.write(std::move(note));
        throw model::invalid({{"event", given.fault, "fault.cti." + given.fault}});
    }
    auto take = [&](soci::session& sql) { return model::cti::take(sql, given.what, raw, from, request.now); };
    auto taken = co_await app.database.write(std::move(take));
    co_return json(taken.rejects ? nlohmann::json{{"action", "reject"}} : nlohmann::json::object());
}

} // namespace relais::api
