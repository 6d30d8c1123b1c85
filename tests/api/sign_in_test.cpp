// SPDX-License-Identifier: EUPL-1.2
#include "api/accounts.hpp"
#include "model/sql.hpp"
#include "model/totp.hpp"
#include "tests/support/test_app.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <atomic>
#include <thread>

using namespace relais;
using namespace std::chrono_literals;
using tests::good_password;

namespace {

const std::string seed = "12345678901234567890";

std::string code_now(const tests::test_app& app, int steps = 0) {
    return model::totp::code(seed, model::seconds(app.now()) / model::totp::step_s + steps);
}

void add_anne(tests::test_app& app) {
    api::add_account_with_totp(app.database(), app.keys(),
                               {"anne", "Anne Martin", "agent", "conseillère", "anne@example.test", good_password}, seed, {}, app.now());
}

api::reply type_password(tests::browser& browser, const std::string& login, const std::string& password) {
    browser.get("/connexion");
    return browser.post("/connexion", {{"login", login}, {"password", password}});
}

std::string location(const api::reply& reply) { return tests::header_of(reply, "Location"); }

} // namespace

TEST_CASE("an agent signs in with a password and a code, and out again", "[sign_in]") {
    tests::test_app app;
    add_anne(app);
    tests::browser browser(app);
    CHECK(location(browser.get("/console/compte")) == "/connexion?next=%2Fconsole%2Fcompte");
    browser.get("/connexion?next=/console/compte");
    auto reply = browser.post("/connexion", {{"login", " Anne "}, {"password", good_password}, {"next", "/console/compte"}});
    REQUIRE(location(reply) == "/connexion/code?next=%2Fconsole%2Fcompte");
    auto first = browser.cookies["__Host-sid"];
    CHECK(browser.get("/console/compte").status == 303); // half a session opens nothing
    browser.get("/connexion/code?next=/console/compte");
    reply = browser.post("/connexion/code", {{"code", code_now(app)}, {"next", "/console/compte"}});
    REQUIRE(location(reply) == "/console/compte");
    CHECK(browser.cookies["__Host-sid"] != first); // the name changes at each step
    reply = browser.get("/console/compte");
    CHECK(reply.status == 200);
    CHECK(reply.data["me"]["name"] == "Anne Martin");
    auto full = browser.cookies;
    CHECK(location(browser.post("/deconnexion", {})) == "/connexion");
    browser.cookies = full;
    CHECK(browser.get("/console/compte").status == 303);
}

TEST_CASE("the session's cookie is closed to scripts and to other sites", "[sign_in]") {
    tests::test_app app;
    add_anne(app);
    tests::browser browser(app);
    auto reply = type_password(browser, "anne", good_password);
    auto cookie = tests::header_of(reply, "Set-Cookie");
    CHECK(cookie.starts_with("__Host-sid="));
    CHECK(cookie.find("HttpOnly") != std::string::npos);
    CHECK(cookie.find("Secure") != std::string::npos);
    CHECK(cookie.find("SameSite=Lax") != std::string::npos);
    CHECK(cookie.find("Path=/") != std::string::npos);
    CHECK(browser.cookies["__Host-sid"].size() == 43);
}

TEST_CASE("a wrong login, a wrong password and a disabled account are answered alike", "[sign_in]") {
    tests::test_app app;
    add_anne(app);
    auto gone = api::add_account(app.database(), {"paul", "Paul", "agent", "", "", good_password}, {}, app.now());
    app.database().write_now([&](soci::session& sql) { model::users::disable(sql, gone, {}, app.now()); });
    std::vector<api::reply> replies;
    for (auto [login, password] :
         {std::pair{"anne", "wrong"}, {"nobody", "wrong"}, {"paul", good_password}, {"", ""}, {"anne' OR '1'='1", "x"}}) {
        tests::browser browser(app, "192.0.2." + std::to_string(replies.size() + 1));
        auto reply = type_password(browser, login, password);
        reply.data.erase("csrf"), reply.data.erase("form_key");
        replies.push_back(reply);
        CHECK(browser.cookies.count("__Host-sid") == 0);
    }
    for (const auto& each : replies) {
        CHECK(each.status == 401);
        CHECK(each.data == replies[0].data);
    }
}

TEST_CASE("a code serves once, even in another browser", "[sign_in]") {
    tests::test_app app;
    add_anne(app);
    tests::browser one(app), two(app, "192.0.2.11");
    type_password(one, "anne", good_password);
    type_password(two, "anne", good_password);
    one.get("/connexion/code"), two.get("/connexion/code");
    auto code = code_now(app);
    CHECK(one.post("/connexion/code", {{"code", code}}).status == 303);
    CHECK(two.post("/connexion/code", {{"code", code}}).status == 401);
    CHECK(two.post("/connexion/code", {{"code", code_now(app, 1)}}).status == 303);
}

