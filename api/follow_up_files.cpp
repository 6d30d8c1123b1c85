// SPDX-License-Identifier: EUPL-1.2
#include "api/follow_up.hpp"

#include "api/file_download.hpp"
#include "api/follow_up_access.hpp"
#include "api/private_cookie.hpp"
#include "api/secrets.hpp"
#include "api/settings.hpp"
#include "api/site.hpp"
#include "api/url.hpp"
#include "model/database.hpp"
#include "model/error.hpp"
#include "model/outbox.hpp"
#include "model/verification_code.hpp"

#include <fmt/format.h>
#include <sodium/randombytes.h>

#include <charconv>

// Files already sent are shown only to who also reads the mail: a link may have been forwarded. Without a mail address the link is enough.
namespace relais::api {
namespace {

// What a code is kept as: useless without the server's key, and to anybody else who follows the ticket.
std::string code_hash(const secrets& keys, const follow_ups::viewer& who, std::string_view code) {
    auto whose = std::to_string(who.ticket.id) + (who.participant ? "/" + who.participant->code : "");
    return keys.sign("file_code", whose.append(":").append(code));
}

// "<until>.<signature>": the code was typed in this browser, for this link.
std::string pass(const secrets& keys, std::string_view token, std::int64_t until) {
    return std::to_string(until) + "." + keys.sign("file_pass", std::string(token).append(":").append(std::to_string(until)));
}

bool has_pass(const request& request, const app& app, std::string_view token) {
    auto given = private_cookies::get(request, app.config, follow_ups::code_cookie);
    std::int64_t until = 0;
    auto [end, error] = std::from_chars(given.data(), given.data() + given.size(), until);
    if (error != std::errc() || until < model::seconds(request.now)) return false;
    auto dot = given.find('.');
    if (dot == std::string::npos || end != given.data() + dot) return false;
    return app.keys.verify("file_pass", std::string(token).append(":").append(std::to_string(until)),
                           std::string_view(given).substr(dot + 1));
}

struct wanted_file {
    model::attachment file;
    std::string key_sealed;
    bool needs_code = false;
};

std::string code_page(std::string_view file) { return "/suivi/code?piece=" + encode_component(file); }

} // namespace

asio::awaitable<reply> get_own_file(const request& request, app& app) {
    auto token = follow_ups::token_of(request, app);
    auto visit = [token, id = request.capture(0), days = app.config.follow_up_days, now = request.now](soci::session& sql) {
        auto who = follow_ups::viewer_of(sql, token, days, now);
        wanted_file out;
        out.file = follow_ups::file_of(sql, who, id, now);
        out.key_sealed = model::attachments::key_sealed(sql, out.file.id);
        out.needs_code = !follow_ups::mailbox_of(sql, who).email.empty();
        return out;
    };
    auto wanted = co_await app.database.read(std::move(visit));
    if (wanted.needs_code && !has_pass(request, app, token)) co_return see_other(code_page(wanted.file.public_id));
    if (wanted.file.scan_state == "pending" || wanted.file.scan_state == "infected") throw model::conflict("follow_up.file_held");
    co_return co_await download(app, wanted.file, wanted.key_sealed);
}

asio::awaitable<reply> show_file_code(const request& request, app& app) {
    auto token = follow_ups::token_of(request, app);
    auto visit = [token, days = app.config.follow_up_days, now = request.now](soci::session& sql) {
        return follow_ups::viewer_of(sql, token, days, now).ticket.reference;
    };
    auto reference = co_await app.database.read(std::move(visit));
    nlohmann::json data = {{"reference", reference},
                           {"form_token", follow_ups::form_token(app.keys, token)},
                           {"file", request.parameter("piece")},
                           {"is_sent", request.parameter("envoi") == "1"},
                           {"has_faults", request.parameter("erreur") == "1"}};
    co_return public_page(request, app, "follow_up_code", std::move(data));
}

asio::awaitable<reply> send_file_code(const request& request, app& app) {
    auto token = follow_ups::token_of(request, app);
    follow_ups::check_form(request, app, token);
    auto code = fmt::format("{:06}", randombytes_uniform(1'000'000));
    auto visit = [&keys = app.keys, token, code, days = app.config.follow_up_days, now = request.now](soci::session& sql) {
        auto who = follow_ups::viewer_of(sql, token, days, now);
        auto to = follow_ups::mailbox_of(sql, who);
        if (to.email.empty()) return;
        auto id = model::verification_codes::add(sql, who.ticket.id, who.reader(), code_hash(keys, who, code), now);
        model::outbox_entry entry;
        entry.unique_key = "code:" + std::to_string(id);
        entry.kind = "code";
        entry.recipient = to.email, entry.language = to.language;
        entry.ticket_id = who.ticket.id;
        if (who.participant) entry.participant_id = who.participant->id;
        entry.payload = {{"code", code}};
        model::outbox::add(sql, entry, now);
    };
    co_await app.database.write(std::move(visit));
    app.wake_mailer();
    co_return see_other(code_page(request.field("file")) + "&envoi=1");
}

asio::awaitable<reply> check_file_code(const request& request, app& app) {
    auto token = follow_ups::token_of(request, app);
    follow_ups::check_form(request, app, token);
    auto visit = [&keys = app.keys, token, code = std::string(request.field("code")), days = app.config.follow_up_days,
                  now = request.now](soci::session& sql) {
        auto who = follow_ups::viewer_of(sql, token, days, now);
        return model::verification_codes::use(sql, who.ticket.id, who.reader(), code_hash(keys, who, code), now);
    };
    auto is_right = co_await app.database.write(std::move(visit));
    if (!is_right) co_return see_other(code_page(request.field("file")) + "&envoi=1&erreur=1");
    auto out = see_other("/suivi#fil");
    auto until = model::seconds(request.now) + follow_ups::cookie_s;
    private_cookies::give(out, app.config, follow_ups::code_cookie, pass(app.keys, token, until), follow_ups::cookie_s);
    co_return out;
}

} // namespace relais::api
