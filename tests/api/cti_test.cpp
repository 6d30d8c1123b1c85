// SPDX-License-Identifier: EUPL-1.2
#include "api/cti.hpp"
#include "model/cti.hpp"
#include "model/sql.hpp"
#include "tests/support/test_app.hpp"

#include <catch2/catch.hpp>
#include <sodium.h>

#include <fstream>
#include <map>

using namespace relais;
using namespace relais::tests;

namespace {

// The telephone system: bodies as they come, with the token in the address.
struct telephone {
    test_app app;
    std::string token = app.add_token("telephony");

    api::reply send(const std::string& body, const std::string& address = "",
                    std::map<std::string, std::string, std::less<>> headers = {}) {
        api::request request;
        request.id = "cti", request.method = "POST", request.path = address.empty() ? "/api/v1/cti/" + token : address;
        request.body = body, request.now = app.now(), request.remote_address = "192.0.2.1";
        request.headers = std::move(headers);
        request.headers.try_emplace("content-type", body.starts_with("{") ? "application/json" : "application/x-www-form-urlencoded");
        return app.ask(request);
    }
    std::vector<model::call> calls() {
        std::vector<model::call> out;
        for (auto& each : app.database().read_now([](soci::session& sql) { return model::calls::list(sql, {}, "", 200).lines; }))
            out.push_back(each.what);
        return out;
    }
    model::call call_from(const std::string& phone) {
        for (const auto& each : calls())
            if (each.phone == phone) return each;
        FAIL("no call of " << phone);
        return {};
    }
    std::int64_t count(const std::string& what) {
        return app.database().read_now(
            [&](soci::session& sql) { return *model::sql::first<std::int64_t>(sql, "SELECT COUNT(*) FROM " + what); });
    }
};

const std::string new_call = R"({"event":"newCall","from":"33639981001","to":"3400","direction":"in","callId":"a1"})";

std::string hmac_hex(const std::string& key, const std::string& text) {
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, reinterpret_cast<const unsigned char*>(key.data()), key.size());
    crypto_auth_hmacsha256_update(&state, reinterpret_cast<const unsigned char*>(text.data()), text.size());
    unsigned char hash[crypto_auth_hmacsha256_BYTES];
    crypto_auth_hmacsha256_final(&state, hash);
    std::string out(sizeof hash * 2 + 1, '\0');
    sodium_bin2hex(out.data(), out.size(), hash, sizeof hash);
    out.pop_back();
    return out;
}

} // namespace

TEST_CASE("a recorded day of the telephone gives the right calls and the right answers", "[cti]") {
    telephone here;
    auto camille = here.app.add_user("camille", "agent"), zoe = here.app.add_user("zoe", "agent");
    here.app.database().write_now([&](soci::session& sql) {
        model::extensions::set(sql, camille, "201", {}, here.app.now());
        model::extensions::set(sql, zoe, "202", {}, here.app.now());
        model::blocked_numbers::add(sql, "0639980666", "menaces", 30, {}, here.app.now());
    });
    std::ifstream in("tests/api/recorded/cti.txt");
    REQUIRE(in);
    std::vector<std::pair<std::string, std::string>> lines; // body, answer expected
    for (std::string line; std::getline(in, line);) {
        if (line.empty() || line[0] == '#') continue;
        if (line.starts_with("> "))
            lines.back().second = line.substr(2);
        else
            lines.emplace_back(line, "{}");
    }
    CHECK(lines.size() > 40);
    for (const auto& [body, expected] : lines) {
        INFO(body);
        here.app.pass(std::chrono::seconds(20));
        auto answer = here.send(body);
        CHECK(answer.status == (expected == "422" ? 422 : 200));
        if (expected != "422") CHECK(answer.data == nlohmann::json::parse(expected));
    }
    struct row {
        std::string phone, outcome, agent;
        int transfers = 0;
    };
    for (const auto& each :
         {row{"+33639981001", "answered", "Nom de camille"}, row{"+33639981002", "answered", "Nom de zoe"},
          row{"+33639981003", "abandoned", ""}, row{"+33639981004", "missed", ""}, row{"+33639981005", "busy", ""},
          row{"+33639981006", "busy", ""}, row{"+33639981007", "forwarded", ""}, row{"+33639981008", "missed", ""},
          row{"+33639981009", "answered", "Nom de zoe", 1}, row{"+33639980666", "rejected", ""}, row{"+262692123456", "answered", ""},
          row{"+33639981010", "missed", "Nom de zoe"}, row{"+33639981011", "answered", "Nom de camille"}}) {
        INFO(each.phone);
        auto found = here.call_from(each.phone);
        CHECK(found.outcome == each.outcome);
        CHECK(found.state == "ended");
        CHECK(found.transfers == each.transfers);
        if (!each.agent.empty()) CHECK(found.agent_name == each.agent);
    }
    CHECK(here.call_from("").outcome == "answered"); // withheld
    CHECK(here.calls().size() == 14);
    CHECK(here.call_from("+33639981001").wait_s == 20);
    CHECK(here.call_from("+33639981001").talk_s() == 20);
    CHECK(here.count("cti_event WHERE verdict = 'duplicate'") == 3);
    CHECK(here.count("cti_event WHERE call_id IS NULL") == 5);
}

