// SPDX-License-Identifier: EUPL-1.2
#include "model/rule_job.hpp"
#include "tests/support/office.hpp"

#include "model/callback_rules.hpp"

#include <catch2/catch.hpp>

using namespace relais;
using nlohmann::json;

namespace {

struct rule_desk : tests::office {
    tests::browser chief{app}, admin{app, "192.0.2.12"};
    model::rule_job job{app.database(), app.settings().callback->book().centre, "node-1"};

    rule_desk() {
        chief.enter_as(app.add_user("chief", "supervisor"));
        admin.enter_as(app.add_user("root", "admin"));
        app.database().write_now(
            [](soci::session& sql) { model::sql::change(sql, "INSERT INTO team (code, name) VALUES ('nord', 'Équipe nord')"); });
        run();
    }
    void run() {
        while (job.step(app.now())) {
        }
    }
    static std::map<std::string, std::string, std::less<>> form() {
        return {{"title", "Photo : équipe nord"},
                {"event", "opened"},
                {"is_on", "1"},
                {"words", "date de naissance, photo refusée"},
                {"procedures[]", "REGISTRATION\nLOSS"},
                {"departments", "974, 69"},
                {"set_team", "nord"},
                {"note", "À regarder"},
                {"alert", "1"}};
    }
    std::string add() {
        chief.get("/console/rules/new");
        auto answer = chief.post("/console/rules", form());
        REQUIRE(answer.status == 303);
        auto to = tests::header_of(answer, "Location");
        return to.substr(0, to.find('?'));
    }
};

} // namespace

TEST_CASE("a supervisor writes a rule, tries it, and sees what it did", "[rule]") {
    rule_desk desk;
    desk.chief.get("/console/rules/new");
    auto tried = desk.chief.post("/console/rules/trial", rule_desk::form());
    REQUIRE(tried.status == 200);
    CHECK(tried.data["trial"]["tickets"] == 1);
    CHECK(tried.data["trial"]["touched"][0]["ticket"] == desk.reference);
    CHECK(desk.app.html().find("Cette règle aurait touché 1 demande.") != std::string::npos);
    CHECK(desk.app.html().find("Confiée à l’équipe Équipe nord") != std::string::npos);
    CHECK(desk.app.html().find("value=\"Photo : équipe nord\"") != std::string::npos); // nothing typed is lost
    CHECK(desk.count("rule") == 0);

    auto address = desk.add();
    CHECK(desk.chief.get(address).data["firings"].empty());
    desk.app.pass(std::chrono::seconds(60));
    auto reference = desk.open(2);
    desk.run();
    auto shown = desk.chief.get(address);
    REQUIRE(shown.data["firings"].size() == 1);
    CHECK(shown.data["firings"][0]["ticket"] == reference);
    CHECK(shown.data["fired"] == 1);
    desk.agent.get("/console/tickets/" + reference);
    CHECK(desk.app.html().find("Équipe nord") != std::string::npos); // in its history, by the rule
    CHECK(desk.app.html().find("Photo : équipe nord") != std::string::npos);
    desk.chief.get("/console/alertes");
    CHECK(desk.app.html().find("vous signale cette demande.") != std::string::npos);
}

TEST_CASE("a rule's mistakes stand beside their fields, and nothing typed is lost", "[rule]") {
    rule_desk desk;
    desk.chief.get("/console/rules/new");
    auto wrong = rule_desk::form();
    wrong["title"] = "", wrong["event"] = "waited", wrong["after_hours"] = "deux", wrong["departments"] = "974 999";
    for (const auto* address : {"/console/rules", "/console/rules/trial"}) {
        auto answer = desk.chief.post(address, wrong);
        CHECK(answer.status == 422);
        CHECK(answer.data["fault"]["title"] == "Donnez un titre à la règle.");
        CHECK(answer.data["fault"]["departments"].get<std::string>().find("999") != std::string::npos);
        CHECK(answer.data["fault"].contains("after_hours"));
        CHECK(desk.app.html().find("id=\"title-fault\"") != std::string::npos);
        CHECK(desk.app.html().find("value=\"974 999\"") != std::string::npos);
    }
    auto empty = rule_desk::form();
    empty["set_team"] = empty["note"] = "", empty.erase("alert");
    CHECK(desk.chief.post("/console/rules", empty).data["fault"].contains("actions"));
    CHECK(desk.count("rule") == 0);
}

TEST_CASE("rules are switched, moved, changed and removed from their pages", "[rule]") {
    rule_desk desk;
    auto first = desk.add(), second = desk.add();
    CHECK(desk.chief.get("/console/rules").data["items"].size() == 2);
    CHECK(desk.admin.post(second + "/position", {{"direction", "up"}}).status == 409); // of no list
    CHECK(desk.admin.post(second + "/position", {{"direction", "up"}, {"version", "1"}}).status == 303);
    CHECK(desk.admin.post(second + "/position", {{"direction", "sideways"}}).status == 422);
    auto listed = desk.admin.get("/console/rules");
    CHECK("/console/rules/" + std::to_string(listed.data["items"][0]["id"].get<int>()) == second);
    CHECK(desk.admin.post(first + "/activation", {{"version", "1"}}).status == 303);
    CHECK(desk.admin.post(first + "/activation", {{"on", "1"}, {"version", "1"}}).status == 409); // switched by a colleague
    CHECK(desk.admin.get(first).data["is_on"] == false);
    CHECK(desk.app.html().find("<form method=\"post\" action=\"" + first + "\"") ==
          std::string::npos); // who reads no tickets writes no rule
    desk.chief.get(first);
    auto changed = rule_desk::form();
    changed["title"] = "Autre titre", changed["version"] = "2";
    CHECK(desk.chief.post(first, changed).status == 303);
    CHECK(desk.chief.post(first, changed).status == 409); // a colleague was first
    CHECK(desk.admin.post(first + "/removal", {{"version", "3"}}).status == 303);
    CHECK(desk.admin.get(first).status == 404);
}

