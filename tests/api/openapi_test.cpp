// SPDX-License-Identifier: EUPL-1.2
#include "tests/support/after_all.hpp"
#include "tests/support/api_document.hpp"
#include "tests/support/test_app.hpp"

#include <catch2/catch.hpp>

using namespace relais;

// tests::program holds every exchange of every test of this folder against the document; here is what remains to be said.
namespace {
const bool asked_at_the_end = tests::after_all(tests::api_document::untried);
}

TEST_CASE("every route of the API is described, and every description is a route", "[openapi]") {
    CHECK(asked_at_the_end);
    for (const auto& each : tests::api_document::mismatches()) FAIL_CHECK(each);
}

TEST_CASE("the description is served to anybody", "[openapi]") {
    tests::test_app app;
    auto served = tests::program(app, "").get("/api/v1/openapi.json");
    CHECK(served.status == 200);
    auto described = nlohmann::json::parse(served.text);
    CHECK(described["openapi"] == "3.1.0");
    CHECK(described["paths"].contains("/api/v1/tickets/{reference}/closure"));
}

TEST_CASE("an answer that is not as described is told, with the place to correct it", "[openapi]") {
    api::request asked;
    asked.method = "POST", asked.path = "/api/v1/tickets/26-7K3F-9QTX/category", asked.body = R"({"category": "CIV-01"})";
    api::reply answered;
    answered.data = {{"reference", "26-7K3F-9QTX"},   {"status", "asleep"},     {"waiting_reason", ""}, {"category", "CIV-01"},
                     {"category_state", "confirmed"}, {"dossier_link", "none"}, {"version", 2},         {"assignee_id", nullptr}};
    answered.headers = {{"ETag", "\"2\""}};
    CHECK_FALSE(tests::api_document::differences(asked, answered).empty()); // no such status
    answered.data["status"] = "open";
    CHECK(tests::api_document::differences(asked, answered).empty());
    answered.data["secret"] = "x";
    CHECK_FALSE(tests::api_document::differences(asked, answered).empty());
    answered.data.erase("secret"), answered.data.erase("version");
    CHECK_FALSE(tests::api_document::differences(asked, answered).empty());
    answered.data["version"] = 2, answered.headers.clear();
    CHECK(tests::api_document::differences(asked, answered).at(0).find("ETag") != std::string::npos);
    answered.status = 418;
    CHECK(tests::api_document::differences(asked, answered).at(0).find("docs/api/parts") != std::string::npos);
}
