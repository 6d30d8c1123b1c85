// SPDX-License-Identifier: EUPL-1.2
#include "model/webhook.hpp"
#include "tests/support/test_app.hpp"

#include <catch2/catch.hpp>

using namespace relais;
using tests::program;

namespace {

struct office {
    tests::test_app app;
    program administrator{app, app.add_token("admin")};
    office() { app.settings().webhooks.hosts = {"hooks.example.test"}; }
    api::reply add(const std::string& url) { return administrator.post("/api/v1/webhooks", {{"url", url}}); }
};

} // namespace

TEST_CASE("an administrator adds a webhook, sees its secret once, and takes it away", "[webhook]") {
    office here;
    auto added = here.administrator.post("/api/v1/webhooks", {{"url", "https://hooks.example.test/in?x=1"}, {"actions", {"incident."}}});
    REQUIRE(added.status == 201);
    CHECK(added.data["secret"].get<std::string>() == api::webhook_secret(here.app.keys(), added.data["id"].get<std::int64_t>()));
    auto listed = here.administrator.get("/api/v1/webhooks");
    REQUIRE(listed.data["items"].size() == 1);
    CHECK(listed.data["items"][0]["actions"] == nlohmann::json::array({"incident."}));
    CHECK_FALSE(listed.data["items"][0].contains("secret"));
    auto path = "/api/v1/webhooks/" + added.data["id"].dump();
    CHECK(here.administrator.get(path + "/deliveries").data["items"].empty());
    CHECK(here.administrator.remove(path).status == 200);
    CHECK(here.administrator.remove(path).status == 404);
    CHECK(here.administrator.get(path + "/deliveries").status == 404);
    CHECK(here.administrator.get("/api/v1/webhooks").data["items"].empty());
}

TEST_CASE("there are never too many webhooks", "[webhook]") {
    office here;
    for (std::size_t i = 0; i < model::webhooks::count_limit; ++i) CHECK(here.add("https://hooks.example.test/in").status == 201);
    CHECK(here.add("https://hooks.example.test/in").status == 409);
}

TEST_CASE("webhooks are the administrators' alone", "[webhook]") {
    office here;
    program resolver(here.app, here.app.add_token("resolver"));
    CHECK(resolver.get("/api/v1/webhooks").status == 403);
    CHECK(resolver.post("/api/v1/webhooks", {{"url", "https://hooks.example.test/in"}}).status == 403);
}

TEST_CASE("an address that is not on the list of hosts, or could mean another, is refused with its reason", "[webhook]") {
    office here;
    auto url = GENERATE("https://other.test/", "https://hooks.example.test.other.test/", "https://hooks.example.test@other.test/",
                        "https://HOOKS.example.test/", "http://hooks.example.test/", "https://127.0.0.1/", "https://[::1]/",
                        "https://2130706433/", "file:///etc/passwd", "gopher://hooks.example.test/", "//hooks.example.test/", "https:///x",
                        "https://hooks.example.test:port/", "https://hooks.example.test/a b", "https://hooks.example.test\\@other.test/",
                        "https://hooks.example.test#@other.test/", "");
    CAPTURE(url);
    auto refused = here.add(url);
    CHECK(refused.status == 422);
    CHECK(refused.data["errors"][0]["field"] == "url");
    CHECK(here.administrator.get("/api/v1/webhooks").data["items"].empty());
}

TEST_CASE("an action that could not be one is refused", "[webhook]") {
    office here;
    auto refused = here.administrator.post("/api/v1/webhooks", {{"url", "https://hooks.example.test/"}, {"actions", {"Ticket closed"}}});
    CHECK(refused.status == 422);
    CHECK(refused.data["errors"][0]["field"] == "actions");
}