TEST_CASE("the token is in the address or in Authorization, and of the telephone's role", "[cti]") {
    telephone here;
    CHECK(here.send(new_call).status == 200);
    CHECK(here.send(new_call, "/api/v1/cti", {{"authorization", "Bearer " + here.token}}).status == 200);
    CHECK(here.send(new_call, "/api/v1/cti").status == 401);
    CHECK(here.send(new_call, "/api/v1/cti/rdv_wrong").status == 401);
    auto agent = here.app.add_token("agent");
    CHECK(here.send(new_call, "/api/v1/cti/" + agent).status == 401);
    CHECK(here.send(new_call, "/api/v1/cti", {{"authorization", "Bearer " + agent}}).status == 403);
    CHECK(here.calls().size() == 1);
}

TEST_CASE("programs post events as the document says", "[cti]") {
    telephone here;
    program exchange(here.app, here.token);
    auto event = nlohmann::json::parse(new_call);
    for (const auto& address : {"/api/v1/cti/" + here.token, std::string("/api/v1/cti")}) {
        CHECK(exchange.post(address, event).status == 200);
        CHECK(exchange.post(address, {{"event", "dtmf"}}).status == 422);
    }
    CHECK(exchange.get("/api/v1/calls").status == 403); // the telephone's token opens nothing else
}

TEST_CASE("whoever tries tokens by the hundred is kept waiting", "[cti]") {
    telephone here;
    here.app.settings().limits_enabled = true;
    for (int i = 0; i < 80; ++i) CHECK(here.send(new_call, "/api/v1/cti/rdv_" + std::to_string(i)).status == 401);
    CHECK(here.send(new_call).status == 401); // even with the right one, from that address, for a minute
}

TEST_CASE("a telephone system is not kept waiting: a thousand events in one second", "[cti]") {
    telephone here;
    here.app.settings().limits_enabled = true;
    here.token = here.app.add_token("telephony", 1); // whatever rate was given
    for (int i = 0; i < 1000; ++i) {
        auto body = R"({"event":"newCall","from":"33639981001","to":"3400","direction":"in","callId":")" + std::to_string(i) + "\"}";
        REQUIRE(here.send(body, "/api/v1/cti", {{"authorization", "Bearer " + here.token}}).status == 200);
    }
}

TEST_CASE("with a signing key, only signed events are believed", "[cti]") {
    telephone here;
    here.app.settings().telephony.signature_key = "clé partagée";
    CHECK(here.send(new_call).status == 401);
    CHECK(here.send(new_call, "", {{"x-relais-signature", "sha256=" + hmac_hex("une autre", new_call)}}).status == 401);
    CHECK(here.send(new_call, "", {{"x-relais-signature", "sha256=zz"}}).status == 401);
    CHECK(here.send(new_call + " ", "", {{"x-relais-signature", "sha256=" + hmac_hex("clé partagée", new_call)}}).status == 401);
    CHECK(here.calls().empty());
    CHECK(here.send(new_call, "", {{"x-relais-signature", "sha256=" + hmac_hex("clé partagée", new_call)}}).status == 200);
}

TEST_CASE("whatever a body holds, the answer is a refusal and never a fault", "[cti]") {
    telephone here;
    for (const auto& body :
         {std::string("[]"), std::string("null"), std::string("{"), std::string("event=%zz"), std::string("{\"event\":{}}"),
          std::string("{\"event\":\"newCall\",\"callId\":\"") + std::string(5000, 'x') + "\"}", std::string("\xff\xfe"), std::string(),
          std::string("{\"event\":\"newCall\",\"direction\":\"in\",\"callId\":\"x\",\"user\":[[[1]],{\"a\":2},null]}")}) {
        INFO(body.substr(0, 60));
        auto status = here.send(body).status;
        CHECK((status == 422 || status == 200));
    }
}
