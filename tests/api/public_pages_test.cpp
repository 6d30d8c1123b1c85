// SPDX-License-Identifier: EUPL-1.2
#include "tests/support/test_app.hpp"

#include <catch2/catch.hpp>

using namespace relais;
using namespace relais::tests;

TEST_CASE("every public page is shown in both languages, each with the compulsory links", "[pages]") {
    test_app app;
    browser person(app);
    for (const std::string language : {"fr", "en"})
        for (const std::string path :
             {"/", "/aide", "/aide/numero-neph", "/accessibilite", "/donnees-personnelles", "/mentions-legales", "/contact", "/suivi"}) {
            INFO(language << path);
            CHECK(person.get(path + "?lang=" + language).status == 200);
            CHECK(app.html().find("<html lang=\"" + language + "\">") != std::string::npos);
            for (const auto* link :
                 {"href=\"/accessibilite\"", "href=\"/donnees-personnelles\"", "href=\"/mentions-legales\"", "href=\"#content\""})
                CHECK(app.html().find(link) != std::string::npos);
        }
}

TEST_CASE("a fresh installation says that it is not compliant, until an audit says otherwise", "[pages]") {
    test_app app;
    browser person(app);
    person.get("/accessibilite");
    CHECK(app.html().find("<strong>non conforme</strong>") != std::string::npos);
    app.settings().accessibility_state = "partiellement conforme";
    person.get("/accessibilite");
    CHECK(app.html().find("<strong>partiellement conforme</strong>") != std::string::npos);
}

TEST_CASE("the help is searched without accents, and says when it has nothing", "[pages]") {
    test_app app;
    browser person(app);
    auto found = person.get("/aide?q=NUMERO%20neph");
    REQUIRE(found.data["count"] >= 1);
    CHECK(found.data["articles"][0]["slug"] == "numero-neph");
    CHECK(person.get("/aide?q=zyzomys").data["is_empty"].get<bool>());
    CHECK(person.get("/aide?q=paragraphs").data["is_empty"].get<bool>()); // how an article is kept is not what it says
    CHECK(person.get("/aide?q=%3Cscript%3E").status == 200);
    CHECK(app.html().find("<script>") == std::string::npos);
}

TEST_CASE("a page that does not exist says so, in the person's language", "[pages]") {
    test_app app;
    browser person(app);
    CHECK(person.get("/nulle-part").status == 404);
    CHECK(app.html().find("Page introuvable") != std::string::npos);
    CHECK(person.get("/aide/nulle-part").status == 404);
}

TEST_CASE("the demonstration says so on every page, and only it", "[pages]") {
    test_app app;
    browser person(app);
    person.get("/");
    CHECK(app.html().find("/demo/courriels") == std::string::npos);
    app->demonstration = true;
    person.get("/");
    CHECK(app.html().find("/demo/courriels") != std::string::npos);
}

TEST_CASE("the State's identity is shown only when it is configured and built", "[pages]") {
    test_app app;
    browser person(app);
    person.get("/");
    CHECK(app.html().find("République<br>Française") == std::string::npos);
}
