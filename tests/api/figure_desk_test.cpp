// SPDX-License-Identifier: EUPL-1.2
#include "model/figure_fact.hpp"
#include "tests/support/office.hpp"

#include <catch2/catch.hpp>

using namespace relais;
using tests::office;
using tests::program;

namespace {

// Three tickets of today: one of Anne's, answered; one of Paul's; one of nobody's, from elsewhere.
struct busy_office : office {
    busy_office() {
        supervisor.enter_as(app.add_user("sylvie", "supervisor"));
        owner.enter_as(app.add_user("olga", "owner"));
        set("assignee_id = " + std::to_string(anne) + ", first_reply_at = received_at + 60, team_id = 1");
        open(2, "", "paul@example.test");
        set("assignee_id = " + std::to_string(paul) + ", department = '59'");
        open(3, "", "x@example.test");
        app.database().write_now([](soci::session& sql) {
            model::sql::change(sql, "UPDATE outbox SET sent_at = created_at + 10, state = 'sent' WHERE kind = 'acknowledgement'");
        });
        app.pass(std::chrono::minutes(5));
        app.database().write_now([&](soci::session& sql) { model::figure_facts::rebuild_next(sql, 0, app.now()); });
    }
    // Changes the last ticket.
    void set(const std::string& what) {
        app.database().write_now([&](soci::session& sql) {
            auto last = *model::sql::first<std::int64_t>(sql, "SELECT MAX(id) FROM ticket");
            model::sql::change(sql, "UPDATE ticket SET " + what + " WHERE id = :id", last);
        });
    }
    tests::browser supervisor{app, "192.0.2.15"}, owner{app, "192.0.2.16"};
};

const nlohmann::json& figure_in(const nlohmann::json& list, const std::string& id) {
    for (const auto& each : list)
        if (each["id"] == id) return each;
    throw std::runtime_error("no " + id);
}

std::int64_t received(const nlohmann::json& told) {
    std::int64_t out = 0;
    for (const auto& each : told["hours"]) out += each["received"].get<std::int64_t>();
    return out;
}

} // namespace

TEST_CASE("a supervisor sees the day hour by hour and its week day by day, drawn and in tables, narrowed by the address", "[figure_desk]") {
    busy_office office;
    program api(office.app, office.app.add_token("supervisor"));
    auto told = api.get("/api/v1/figures/live").data;
    CHECK(told["day"] == "2026-11-25");
    CHECK(told["week"] == "2026-W48");
    CHECK(told["hours"].size() == 24);
    CHECK(told["days"].size() == 3); // Monday to today
    CHECK(received(told) == 3);
    CHECK(figure_in(told["today"], "K4")["value"] == 100.0);
    CHECK(figure_in(told["today"], "K5")["part"] == 1);
    CHECK(figure_in(told["this_week"], "K20")["value"] == 0.0);
    CHECK(received(api.get("/api/v1/figures/live?department=59").data) == 1);
    CHECK(received(api.get("/api/v1/figures/live?team=1").data) == 1);
    CHECK(received(api.get("/api/v1/figures/live?channel=letter").data) == 0);
    CHECK(received(api.get("/api/v1/figures/live?procedure=REGISTRATION").data) == 3);
    CHECK(received(api.get("/api/v1/figures/live?day=2026-11-24").data) == 0);
    CHECK(api.get("/api/v1/figures/live?department=00").status == 422);
    CHECK(api.get("/api/v1/figures/live?team=x").status == 422);
    CHECK(api.get("/api/v1/figures/live?day=hier").status == 422);

    CHECK(office.supervisor.get("/console/figures/live?department=59&day=2026-11-25").status == 200);
    const auto& html = office.app.html();
    CHECK(html.find("<option value=\"59\" selected>") != std::string::npos);
    CHECK(html.find("class=\"relais-chart\"") != std::string::npos);
    CHECK(html.find("data-live=\"ticket\"") != std::string::npos);
    CHECK(html.find("data-live-every") == std::string::npos); // by the stream alone
    // Each figure is drawn, alone: by hours and by days.
    for (const auto* id : {"K4", "K5", "K6", "K7", "K8", "K9", "K18", "K20"}) {
        INFO(id);
        auto begins = html.find("<section class=\"relais-charts__one\" aria-label=\"" + std::string(id) + " ");
        REQUIRE(begins != std::string::npos);
        auto one = html.substr(begins, html.find("</section>", begins) - begins);
        std::size_t drawn = 0;
        for (auto at = one.find("<svg"); at != std::string::npos; at = one.find("<svg", at + 1)) ++drawn;
        CHECK(drawn == 2);
    }
    CHECK(html.find("relais-chart__bar relais-chart__answered", html.find("relais-charts__one")) != std::string::npos);
    CHECK(office.agent.get("/console/figures/live").status == 403);
    CHECK(office.owner.get("/console/figures/live").status == 403);
}

