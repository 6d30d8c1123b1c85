// SPDX-License-Identifier: EUPL-1.2
// The built program, as its operators see it: the administration's listener, and what its journals say of people.
#include "tests/support/http_client.hpp"
#include "tests/support/raw_client.hpp"
#include "tests/support/running_server.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>

using namespace relais::tests;

namespace {

std::string kind() {
    auto* chosen = std::getenv("RELAIS_TEST_DATABASE");
    return chosen ? chosen : "sqlite";
}

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

// A journal in small letters.
std::string journal(const running_server& server, const std::string& name) {
    std::ifstream in(server.data_dir() + "/" + name);
    std::string out{std::istreambuf_iterator<char>(in), {}};
    std::transform(out.begin(), out.end(), out.begin(), [](unsigned char each) { return static_cast<char>(std::tolower(each)); });
    return out;
}

} // namespace

TEST_CASE("metrics and the detail of health are on the administration's listener, and nowhere else", "[http][running]") {
    auto administration = free_port();
    running_server server(kind(), {{"RELAIS_ADMINISTRATION_LISTEN", "127.0.0.1:" + std::to_string(administration)}});
    server.start();
    http_client people(server.port()), operators(administration);
    people.get("/contact");
    people.get("/healthz"); // on the same connection: the request before is counted by now

    auto metrics = operators.get("/metrics");
    CHECK(metrics.status == 200);
    CHECK(metrics.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8");
    CHECK(holds(metrics.body, "# TYPE relais_"));
    CHECK(holds(metrics.body, "/contact")); // the request above is counted, by its route
    auto detail = operators.get("/healthz/detail");
    CHECK(detail.status == 200);
    CHECK(nlohmann::json::parse(detail.body)["database"]["ready"] == true);
    CHECK(operators.get("/contact").status == 404); // nothing of the site is there
    CHECK(operators.post("/metrics", "").status == 405);

    for (auto path : {"/metrics", "/healthz/detail"}) CHECK(people.get(path).status == 404);
    CHECK(people.get("/healthz").status == 200);
}

TEST_CASE("neither journal tells who came, what they look for or the link they hold", "[http][running]") {
    running_server server(kind(), {{"RELAIS_LOGGING_ACCESS_FILE", "access.jsonl"},
                                   {"RELAIS_LOGGING_APPLICATION_FILE", "application.jsonl"},
                                   {"RELAIS_LOGGING_LEVEL", "trace"}});
    server.start();
    http_client person(server.port());
    nlohmann::json body = {{"requester", {{"name", "Camille Dupont"}, {"email", "camille@example.test"}, {"phone", "06 39 98 12 34"}}},
                           {"procedure", "RENEWAL"},
                           {"department", "33"},
                           {"subject", "Photo refusée"},
                           {"body", "Ma photo est refusée."}};
    auto opened = person.post("/api/v1/tickets", body.dump(), {{"Content-Type", "application/json"}});
    REQUIRE(opened.status == 201);
    auto link = nlohmann::json::parse(opened.body)["follow_up_url"].get<std::string>();
    auto token = link.substr(link.rfind('/') + 1);
    CHECK(person.get("/suivi/" + token).status == 303);
    CHECK(person.get("/suivi?q=dupont").status == 200);
    CHECK(person.get("/dupont").status == 404);
    CHECK(person.get("/console/tickets?q=dupont").status != 200);
    auto agent = server.command("token add tests --role agent --rate 0");
    CHECK(person.get("/api/v1/tickets?q=dupont", {{"Authorization", "Bearer " + agent}}).status == 200);
    const std::map<std::string, std::string> as_form = {{"Content-Type", "application/x-www-form-urlencoded"},
                                                        {"Sec-Fetch-Site", "same-origin"}};
    CHECK(person.post("/contact", "subject_person.relation=self&requester.name=Camille+Dupont", as_form).status == 303);
    person.post("/suivi/lien", "reference=26-AAAA-BBBB&email=camille%40example.test", as_form);
    // What is refused is not quoted either.
    CHECK(person.post("/api/v1/tickets", R"({"requester": "Camille Dupont)", {{"Content-Type", "application/json"}}).status == 400);
    CHECK(ask(server.port(), "GET /suivi/" + token + " HTTP/1.1\r\nHost: a.test\r\nX-Dupont : 1\r\n\r\n").status == 400);
    CHECK(server.stop() == 0);

    auto access = journal(server, "access.jsonl"), application = journal(server, "application.jsonl");
    CHECK(holds(access, R"("route":"/suivi/{token}")"));
    CHECK(holds(access, R"("route":"/contact")"));
    CHECK_FALSE(application.empty());
    std::transform(token.begin(), token.end(), token.begin(), [](unsigned char each) { return static_cast<char>(std::tolower(each)); });
    for (const auto& told : {token, std::string("dupont"), std::string("camille"), std::string("example.test"), std::string("33639981234"),
                             std::string("06 39")}) {
        INFO(told);
        CHECK_FALSE(holds(access, told));
        CHECK_FALSE(holds(application, told));
    }
}