TEST_CASE("rules are not for those who treat tickets, nor for administrators to write", "[rule]") {
    rule_desk desk;
    auto address = desk.add();
    for (auto* each : {&desk.agent, &desk.colleague}) {
        CHECK(each->get("/console/rules").status == 403);
        CHECK(each->post("/console/rules/trial", rule_desk::form()).status == 403);
        CHECK(each->post(address + "/activation", {}).status == 403);
    }
    CHECK(desk.admin.post("/console/rules", rule_desk::form()).status == 403);
    CHECK(desk.admin.post("/console/rules/trial", rule_desk::form()).status == 403);
    CHECK(desk.admin.post(address, rule_desk::form()).status == 403);
}

TEST_CASE("programs write, try, switch, move and remove rules", "[rule]") {
    rule_desk desk;
    tests::program chief(desk.app, desk.app.add_token("supervisor"));
    json what = {{"title", "Nord"}, {"event", "opened"}, {"words", {"date de naissance"}}, {"set_team", "nord"}, {"is_on", true}};
    auto tried = chief.post("/api/v1/rules/trial", what);
    CHECK(tried.status == 200);
    CHECK(tried.data["tickets"] == 1);
    auto added = chief.post("/api/v1/rules", what);
    REQUIRE(added.status == 201);
    auto path = "/api/v1/rules/" + std::to_string(added.data["id"].get<int>());
    CHECK(chief.get(path).data["set_team"] == "nord");
    CHECK(chief.get("/api/v1/rules").data["items"].size() == 1);
    what["id"] = added.data["id"];
    CHECK(chief.post("/api/v1/rules/trial", what).status == 200);
    CHECK(chief.post("/api/v1/rules", what).status == 422); // nobody chooses a number
    what.erase("id");
    what["title"] = "Nord encore";
    CHECK(chief.post(path, what, {{"if-match", "\"9\""}}).status == 412);
    CHECK(chief.post(path, what, {{"if-match", "\"1\""}}).data["title"] == "Nord encore");
    CHECK(chief.post(path + "/activation", {{"on", false}}).data["is_on"] == false);
    CHECK(chief.post(path + "/position", {{"direction", "up"}}).status == 200);
    auto wrong = chief.post("/api/v1/rules", {{"title", ""}, {"event", "opened"}, {"clocks", {"never"}}});
    CHECK(wrong.status == 422);
    CHECK(wrong.data["errors"].size() == 3);
    CHECK(chief.post(path, {{"title", ""}, {"event", "opened"}}).status == 422);
    CHECK(chief.post(path + "/activation", {{"on", json::array()}}).status == 422);
    CHECK(chief.post("/api/v1/rules/9999/position", {{"direction", "up"}}).status == 404);
    what["id"] = 9999;
    CHECK(chief.post("/api/v1/rules/trial", what).status == 404);
    CHECK(chief.remove(path).status == 200);
    CHECK(chief.get(path).status == 404);
}

TEST_CASE("a program that saw an older version of a rule changes nothing of it", "[rule]") {
    rule_desk desk;
    tests::program chief(desk.app, desk.app.add_token("supervisor"));
    json what = {{"title", "Nord"}, {"event", "opened"}, {"set_team", "nord"}};
    chief.post("/api/v1/rules", what);
    auto added = chief.post("/api/v1/rules", what);
    auto path = "/api/v1/rules/" + std::to_string(added.data["id"].get<int>());
    auto etag = [&](const api::reply& of) { return tests::header_of(of, "ETag"); };
    CHECK(etag(added) == "\"1\"");
    CHECK(etag(chief.get(path)) == "\"1\"");
    CHECK(etag(chief.post(path, what, {{"if-match", "\"1\""}})) == "\"2\"");
    std::map<std::string, std::string, std::less<>> old = {{"if-match", "\"1\""}};
    CHECK(chief.post(path + "/activation", {{"on", false}}, old).status == 412);
    CHECK(chief.post(path + "/position", {{"direction", "up"}}, old).status == 412);
    CHECK(chief.remove(path, old).status == 412);
    CHECK(etag(chief.post(path + "/position", {{"direction", "up"}}, {{"if-match", "\"2\""}})) == "\"3\"");
    CHECK(chief.post(path + "/position", {{"direction", "down"}}, {{"if-match", "\"2\""}}).status == 412);
    CHECK(etag(chief.post(path + "/activation", {{"on", false}}, {{"if-match", "\"3\""}})) == "\"4\"");
    CHECK(chief.remove(path, {{"if-match", "\"4\""}}).status == 200);
    CHECK(chief.post(path + "/activation", {{"on", true}}, {{"if-match", "\"4\""}}).status == 404);
}

TEST_CASE("there are no more rules than people can oversee", "[rule]") {
    rule_desk desk;
    tests::program chief(desk.app, desk.app.add_token("supervisor", 0));
    json what = {{"title", "Nord"}, {"event", "opened"}, {"set_team", "nord"}};
    for (std::size_t i = 0; i < model::rules::count_limit; ++i) REQUIRE(chief.post("/api/v1/rules", what).status == 201);
    CHECK(chief.post("/api/v1/rules", what).status == 409);
    CHECK(desk.count("rule") == model::rules::count_limit);
}