TEST_CASE("old requests are counted hour by hour: those that became old, less those that ended", "[figure_desk]") {
    busy_office office;
    program api(office.app, office.app.add_token("supervisor"));
    auto at = [&](int hour) { return model::seconds(office.app.now()) / 86'400 * 86'400 + (hour - 1) * 3600; }; // in Paris, in winter
    constexpr std::int64_t month = 30 * 86'400;
    office.app.database().write_now([&](soci::session& sql) {
        auto turn = [&](int ticket, std::int64_t received, std::optional<std::int64_t> closed) {
            model::sql::change(sql, "UPDATE ticket SET received_at = :received, status = :status, closed_at = :closed WHERE id = :id",
                               received, closed ? "closed" : "open", closed, ticket);
        };
        turn(1, at(0) - month - 5000, at(5) + 10); // old before the day, ended at five
        turn(2, at(3) - month + 100, {});          // old at three
        turn(3, at(4) - month + 100, at(4) + 50);  // ended before it was old
        model::figure_facts::rebuild_next(sql, 0, office.app.now());
    });
    auto hours = api.get("/api/v1/figures/live").data["hours"];
    auto old = [&](std::size_t hour) { return hours[hour]["old"]; };
    CHECK(old(0) == 1);
    CHECK(old(2) == 1);
    CHECK(old(3) == 2);
    CHECK(old(4) == 2);
    CHECK(old(5) == 1);
    CHECK(old(23) == nullptr); // to come
    auto today = api.get("/api/v1/figures/live").data["today"];
    CHECK(figure_in(today, "K20")["value"] == 1.0);
    CHECK(api.get("/api/v1/figures/live?department=59").data["hours"][3]["old"] == 1); // ticket 2 alone
}

TEST_CASE("an agent sees the figures of their own tickets and of nobody else's; a supervisor those of anybody", "[figure_desk]") {
    busy_office office;
    auto of = [](std::int64_t user) { return "/console/figures/agents/" + std::to_string(user); };
    auto own = office.agent.get("/console/figures/mine");
    CHECK(own.status == 200);
    CHECK(received(own.data) == 1);
    CHECK(own.data["agent"]["id"] == office.anne);
    CHECK(office.agent.get(of(office.anne)).status == 200);
    CHECK(office.agent.get(of(office.paul)).status == 403);
    CHECK(office.colleague.get(of(office.anne)).status == 403);
    CHECK(office.agent.get(of(9999)).status == 403); // whether there is such a colleague is not told
    CHECK(office.supervisor.get(of(office.paul)).status == 200);
    CHECK(office.supervisor.get(of(9999)).status == 404);
    // A filter narrows one's own, and the address changes nothing of whose.
    CHECK(received(office.agent.get("/console/figures/mine?department=59").data) == 0);
    CHECK(received(office.agent.get("/console/figures/mine?agent=" + std::to_string(office.paul)).data) == 1);
    CHECK(office.agent.get("/console/figures/mine?agent=" + std::to_string(office.paul)).data["agent"]["id"] == office.anne);
    CHECK(office.owner.get("/console/figures/mine").status == 403);

    program supervising(office.app, office.app.add_token("supervisor"));
    CHECK(received(supervising.get("/api/v1/figures/agents/" + std::to_string(office.paul)).data) == 1);
    CHECK(supervising.get("/api/v1/figures/agents/9999").status == 404);
    CHECK(supervising.get("/api/v1/figures/agents/" + std::to_string(office.paul) + "?day=hier").status == 422);
    program answering(office.app, office.app.add_token("agent")); // a program is nobody's colleague, whatever its number
    for (auto user : {office.anne, office.paul, std::int64_t{1}})
        CHECK(answering.get("/api/v1/figures/agents/" + std::to_string(user)).status == 403);
}
