// SPDX-License-Identifier: EUPL-1.2
#include "model/api_token.hpp"
#include "model/error.hpp"
#include "model/login_session.hpp"
#include "model/sign_in_failure.hpp"
#include "model/user.hpp"
#include "tests/support/temporary_database.hpp"

#include <catch2/catch.hpp>

using namespace relais;
using namespace relais::model;

namespace {
const auto now = at_seconds(1'795'600'000);
using std::chrono::hours, std::chrono::minutes;

std::int64_t add(soci::session& sql, const std::string& login, const std::string& role = "agent") {
    return users::add(sql, {login, "Anne Martin", role, "conseillère", login + "@example.test", "hash"}, now);
}
} // namespace

TEST_CASE("a login is taken once, and its faults are told together", "[user]") {
    tests::temporary_database database;
    auto id = database->write_now([](soci::session& sql) { return add(sql, "anne"); });
    CHECK(database->read_now([&](soci::session& sql) { return users::get(sql, id).name; }) == "Anne Martin");
    CHECK_THROWS_AS(database->write_now([](soci::session& sql) { add(sql, "anne"); }), conflict);
    CHECK_NOTHROW(database->write_now([](soci::session& sql) { add(sql, "anne.b"); }));
    try {
        database->write_now([](soci::session& sql) { users::add(sql, {"A", "", "king", "", "", ""}, now); });
        FAIL("accepted");
    } catch (const invalid& error) {
        CHECK(error.faults.size() == 3);
    }
}

TEST_CASE("a code of the second factor and a recovery code serve once", "[user]") {
    tests::temporary_database database;
    auto id = database->write_now([](soci::session& sql) { return add(sql, "anne"); });
    auto step = [&](std::int64_t number) {
        return database->write_now([=](soci::session& sql) { return users::use_step(sql, id, number); });
    };
    CHECK(step(100));
    CHECK_FALSE(step(100));
    CHECK_FALSE(step(99));
    CHECK(step(101));
    database->write_now([&](soci::session& sql) { users::set_recovery_codes(sql, id, {"a", "b"}); });
    auto code = [&](const std::string& hash) {
        return database->write_now([=](soci::session& sql) { return users::use_recovery_code(sql, id, hash, now); });
    };
    CHECK(code("a"));
    CHECK_FALSE(code("a"));
    CHECK_FALSE(code("c"));
    CHECK(database->read_now([&](soci::session& sql) { return users::recovery_codes_left(sql, id); }) == 1);
}

TEST_CASE("a session ends when idle, when old, when its account does", "[user]") {
    tests::temporary_database database;
    struct line {
        const char* role;
        minutes idle;
        hours absolute;
    };
    for (const auto& each :
         {line{"admin", minutes(15), hours(8)}, {"agent", minutes(30), hours(12)}, {"partner", minutes(60), hours(12)}}) {
        auto role = each.role; // no structured binding: clang 14 lets no lambda see one
        auto idle = each.idle;
        auto absolute = each.absolute;
        INFO(role);
        auto login = std::string("user-") + role, hash = std::string("hash-") + role;
        auto user = database->write_now([&](soci::session& sql) {
            auto id = add(sql, login, role);
            login_sessions::open(sql, hash, id, "full", "192.0.2.1", now);
            return id;
        });
        auto lives = [&](sys_seconds at) {
            return database->read_now([&](soci::session& sql) { return login_sessions::find(sql, hash, at).has_value(); });
        };
        CHECK(lives(now + idle - std::chrono::seconds(1)));
        CHECK_FALSE(lives(now + idle));
        database->write_now([&](soci::session& sql) { login_sessions::touch(sql, hash, now + absolute - minutes(1)); });
        CHECK(lives(now + absolute - std::chrono::seconds(1)));
        CHECK_FALSE(lives(now + absolute));
        database->write_now([&](soci::session& sql) { users::disable(sql, user, {}, now); });
        CHECK_FALSE(lives(now));
    }
}

TEST_CASE("a session between the password and the code lasts ten minutes", "[user]") {
    tests::temporary_database database;
    database->write_now([](soci::session& sql) { login_sessions::open(sql, "half", add(sql, "anne"), "totp", "192.0.2.1", now); });
    auto lives = [&](sys_seconds at) {
        return database->read_now([=](soci::session& sql) { return login_sessions::find(sql, "half", at).has_value(); });
    };
    CHECK(lives(now + std::chrono::seconds(599)));
    CHECK_FALSE(lives(now + std::chrono::seconds(600)));
    auto turn = [&] {
        return database->write_now([](soci::session& sql) { return login_sessions::rotate(sql, "half", "full", "full", now); });
    };
    CHECK(turn());
    CHECK_FALSE(turn());
    CHECK_FALSE(lives(now));
}

TEST_CASE("a new password ends every session", "[user]") {
    tests::temporary_database database;
    auto left = database->write_now([](soci::session& sql) {
        auto id = add(sql, "anne");
        login_sessions::open(sql, "one", id, "full", "192.0.2.1", now);
        login_sessions::open(sql, "two", id, "full", "192.0.2.2", now);
        users::change_password(sql, id, "other", {}, now);
        return login_sessions::find(sql, "one", now).has_value() || login_sessions::find(sql, "two", now).has_value();
    });
    CHECK_FALSE(left);
}

TEST_CASE("guessing gets slower: five free failures, then a delay that doubles up to a minute", "[user]") {
    tests::temporary_database database;
    auto wait = [&](sys_seconds at, const std::string& address = "192.0.2.1") {
        return database->read_now([=](soci::session& sql) { return sign_in_failures::wait_s(sql, "login", address, at); });
    };
    auto fail = [&](sys_seconds at) {
        database->write_now([=](soci::session& sql) { sign_in_failures::record(sql, "login", "192.0.2.1", at); });
    };
    for (int i = 0; i < 4; ++i) fail(now);
    CHECK(wait(now) == 0);
    const std::int64_t expected[] = {1, 2, 4, 8, 16, 32, 60, 60};
    for (auto seconds : expected) {
        fail(now);
        CHECK(wait(now) == seconds);
        CHECK(wait(now + std::chrono::seconds(seconds)) == 0);
    }
    CHECK(wait(now, "192.0.2.2") == 0); // its owner, elsewhere, is not kept away
    CHECK(wait(now + minutes(15)) == 0);
    database->write_now([](soci::session& sql) { sign_in_failures::forget(sql, "login", "192.0.2.1"); });
    CHECK(wait(now) == 0);
}

TEST_CASE("an address that fails on twenty accounts waits", "[user]") {
    tests::temporary_database database;
    auto fail = [&](int account) {
        auto login = "login-" + std::to_string(account);
        return database->write_now([=](soci::session& sql) { return sign_in_failures::record(sql, login, "192.0.2.1", now); });
    };
    auto wait = [&] {
        return database->read_now([](soci::session& sql) { return sign_in_failures::wait_s(sql, "fresh", "192.0.2.1", now); });
    };
    for (int i = 0; i < 19; ++i) fail(i);
    CHECK(wait() == 0);
    fail(19);
    CHECK(wait() == 15 * 60);
}

TEST_CASE("the hundredth failure in an hour is told, once", "[user]") {
    tests::temporary_database database;
    int told = 0;
    database->write_now([&](soci::session& sql) {
        for (int i = 0; i < 120; ++i) told += sign_in_failures::record(sql, "login", "192.0.2." + std::to_string(i), now);
    });
    CHECK(told == 1);
}

TEST_CASE("an API token lives at most a year and can be revoked", "[user]") {
    tests::temporary_database database;
    auto make = [&](const std::string& role, std::chrono::seconds lifetime) {
        return database->write_now([=](soci::session& sql) {
            api_token token;
            token.name = "essai", token.role = role, token.expires_at = now + lifetime;
            return api_tokens::add(sql, token, "hash-" + role, now);
        });
    };
    CHECK_THROWS_AS(make("agent", hours(365 * 24) + std::chrono::seconds(1)), invalid);
    CHECK_THROWS_AS(make("agent", std::chrono::seconds(0)), invalid);
    CHECK_THROWS_AS(make("king", hours(1)), invalid);
    auto id = make("telephony", hours(365 * 24));
    auto find = [&](sys_seconds at) {
        return database->read_now([=](soci::session& sql) { return api_tokens::find(sql, "hash-telephony", at); });
    };
    CHECK(find(now)->role == "telephony");
    CHECK_FALSE(find(now + hours(365 * 24)));
    database->write_now([&](soci::session& sql) { api_tokens::revoke(sql, id, {}, now); });
    CHECK_FALSE(find(now));
}
