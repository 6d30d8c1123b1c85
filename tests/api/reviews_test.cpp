// SPDX-License-Identifier: EUPL-1.2
#include "model/figure_fact.hpp"
#include "model/review_grid.hpp"
#include "tests/support/office.hpp"

#include <catch2/catch.hpp>

using namespace relais;
using namespace std::chrono_literals;
using tests::program;

namespace {

// Six tickets answered and closed, a week ago.
struct read_again : tests::office {
    tests::browser supervisor{app, "192.0.2.15"};
    std::string address = "/console/reviews/" + reference;

    read_again() {
        for (int i = 2; i < 7; ++i) open(i);
        app.database().write_now([&](soci::session& sql) {
            model::sql::change(sql, "UPDATE ticket SET status = 'closed', is_active = 0, first_reply_at = :at, closed_at = :end", app.now(),
                               app.now());
        });
        app.pass(24h * 7);
        app.database().write_now([&](soci::session& sql) { model::figure_facts::rebuild_next(sql, 0, app.now()); });
        supervisor.enter_as(app.add_user("sylvie", "supervisor"));
        agent.enter_as(anne);
    }
    static std::map<std::string, std::string, std::less<>> grid(const std::string& answer, std::string_view of = "reply") {
        std::map<std::string, std::string, std::less<>> out;
        for (auto each : model::review_grids::get(of).criteria) out.emplace(each, answer);
        return out;
    }
};

} // namespace

TEST_CASE("a supervisor reads the sample of the week, fills in a grid, and K19 has a value", "[reviews]") {
    read_again office;
    auto list = office.supervisor.get("/console/reviews");
    CHECK(list.status == 200);
    CHECK(list.data["week"] == "2026-W48");
    CHECK(list.data["sample"].size() == 6);
    CHECK(office.app.html().find(office.address) != std::string::npos);
    CHECK(office.supervisor.get(office.address).data["questions"].size() == 14);
    auto given = office.grid("yes");
    given["spelling"] = "no", given["documents"] = "none", given["remark"] = "Deux fautes.";
    auto partly = given;
    partly.erase("correct");
    auto refused = office.supervisor.post(office.address, partly);
    CHECK(refused.status == 422);
    CHECK(office.app.html().find("href=\"#correct\"") != std::string::npos);
    CHECK(office.app.html().find("id=\"spelling-no\" name=\"spelling\" value=\"no\" required checked") != std::string::npos); // kept
    CHECK(office.count("quality_review") == 0);
    CHECK(office.supervisor.post(office.address, given).status == 303);
    auto shown = office.supervisor.get(office.address);
    REQUIRE(shown.data["reviews"].size() == 1);
    CHECK(shown.data["reviews"][0]["mark_shown"] == "18,5");
    CHECK(shown.data["can_review"] == false);
    CHECK(office.app.html().find("Deux fautes.") != std::string::npos);
    CHECK(office.supervisor.post(office.address, given).status == 409);
    auto figures = office.supervisor.get("/console/figures?from=2026-11-30&to=2026-12-06&by=department");
    CHECK(office.app.html().find("18,5/20") != std::string::npos);
    office.supervisor.get("/console/reviews");
    CHECK(office.app.html().find("18,5/20") != std::string::npos);
    CHECK(office.supervisor.get("/console/reviews?week=2026-W47").data["sample"].empty());
    CHECK(office.supervisor.get("/console/reviews?week=2026-W60").status == 422);
    for (const auto& address : {std::string("/console/reviews"), office.address}) CHECK(office.agent.get(address).status == 403);
    CHECK(office.agent.post(office.address, given).status == 403);
    CHECK(office.supervisor.get("/console/reviews/26-ZZZZ-ZZZZ").status == 404);
}

TEST_CASE("programs read the sample, review once a key and are told what is wrong", "[reviews]") {
    read_again office;
    program api(office.app, office.app.add_token("supervisor"));
    auto sample = api.get("/api/v1/reviews").data;
    REQUIRE(sample["sample"].size() == 6);
    auto address = "/api/v1/reviews/" + sample["sample"][0]["reference"].get<std::string>();
    CHECK(api.get(address).data["criteria"].size() == 14);
    nlohmann::json what;
    for (const auto& [name, answer] : office.grid("no")) what[name] = answer;
    auto made = api.post(address, what, {{"idempotency-key", "k1"}});
    CHECK(made.status == 201);
    CHECK(made.data["mark"] == 0);
    CHECK(made.data["is_alert"] == true);
    CHECK(api.post(address, what, {{"idempotency-key", "k1"}}).data == made.data);
    CHECK(api.post(address, what).status == 409);
    auto other = "/api/v1/reviews/" + sample["sample"][1]["reference"].get<std::string>();
    what.erase("greeting"), what["correct"] = "perhaps";
    CHECK(api.post(other, what).data["errors"].size() == 2);
    what["colour"] = "blue";
    CHECK(api.post(other, what).status == 422);
    CHECK(api.get("/api/v1/reviews").data["reviews"].size() == 1);
    CHECK(api.get("/api/v1/reviews?week=2026-W60").status == 422);
    // A call has its own fifteen.
    office.app.database().write_now([&](soci::session& sql) { model::sql::change(sql, "UPDATE ticket SET channel = 'phone'"); });
    nlohmann::json call;
    for (const auto& [name, answer] : office.grid("yes", "call")) call[name] = answer;
    CHECK(api.post(other, call).data["asked"] == 15);
    CHECK(program(office.app, office.app.add_token("agent")).get("/api/v1/reviews").status == 403);
}
