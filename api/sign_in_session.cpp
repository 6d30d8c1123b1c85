// SPDX-License-Identifier: EUPL-1.2
#include "api/sign_in_session.hpp"

#include "api/cookies.hpp"
#include "api/guards.hpp"
#include "api/secrets.hpp"
#include "api/settings.hpp"
#include "api/url.hpp"
#include "model/database.hpp"

namespace relais::api {

namespace {
cookie_options session_cookie(const app& app) {
    cookie_options out;
    out.secure = app.config.secure_cookies;
    return out;
}
} // namespace

session_name new_session_name() {
    session_name out;
    out.cookie = random_token();
    out.hash = sha256_hex(out.cookie);
    return out;
}

asio::awaitable<std::optional<model::login_session>> session_at(const request& request, app& app, std::string_view stage) {
    auto cookie = request.cookie(session_cookie_name(app.config));
    if (cookie.empty()) co_return std::nullopt;
    auto find = [hash = sha256_hex(cookie), now = request.now](soci::session& sql) { return model::login_sessions::find(sql, hash, now); };
    auto found = co_await app.database.read(std::move(find));
    if (found && found->stage != stage) found.reset();
    co_return found;
}

reply go_on(const app& app, const session_name& name, std::string_view path, std::string_view next) {
    auto location = std::string(path);
    if (!next.empty() && next != path) location += "?next=" + encode_component(next);
    auto out = see_other(std::move(location));
    give_cookie(out, app, name);
    return out;
}

void give_cookie(reply& out, const app& app, const session_name& name) {
    out.headers.emplace_back("Set-Cookie", set_cookie(session_cookie_name(app.config), name.cookie, session_cookie(app)));
}

void take_cookie(reply& out, const app& app) {
    out.headers.emplace_back("Set-Cookie", clear_cookie(session_cookie_name(app.config), session_cookie(app)));
}

std::string way_back(const request& request) {
    auto wanted = request.field("next");
    if (wanted.empty()) wanted = request.parameter("next");
    return local_path(wanted, "/console/tickets");
}

reply refused_step(reply page, std::string_view problem, int status) {
    page.status = status;
    page.data["t:problem"] = "sign_in.problem." + std::string(problem);
    return page;
}

reply wait_reply(reply page, std::int64_t wait_s) {
    page.data["wait_s"] = wait_s;
    auto out = refused_step(std::move(page), "wait", 429);
    out.headers.emplace_back("Retry-After", std::to_string(wait_s));
    return out;
}

std::string login_hash(std::string_view login) { return sha256_hex("login:" + std::string(login)); }

} // namespace relais::api
