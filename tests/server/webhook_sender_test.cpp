// SPDX-License-Identifier: EUPL-1.2
#include "model/webhook.hpp"
#include "server/http_post.hpp"
#include "server/webhook_sender.hpp"
#include "tests/support/outside.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <catch2/catch.hpp>

#include <memory>
#include <mutex>
#include <thread>

using namespace relais;
using namespace relais::model;
using namespace std::chrono_literals;

namespace {

struct telling {
    tests::test_app app;
    tests::outside there;
    api::webhook_rules rules{{"127.0.0.1"}, true};
    server::webhook_sender sender{app.database(), app.keys(), rules};
    std::int64_t hook =
        app.database().write_now([this](soci::session& sql) { return webhooks::add(sql, there.url(), {}, actor{}, app.now()); });

    void happen() {
        app.database().write_now([this](soci::session& sql) {
            events::record(sql, {"staff", 1, "Anne Durand", {}}, "incident.fixed", "incident", 12, {{"release", "4.2"}}, app.now());
        });
    }
    // Returns how many webhooks were told.
    int tell(sys_seconds now) {
        auto begun = sender.step(now);
        sender.wait();
        return begun;
    }
    std::size_t got() {
        std::lock_guard lock(there.mutex);
        return there.got.size();
    }
    webhook_delivery last() {
        return app.database().read_now([this](soci::session& sql) { return webhooks::deliveries(sql, hook, 1).at(0); });
    }
};

} // namespace

TEST_CASE("a program is told what changed, signed, without anybody's name", "[webhook]") {
    telling here;
    here.happen();
    CHECK(here.tell(here.app.now()) == 1);
    REQUIRE(here.there.got.size() == 1);
    const auto& got = here.there.got[0];
    CHECK(got.method == "POST");
    CHECK(got.path == tests::outside::path);
    CHECK(got.header("x-relais-signature") ==
          "sha256=" + api::webhook_signature(api::webhook_secret(here.app.keys(), here.hook), got.body));
    auto body = nlohmann::json::parse(got.body);
    CHECK(body["action"] == "incident.fixed");
    CHECK(body["object"] == nlohmann::json({{"kind", "incident"}, {"id", 12}, {"reference", nullptr}}));
    CHECK(got.body.find("Anne") == std::string::npos);
    CHECK(here.last().state == "sent");
    CHECK(here.last().status == 200);
    CHECK(here.tell(here.app.now() + 1h) == 0);
}

TEST_CASE("the signature is the one that others compute", "[webhook]") {
    // RFC 4231, test case 2
    CHECK(api::webhook_signature("Jefe", "what do ya want for nothing?") ==
          "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

TEST_CASE("a program that fails is told again, and a redirect is a failure", "[webhook]") {
    telling here;
    here.happen();
    here.there.answer = api::see_other("/elsewhere");
    CHECK(here.tell(here.app.now()) == 1);
    CHECK(here.there.got.size() == 1);
    CHECK(here.last().state == "waiting");
    CHECK(here.last().error == "answered 303");
    here.there.answer = api::json(nlohmann::json::object(), 500);
    CHECK(here.tell(here.app.now() + 1min) == 1);
    here.there.answer = api::json(nlohmann::json::object());
    CHECK(here.tell(here.app.now() + 10min) == 1);
    CHECK(here.last().state == "sent");
    CHECK(here.there.got.at(0).header("x-relais-delivery") == here.there.got.at(2).header("x-relais-delivery"));
}

TEST_CASE("a host that does not answer keeps nobody waiting but itself", "[webhook]") {
    telling here;
    boost::asio::io_context io;
    // Takes connections, and says nothing.
    auto silent =
        std::make_unique<boost::asio::ip::tcp::acceptor>(io, boost::asio::ip::tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0));
    auto url = "http://127.0.0.1:" + std::to_string(silent->local_endpoint().port()) + "/";
    here.app.database().write_now([&](soci::session& sql) { return webhooks::add(sql, url, {}, actor{}, here.app.now()); });
    here.happen();
    CHECK(here.sender.step(here.app.now()) == 2);
    while (here.got() < 1) std::this_thread::yield();
    while (here.last().state != "sent") std::this_thread::yield();
    here.happen();
    int begun = 0;
    while (begun == 0) begun = here.sender.step(here.app.now()); // the thread that sent the first may not have ended
    CHECK(begun == 1);                                           // the silent host is still being told of the first
    while (here.got() < 2) std::this_thread::yield();
    silent.reset();
    here.sender.wait();
}

TEST_CASE("what waits for one webhook is told in one step, in order", "[webhook]") {
    telling here;
    for (int i = 0; i < 3; ++i) here.happen();
    CHECK(here.tell(here.app.now()) == 1);
    REQUIRE(here.there.got.size() == 3);
    auto event_of = [&](std::size_t at) { return nlohmann::json::parse(here.there.got[at].body)["event"].get<std::int64_t>(); };
    CHECK(event_of(0) < event_of(1));
    CHECK(event_of(1) < event_of(2));
}

TEST_CASE("a host that left the list is told nothing more", "[webhook]") {
    telling here;
    here.happen();
    here.rules.hosts.clear();
    CHECK(here.tell(here.app.now()) == 1);
    CHECK(here.there.got.empty());
    CHECK(here.last().error == "host");
}

TEST_CASE("whatever name leads there, no connection is made to an address that is not public", "[webhook]") {
    tests::outside there;
    auto port = std::to_string(there.site.port());
    auto host = GENERATE("127.0.0.1", "localhost", "0.0.0.0", "2130706433", "0x7f000001", "127.1", "[::1]", "[::ffff:127.0.0.1]", "[::]");
    CAPTURE(host);
    auto answer = server::post_json("http://" + std::string(host) + ":" + port + "/", {}, "{}", {.is_public_only = true});
    CHECK(answer.status == 0);
    CHECK(there.got.empty());
}
