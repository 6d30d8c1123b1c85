// SPDX-License-Identifier: EUPL-1.2
#include "api/write_once.hpp"

#include "api/secrets.hpp"
#include "model/database.hpp"
#include "model/error.hpp"
#include "model/idempotency.hpp"

#include <array>
#include <string>

namespace relais::api {

namespace {

constexpr std::size_t key_limit_bytes = 255;

// A key belongs to who sent it: nobody reads another's answer with it.
std::string sender(const request& request, std::string_view by) {
    if (!by.empty()) return "link:" + std::string(by);
    constexpr std::array<std::string_view, 3> kinds = {"anonymous", "staff", "token"};
    return std::string(kinds[static_cast<std::size_t>(request.who.is)]) + ":" + std::to_string(request.who.id);
}

// What was filled in, whatever protects the form.
std::string filled(const request& request) {
    auto fields = request.form;
    fields.erase("csrf"), fields.erase("form_token");
    auto files = nlohmann::json::array();
    for (const auto& each : request.files) files.push_back(each.sha256);
    return nlohmann::json({fields, files}).dump(-1, ' ', true);
}

// A form filled in otherwise on the same page is another act: a person who comes back to a page is not told that a key was used.
std::string key_hash_of(const request& request, std::string_view by) {
    auto key = request.is_api() ? request.header("idempotency-key") : request.field("form_key");
    if (key.empty()) return {};
    if (key.size() > key_limit_bytes) throw model::invalid({{"idempotency_key", "too_long", "fault.idempotency_key.too_long"}});
    if (request.is_api()) return sha256_hex("api:" + sender(request, by) + ":" + std::string(key));
    return sha256_hex("form:" + sender(request, by) + ":" + request.path + ":" + filled(request));
}

std::string pack(const reply& answer) { return nlohmann::json({{"data", answer.data}, {"headers", answer.headers}}).dump(-1, ' ', true); }

reply unpack(const model::idempotency::remembered& kept) {
    auto packed = nlohmann::json::parse(kept.answer);
    reply out;
    out.status = kept.status;
    out.data = packed["data"];
    out.headers = packed["headers"].get<decltype(out.headers)>();
    return out;
}

} // namespace

boost::asio::awaitable<reply> write_once(const request& request, app& app, std::function<reply(soci::session&)> visit,
                                         std::string_view by) {
    auto key_hash = key_hash_of(request, by);
    if (key_hash.empty()) co_return co_await app.database.write(std::move(visit));
    auto once = [visit = std::move(visit), key_hash, route = sha256_hex(request.method + " " + request.path),
                 fingerprint = sha256_hex(std::string(request.header("if-match")) + "\n" + request.body),
                 now = request.now](soci::session& sql) {
        if (auto earlier = model::idempotency::claim(sql, key_hash, route, fingerprint, now)) return unpack(*earlier);
        auto out = visit(sql);
        model::idempotency::remember(sql, key_hash, {out.status, pack(out)});
        return out;
    };
    co_return co_await app.database.write(std::move(once));
}

boost::asio::awaitable<attempt> attempt_once(const request& request, app& app, make_visit prepare) {
    attempt out;
    try {
        auto visit = prepare();
        out.answer = co_await write_once(request, app, std::move(visit));
    } catch (...) {
        out.refused = std::current_exception();
    }
    if (out.refused && request.wants_json()) std::rethrow_exception(out.refused);
    if (!out.refused) app.wake_mailer();
    co_return out;
}

} // namespace relais::api
