// SPDX-License-Identifier: EUPL-1.2
#include "tests/support/test_app.hpp"

#include "api/guards.hpp"
#include "api/routes.hpp"
#include "api/site.hpp"
#include "api/url.hpp"
#include "model/callback_rules.hpp"
#include "model/login_session.hpp"
#include "model/user.hpp"
#include "tests/support/api_document.hpp"
#include "tests/support/sent_twice.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

#include <atomic>
#include <utility>

namespace relais::tests {

namespace {

api::request make_request(test_app& app, const std::string& method, const std::string& target) {
    static std::atomic<int> count = 0;
    auto parsed = api::parse_target(target);
    api::request out;
    out.id = "test-" + std::to_string(++count);
    out.method = method, out.path = parsed.path, out.query = parsed.query;
    out.headers["host"] = "127.0.0.1:8080";
    out.now = app.now();
    return out;
}

// Compiled once for all tests: they are only read.
const api::pages& all_pages() {
    static const api::pages out(".");
    return out;
}

} // namespace

test_app::test_app()
    : pages_(all_pages()), attachments_(database_.folder().path("attachments")), search_(database_.folder().path("search")),
      feed_(*database_, search_) {
    settings_.share_dir = ".";
    static const auto calendars = std::make_shared<model::calendar_book>(model::calendar_books::load("config/calendars.json"));
    model::callback_rules callback;
    callback.calendars = calendars;
    settings_.callback = std::make_shared<model::callback_rules>(callback);
    settings_.data_dir = database_.folder().path();
    keys_ = api::load_secrets(database_.folder().path("key"));
    app_ = std::unique_ptr<api::app>(new api::app{settings_, keys_, *database_, attachments_, search_, pages_, limits_, metrics_, workers_,
                                                  [this] { return now(); }, [] {}, [] {}});
    app_->live = &live_;
}

test_app::~test_app() { workers_.join(); }

api::reply test_app::ask(api::request request) {
    boost::asio::io_context context;
    api::reply out;
    auto keep = [&out](const std::exception_ptr& error, api::reply answered) {
        if (error) std::rethrow_exception(error);
        out = std::move(answered);
    };
    boost::asio::co_spawn(context, api::answer(request, *app_), keep);
    context.run();
    if (request.wants_json())
        out.data = api::data_for_programs(request, std::move(out.data), *app_);
    else if (!out.page.empty())
        html_ = api::render_page(request, out.page, out.data, *app_);
    return out;
}

std::int64_t test_app::add_user(const std::string& login, const std::string& role) {
    model::users::new_user user{login, "Nom de " + login, role, "conseillère", login + "@example.test", "no password"};
    return database_->write_now([&](soci::session& sql) { return model::users::add(sql, user, now()); });
}

std::string test_app::add_token(const std::string& role, std::int64_t rate) {
    return api::add_token(*database_, "test " + role, role, rate, now() + std::chrono::hours(24), now());
}

api::reply browser::get(const std::string& target) { return send(make_request(app_, "GET", target)); }

api::reply browser::post(const std::string& path, std::map<std::string, std::string, std::less<>> form) {
    auto request = make_request(app_, "POST", path);
    request.form = std::move(form);
    // The pages of staff and nobody else's have the session's token.
    if (path.starts_with("/console/") || path.starts_with("/connexion") || path == "/deconnexion") request.form.try_emplace("csrf", csrf);
    request.files = std::exchange(files, {});
    request.headers["sec-fetch-site"] = "same-origin";
    return send(std::move(request));
}

api::reply browser::send(api::request request) {
    request.remote_address = address_;
    request.cookies = cookies;
    request.headers["accept"] = "text/html";
    auto chosen = request.parameter("lang").empty() ? request.cookie("lang") : request.parameter("lang");
    if (chosen == "en") request.language = "en";
    auto reply = app_.ask(std::move(request));
    for (const auto& [name, value] : reply.headers) {
        if (name != "Set-Cookie") continue;
        auto equals = value.find('='), end = value.find(';');
        auto cookie = value.substr(0, equals), text = value.substr(equals + 1, end - equals - 1);
        if (text.empty() || value.find("Max-Age=0") != std::string::npos)
            cookies.erase(cookie);
        else
            cookies[cookie] = text;
    }
    if (reply.data.contains("csrf")) csrf = reply.data["csrf"];
    return reply;
}

void browser::enter_as(std::int64_t user) {
    auto cookie = api::random_token();
    auto hash = api::sha256_hex(cookie);
    app_.database().write_now([&](soci::session& sql) { model::login_sessions::open(sql, hash, user, "full", address_, app_.now()); });
    cookies[api::session_cookie_name(app_.settings())] = cookie;
    csrf = app_.keys().sign("csrf", hash);
}

api::reply program::get(const std::string& target, std::map<std::string, std::string, std::less<>> headers) {
    return send("GET", target, "", std::move(headers));
}

api::reply program::post(const std::string& target, const nlohmann::json& body, std::map<std::string, std::string, std::less<>> headers) {
    return send("POST", target, body.dump(), std::move(headers));
}

api::reply program::remove(const std::string& target, std::map<std::string, std::string, std::less<>> headers) {
    return send("DELETE", target, "", std::move(headers));
}

api::reply program::send(const std::string& method, const std::string& target, const std::string& body,
                         std::map<std::string, std::string, std::less<>> headers) {
    auto request = make_request(app_, method, target);
    request.body = body;
    request.remote_address = "192.0.2.20";
    request.headers.merge(headers);
    if (!token_.empty()) request.headers["authorization"] = "Bearer " + token_;
    request.headers["content-type"] = "application/json";
    auto is_proof = sent_twice::prepare(request);
    auto reply = app_.ask(request);
    if (is_proof)
        for (const auto& each : sent_twice::differences(request, reply, [this](api::request again) { return app_.ask(std::move(again)); }))
            FAIL_CHECK(each);
    for (const auto& each : api_document::differences(request, reply)) FAIL_CHECK(each);
    return reply;
}

std::string header_of(const api::reply& reply, const std::string& name) {
    for (const auto& [each, value] : reply.headers)
        if (each == name) return value;
    return {};
}

} // namespace relais::tests
