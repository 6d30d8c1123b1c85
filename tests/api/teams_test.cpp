// SPDX-License-Identifier: EUPL-1.2
#include "tests/support/office.hpp"

#include <catch2/catch.hpp>

using namespace relais;
using tests::office;
using tests::program;

namespace {

struct led_office : office {
    led_office() { supervisor.enter_as(app.add_user("sylvie", "supervisor")); }
    std::int64_t team_of(std::int64_t user) {
        return app.database().read_now([user](soci::session& sql) {
            return *model::sql::first<std::int64_t>(sql, "SELECT COALESCE(team_id, 0) FROM user_account WHERE id = :id", user);
        });
    }
    // Of the page as it is now.
    std::map<std::string, std::string, std::less<>> move(std::int64_t user, const std::string& team) {
        auto version = app.database().read_now([user](soci::session& sql) {
            return model::sql::first<std::int64_t>(sql, "SELECT version FROM user_account WHERE id = :id", user).value_or(1);
        });
        return {{"user", std::to_string(user)}, {"team", team}, {"version", std::to_string(version)}};
    }
    tests::browser supervisor{app, "192.0.2.17"};
};

} // namespace

TEST_CASE("a supervisor makes a team and puts an agent in it, and out of it again", "[teams]") {
    led_office office;
    REQUIRE(office.supervisor.get("/console/equipes").status == 200);
    auto figures = "/console/figures/agents/" + std::to_string(office.anne); // each name leads to that colleague's figures
    CHECK(office.app.html().find("href=\"" + figures + "\"") != std::string::npos);
    CHECK(office.supervisor.get(figures).status == 200);
    tests::browser admin{office.app, "192.0.2.18"};
    admin.enter_as(office.app.add_user("adele", "admin"));
    CHECK(admin.get("/console/equipes").status == 200);
    CHECK(office.app.html().find(figures) == std::string::npos);
    office.supervisor.get("/console/equipes");
    CHECK(office.supervisor.post("/console/equipes", {{"name", "Équipe du soir"}}).status == 303);
    CHECK(office.count("team WHERE code = 'equipe-du-soir'") == 1);
    CHECK(office.supervisor.post("/console/equipes", {{"name", "équipe du soir"}}).status == 422); // the same name, to people
    CHECK(office.supervisor.post("/console/equipes", {{"name", " "}}).status == 422);
    CHECK(office.count("team") == 1);
    auto team =
        office.app.database().read_now([](soci::session& sql) { return *model::sql::first<std::int64_t>(sql, "SELECT id FROM team"); });

    office.supervisor.get("/console/equipes");
    CHECK(office.supervisor.post("/console/equipes/membres", office.move(office.anne, std::to_string(team))).status == 303);
    CHECK(office.team_of(office.anne) == team);
    CHECK(office.count("event WHERE action = 'team.joined' AND object_kind = 'user'") == 1);
    office.supervisor.post("/console/equipes/membres", office.move(office.anne, std::to_string(team)));
    CHECK(office.count("event WHERE action = 'team.joined'") == 1); // the same again is nothing
    CHECK(office.supervisor.get("/console/equipes?done=1").data["teams"][0]["members"] == 1);
    CHECK(office.supervisor.post("/console/equipes/membres", office.move(office.anne, "")).status == 303);
    CHECK(office.team_of(office.anne) == 0);
}

TEST_CASE("nobody is put in a team that does not exist, nor somebody who treats no tickets, nor by an agent", "[teams]") {
    led_office office;
    auto olga = office.app.add_user("olga", "owner");
    office.supervisor.get("/console/equipes");
    office.supervisor.post("/console/equipes", {{"name", "Paris"}});
    office.supervisor.get("/console/equipes");
    CHECK(office.supervisor.post("/console/equipes/membres", office.move(office.anne, "99")).status == 422);
    CHECK(office.supervisor.post("/console/equipes/membres", office.move(office.anne, "x")).status == 422);
    CHECK(office.supervisor.post("/console/equipes/membres", office.move(olga, "1")).status == 404);
    CHECK(office.supervisor.post("/console/equipes/membres", office.move(9999, "1")).status == 404);
    CHECK(office.team_of(office.anne) == 0);
    CHECK(office.agent.get("/console/equipes").status == 403);
    office.agent.get("/console/tickets");
    CHECK(office.agent.post("/console/equipes/membres", office.move(office.anne, "1")).status == 403);
}

TEST_CASE("a program sees the teams and changes them, with the same answer for the same key", "[teams]") {
    led_office office;
    program api(office.app, office.app.add_token("supervisor"));
    auto made = api.post("/api/v1/teams", {{"name", "Lyon"}}, {{"idempotency-key", "team-0001-team-0001"}});
    REQUIRE(made.status == 200);
    auto id = made.data["teams"][0]["id"].get<std::int64_t>();
    CHECK(api.post("/api/v1/teams", {{"name", "Lyon"}}, {{"idempotency-key", "team-0001-team-0001"}}).data == made.data);
    CHECK(api.post("/api/v1/teams", {{"name", "Lyon"}}).status == 422);
    CHECK(api.post("/api/v1/teams/members", {{"user", office.anne}, {"team", id}}).status == 200);
    CHECK(api.post("/api/v1/teams/members", {{"user", office.paul}, {"team", nullptr}}).status == 200);
    CHECK(api.post("/api/v1/teams/members", {{"user", 9999}, {"team", id}}).status == 404);
    CHECK(api.post("/api/v1/teams/members", {{"user", office.anne}, {"team", nlohmann::json::array()}}).status == 422);
    CHECK(office.team_of(office.anne) == id);
    CHECK(api.get("/api/v1/teams").data["teams"][0]["members"] == 1);
}

TEST_CASE("a colleague whom somebody moved meanwhile is not moved again unseen", "[teams]") {
    led_office office;
    program api(office.app, office.app.add_token("supervisor"));
    auto lyon = api.post("/api/v1/teams", {{"name", "Lyon"}}).data["teams"][0]["id"].get<std::int64_t>();
    api.post("/api/v1/teams", {{"name", "Paris"}});
    auto seen = office.move(office.anne, "");
    auto etag = "\"" + seen["version"] + "\"";
    nlohmann::json move = {{"user", office.anne}, {"team", lyon}};
    auto moved = api.post("/api/v1/teams/members", move, {{"if-match", etag}});
    REQUIRE(moved.status == 200);
    CHECK(tests::header_of(moved, "ETag") == "\"" + std::to_string(std::stoi(seen["version"]) + 1) + "\"");
    move["team"] = nullptr;
    CHECK(api.post("/api/v1/teams/members", move, {{"if-match", etag}}).status == 412);
    office.supervisor.get("/console/equipes");
    seen["team"] = std::to_string(lyon + 1);
    CHECK(office.supervisor.post("/console/equipes/membres", seen).status == 409);
    CHECK(office.app.html().find("Équipe actuelle\u00a0: Lyon") != std::string::npos);
    CHECK(office.app.html().find("<option value=\"" + seen["team"] + "\" selected>") != std::string::npos);
    CHECK(office.team_of(office.anne) == lyon);
    CHECK(office.supervisor.post("/console/equipes/membres", office.move(office.anne, seen["team"])).status == 303);
    CHECK(office.team_of(office.anne) == lyon + 1);
}
