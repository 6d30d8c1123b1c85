// SPDX-License-Identifier: EUPL-1.2
#include "tests/support/test_app.hpp"

#include <catch2/catch.hpp>

using namespace relais;

namespace {

nlohmann::json one_mail(std::string_view name) {
    nlohmann::json mail{
        {"name", "a.eml"},
        {"from", "Assistance <assistance@example.test>"},
        {"to", "zoe@example.test"},
        {"subject", "Accusé <b>"},
        {"sent_at", "2026-11-23T09:00:00Z"},
        {"sent", "23/11/2026 10:00"},
        {"lines", {{{"text", "Votre lien : "}, {"link", "/suivi/abc"}, {"label", "https://relais.example.test/suivi/abc"}}}}};
    if (name.empty()) return nlohmann::json::array({mail});
    return name == "a.eml" ? mail : nlohmann::json();
}

} // namespace

TEST_CASE("whoever tries the demonstration reads its mails and follows their links", "[kept_mails]") {
    tests::test_app app;
    app->demonstration = true;
    app->kept_mails = one_mail;
    tests::browser browser(app);
    CHECK(browser.get("/demo/courriels").status == 200);
    CHECK(app.html().find("href=\"/demo/courriels/a.eml\"") != std::string::npos);
    CHECK(app.html().find("Accusé <b>") == std::string::npos);
    CHECK(browser.get("/demo/courriels/a.eml").status == 200);
    CHECK(app.html().find("<a href=\"/suivi/abc\">https://relais.example.test/suivi/abc</a>") != std::string::npos);
    CHECK(browser.get("/demo/courriels/absent.eml").status == 404);
    app->kept_mails = [](std::string_view) { return nlohmann::json::array(); };
    CHECK(browser.get("/demo/courriels").status == 200);
}

TEST_CASE("outside the demonstration nobody reads mails that way", "[kept_mails]") {
    tests::test_app app;
    app->kept_mails = one_mail;
    tests::browser browser(app);
    CHECK(browser.get("/demo/courriels").status == 404);
    CHECK(browser.get("/demo/courriels/a.eml").status == 404);
}