TEST_CASE("the first sign-in enrols a second factor and shows recovery codes once", "[sign_in]") {
    tests::test_app app;
    api::add_account(app.database(), {"paul", "Paul", "agent", "", "", good_password}, {}, app.now());
    tests::browser browser(app);
    CHECK(location(type_password(browser, "paul", good_password)).starts_with("/connexion/inscription"));
    auto shown = browser.get("/connexion/inscription");
    CHECK(shown.data["otpauth"].get<std::string>().starts_with("otpauth://totp/Relais:paul?secret="));
    auto sealed = shown.data["seed_sealed"].get<std::string>();
    auto wrong = browser.post("/connexion/inscription", {{"seed", sealed}, {"code", "000000"}});
    CHECK(wrong.status == 422);
    CHECK(wrong.data["secret"] == shown.data["secret"]);
    CHECK(location(browser.post("/connexion/inscription", {{"seed", "forged"}, {"code", "000000"}})) == "/connexion/inscription");
    auto hash = api::sha256_hex(browser.cookies["__Host-sid"]);
    auto secret = app.keys().open("enrol:" + hash, sealed);
    auto code = model::totp::code(secret, model::seconds(app.now()) / model::totp::step_s);
    auto enrolled = browser.post("/connexion/inscription", {{"seed", sealed}, {"code", code}});
    REQUIRE(enrolled.page == "recovery_codes");
    REQUIRE(enrolled.data["codes"].size() == 10);
    CHECK(browser.get("/console/compte").data["codes_left"] == 10);

    // A recovery code replaces the telephone, once.
    std::string paper = enrolled.data["codes"][0];
    for (auto expected : {303, 401}) {
        tests::browser other(app, "192.0.2.12");
        type_password(other, "paul", good_password);
        other.get("/connexion/code");
        CHECK(other.post("/connexion/code", {{"code", paper}}).status == expected);
    }
    CHECK(browser.get("/console/compte").data["codes_left"] == 9);
}

TEST_CASE("guessing a password or a code gets slower", "[sign_in]") {
    tests::test_app app;
    add_anne(app);
    tests::browser browser(app);
    for (int i = 0; i < 5; ++i) CHECK(type_password(browser, "anne", "wrong").status == 401);
    auto refused = type_password(browser, "anne", good_password);
    CHECK(refused.status == 429);
    CHECK(tests::header_of(refused, "Retry-After") == "1");
    app.pass(2s);
    CHECK(type_password(browser, "anne", good_password).status == 303);
    browser.get("/connexion/code");
    CHECK(browser.post("/connexion/code", {{"code", "000000"}}).status == 401);
    CHECK(browser.post("/connexion/code", {{"code", code_now(app)}}).status == 429);
}

TEST_CASE("of codes tried at once no more are judged than one after the other", "[sign_in]") {
    tests::test_app app;
    add_anne(app);
    tests::browser browser(app);
    type_password(browser, "anne", good_password);
    auto csrf = browser.get("/connexion/code").data["csrf"].get<std::string>();
    std::atomic<int> judged = 0, told_to_wait = 0;
    std::vector<std::thread> guesses;
    for (int i = 0; i < 24; ++i)
        guesses.emplace_back([&, i] {
            api::request request;
            request.method = "POST", request.path = "/connexion/code", request.now = app.now();
            request.headers = {{"accept", "application/json"}, {"sec-fetch-site", "same-origin"}};
            request.remote_address = "192.0.2.10", request.cookies = browser.cookies;
            request.form = {{"csrf", csrf}, {"code", fmt::format("{:06}", i)}};
            auto status = app.ask(std::move(request)).status;
            (status == 429 ? told_to_wait : judged) += status == 429 || status == 401 ? 1 : 100;
        });
    for (auto& each : guesses) each.join();
    CHECK(judged == 5);
    CHECK(told_to_wait == 19);
}

TEST_CASE("a form of another site signs nobody in", "[sign_in]") {
    tests::test_app app;
    add_anne(app);
    tests::browser browser(app);
    browser.get("/connexion");
    CHECK(browser.post("/connexion", {{"login", "anne"}, {"password", good_password}, {"csrf", "forged"}}).status == 403);
    browser.cookies.clear();
    browser.get("/connexion");
    browser.cookies.clear();
    CHECK(browser.post("/connexion", {{"login", "anne"}, {"password", good_password}}).status == 403);
}

TEST_CASE("no usable session lies in the database", "[sign_in]") {
    tests::test_app app;
    add_anne(app);
    tests::browser browser(app);
    type_password(browser, "anne", good_password);
    auto stored =
        app.database().read_now([](soci::session& sql) { return model::sql::all<std::string>(sql, "SELECT hash FROM login_session"); });
    REQUIRE(stored.size() == 1);
    CHECK(stored[0] != browser.cookies["__Host-sid"]);
    CHECK(stored[0] == api::sha256_hex(browser.cookies["__Host-sid"]));
}

TEST_CASE("a way back leads to this site only", "[sign_in]") {
    tests::test_app app;
    add_anne(app);
    for (auto next : {"https://evil.test/", "//evil.test", "/\\evil.test", "javascript:alert(1)", ""}) {
        tests::browser browser(app);
        browser.get("/connexion");
        auto reply = browser.post("/connexion", {{"login", "anne"}, {"password", good_password}, {"next", next}});
        CHECK(location(reply) == "/connexion/code?next=%2Fconsole%2Ftickets");
    }
}

TEST_CASE("a password is changed with the old one, and every other browser is out", "[sign_in]") {
    tests::test_app app;
    add_anne(app);
    auto id = app.database().read_now([](soci::session& sql) { return model::users::find(sql, "anne")->id; });
    tests::browser one(app), two(app, "192.0.2.11");
    one.enter_as(id), two.enter_as(id);
    auto fresh = std::string("Dix-sept ânes broutent");
    auto change = [&](const std::string& current, const std::string& password, const std::string& again) {
        return one.post("/console/compte/mot-de-passe", {{"current", current}, {"password", password}, {"again", again}});
    };
    CHECK(change("wrong", fresh, fresh).status == 401);
    auto faults = change(good_password, "court", "autre");
    CHECK(faults.status == 422);
    CHECK(faults.data["errors"].size() == 2);
    CHECK(change(good_password, fresh, fresh).status == 303);
    CHECK(one.get("/console/compte").status == 200);
    CHECK(two.get("/console/compte").status == 303);
    tests::browser three(app, "192.0.2.12");
    CHECK(type_password(three, "anne", fresh).status == 303);
}
