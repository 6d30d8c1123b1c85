// SPDX-License-Identifier: EUPL-1.2
// The first step, the password, and the way out.
#include "api/sign_in.hpp"

#include "api/cookies.hpp"
#include "api/guards.hpp"
#include "api/password_work.hpp"
#include "api/secrets.hpp"
#include "api/settings.hpp"
#include "api/sign_in_session.hpp"
#include "model/database.hpp"
#include "model/outbox.hpp"
#include "model/password.hpp"
#include "model/sign_in_failure.hpp"
#include "model/user.hpp"

namespace relais::api {

namespace {

constexpr std::size_t password_limit_bytes = 1024; // what is longer is nobody's: passwords stop at 128 characters

// Before there is a session, the form is tied to a cookie of its own: nobody else's page can sign a browser in as somebody.
std::string form_cookie_name(const settings& config) { return config.secure_cookies ? "__Host-form" : "form"; }

reply sign_in_page(const request& request, const app& app, std::string cookie) {
    auto out = page("sign_in", {{"csrf", app.keys.sign("csrf", "form:" + cookie)}, {"next", way_back(request)}});
    cookie_options options;
    options.secure = app.config.secure_cookies;
    options.site = cookie_options::same_site::strict;
    out.headers.emplace_back("Set-Cookie", set_cookie(form_cookie_name(app.config), cookie, options));
    return out;
}

std::string typed_login(const request& request) {
    std::string out;
    for (auto c : request.field("login")) out.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c);
    while (out.ends_with(' ')) out.pop_back();
    out.erase(0, std::min(out.find_first_not_of(' '), out.size()));
    return out.substr(0, 80);
}

struct attempt {
    std::int64_t wait_s = 0;
    std::optional<model::user> user;
};

// What came of the password: a failure is counted in the same visit as it is told to the journal.
void fail(soci::session& sql, const std::string& login, const std::optional<model::user>& user, const std::string& address,
          model::sys_seconds now) {
    auto reached = model::sign_in_failures::record(sql, login_hash(login), address, now);
    model::events::record(sql, {}, "sign_in.failed", "user", user ? user->id : 0, {{"step", "password"}}, now);
    if (!reached || !user || user->email.empty()) return;
    model::outbox_entry notice;
    notice.unique_key = "sign_in_alert:" + std::to_string(user->id) + ":" + std::to_string(model::seconds(now) / 3600);
    notice.kind = "sign_in_alert", notice.recipient = user->email;
    notice.payload = {{"failures", model::sign_in_failures::account_failures}};
    model::outbox::add(sql, notice, now);
}

} // namespace

asio::awaitable<reply> show_sign_in(const request& request, app& app) {
    if (request.who.is == audience::kind::staff) co_return see_other(way_back(request));
    auto cookie = request.cookie(form_cookie_name(app.config));
    co_return sign_in_page(request, app, cookie.size() == 43 ? std::string(cookie) : random_token());
}

asio::awaitable<reply> sign_in(const request& request, app& app) {
    auto cookie = std::string(request.cookie(form_cookie_name(app.config)));
    auto again = sign_in_page(request, app, cookie.size() == 43 ? cookie : random_token());
    if (cookie.empty() || !app.keys.verify("csrf", "form:" + cookie, request.field("csrf")))
        co_return refused_step(std::move(again), "expired", 403);

    auto login = typed_login(request), password = std::string(request.field("password")), address = request.remote_address;
    auto now = request.now;
    auto look = [login, address, now](soci::session& sql) {
        return attempt{model::sign_in_failures::wait_s(sql, login_hash(login), address, now), model::users::find(sql, login)};
    };
    auto known = co_await app.database.read(std::move(look));
    if (known.wait_s > 0) co_return wait_reply(std::move(again), known.wait_s);

    bool may_enter = known.user && !known.user->disabled_at && password.size() <= password_limit_bytes;
    auto hash = may_enter ? known.user->password_hash : model::passwords::dummy_hash();
    auto tried = password.substr(0, password_limit_bytes);
    bool right = co_await verify_password(app, hash, std::move(tried));
    auto user = known.user;
    if (!right || !may_enter) {
        auto note = [login, user, address, now](soci::session& sql) { fail(sql, login, user, address, now); };
        co_await app.database.write(std::move(note));
        co_return refused_step(std::move(again), "wrong", 401);
    }

    std::string better;
    if (model::passwords::needs_rehash(hash)) better = co_await hash_password(app, password);
    auto name = new_session_name();
    std::string stage = user->totp_sealed.empty() ? "enrol" : "totp";
    auto enter = [id = user->id, hash = name.hash, stage, address, better, now](soci::session& sql) {
        if (!better.empty()) model::users::rehash(sql, id, better);
        model::login_sessions::open(sql, hash, id, stage, address, now);
    };
    co_await app.database.write(std::move(enter));
    co_return go_on(app, name, stage == "totp" ? "/connexion/code" : "/connexion/inscription", way_back(request));
}

asio::awaitable<reply> sign_out(const request& request, app& app) {
    if (auto refused = check_csrf(request, app)) co_return std::move(*refused);
    auto cookie = request.cookie(session_cookie_name(app.config));
    auto leave = [hash = sha256_hex(cookie), who = actor_of(request), now = request.now](soci::session& sql) {
        if (model::login_sessions::close(sql, hash) && who.id) model::events::record(sql, who, "sign_in.ended", "user", *who.id, {}, now);
    };
    co_await app.database.write(std::move(leave));
    auto out = see_other("/connexion");
    take_cookie(out, app);
    co_return out;
}

} // namespace relais::api
