// SPDX-License-Identifier: EUPL-1.2
#include "api/pages.hpp"
#include "model/figure.hpp"
#include "tests/support/sharing.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <fstream>

using namespace relais;
using namespace std::chrono_literals;
using tests::sharing;

TEST_CASE("figures are shown live, by period and by dimension, as the model counts them", "[shares][figures]") {
    sharing office;
    auto week = office.reader.get("/api/v1/figures?from=2026-11-23&to=2026-11-29&by=day");
    REQUIRE(week.data["rows"].size() == 7);
    CHECK(week.data["rows"][2]["received"] == 6);
    CHECK(week.data["rows"][3]["received"] == 0);
    // Too many rows are refused, and nothing is left out without a word.
    CHECK(office.reader.get("/api/v1/figures?from=2026-08-02&to=2026-11-29&by=day").data["rows"].size() == 120);
    auto refused = office.reader.get("/api/v1/figures?from=2026-08-01&to=2026-11-29&by=day");
    CHECK(refused.status == 422);
    CHECK(refused.data["errors"][0]["field"] == "from");
    CHECK(refused.data["errors"][0]["message"].get<std::string>().find("120") != std::string::npos);
    CHECK(office.reader.get("/api/v1/figures?from=2026-08-01&to=2026-11-29&by=week").status == 200);
    auto by = office.reader.get("/api/v1/figures?from=2026-11-23&to=2026-11-29&by=department");
    REQUIRE(by.data["rows"].size() == 1);
    CHECK(by.data["rows"][0]["key"] == "59");
    // What is open for long is known by dimension too.
    office.write([&](soci::session& sql) {
        model::sql::change(sql, "UPDATE ticket SET received_at = received_at - 2999000, updated_at = :now WHERE id <= 2", office.app.now());
    });
    office.run();
    for (auto each : {"department", "team", "procedure", "channel"}) {
        auto found = office.reader.get(std::string("/api/v1/figures?from=2026-11-23&to=2026-11-29&by=") + each);
        for (const auto& one : found.data["rows"][0]["figures"])
            if (one["id"] == "K20") CHECK(one["value"] == 2);
    }
    office.write([&](soci::session& sql) {
        model::sql::change(sql, "UPDATE ticket SET received_at = received_at + 2999000, updated_at = :now WHERE id <= 2", office.app.now());
    });
    office.run();
    for (auto each : {"week", "month", "team", "procedure", "channel"}) {
        auto found = office.reader.get(std::string("/api/v1/figures?from=2026-11-23&to=2026-11-29&by=") + each);
        std::int64_t sum = 0;
        for (const auto& row : found.data["rows"]) sum += row["received"].get<std::int64_t>();
        CHECK(sum == 6);
        CHECK(office.supervisor.get(std::string("/console/figures?from=2026-11-23&to=2026-11-29&by=") + each).status == 200);
    }
    CHECK(office.reader.get("/api/v1/figures?from=2026-11-23&to=2026-11-29&department=75").data["figures"].size() ==
          week.data["figures"].size());
    // A figure without a meaning for what was asked has no value, and the page says why.
    CHECK(office.supervisor.get("/console/figures?from=2026-11-23&to=2026-11-29&by=department").status == 200);
    auto page = office.app.html();
    CHECK(page.find("sans objet") != std::string::npos);
    CHECK(page.find("K1, K2, K3</strong> : Se détaille par équipe") != std::string::npos);
    CHECK(page.find("K16</strong> : De tout le centre seulement") != std::string::npos);
    CHECK(office.supervisor.get("/console/figures?from=2026-11-23&to=2026-11-29&by=week").status == 200);
    CHECK(office.app.html().find("sans objet") == std::string::npos);
    CHECK(office.reader.get("/api/v1/figures?from=2026-12-24&to=2026-11-29").status == 422);
    CHECK(office.reader.get("/api/v1/figures?by=colour").status == 422);
    // Small numbers are in it, which owners and agents are not told.
    CHECK(office.owner.get("/console/figures").status == 403);
    CHECK(office.robot.get("/api/v1/figures").status == 403);
}

TEST_CASE("the page of figures is narrowed by team, department, procedure and channel, and keeps what was chosen", "[figures]") {
    sharing office;
    auto team = office.write(
        [&](soci::session& sql) { return model::sql::insert(sql, "INSERT INTO team (code, name) VALUES ('echanges', 'Échanges')"); });
    auto shown = [&](const std::string& filters) {
        CHECK(office.supervisor.get("/console/figures?from=2026-11-23&to=2026-11-29&by=week" + filters).status == 200);
        return office.app.html();
    };
    auto chosen = [](const std::string& code) { return "<option value=\"" + code + "\" selected>"; };
    const auto whole = shown("");
    for (const char* name : {"team", "department", "procedure", "channel"}) {
        INFO(name);
        CHECK(whole.find("<label class=\"fr-label\" for=\"" + std::string(name) + "\">") != std::string::npos);
        CHECK(whole.find("<select class=\"fr-select\" id=\"" + std::string(name) + "\" name=\"" + name + "\">") != std::string::npos);
    }
    CHECK(whole.find("href=\"/console/figures/live\"") != std::string::npos);
    const auto number = std::to_string(team);
    const auto page = shown("&team=" + number + "&department=59&procedure=RENEWAL&channel=phone");
    for (const auto& code : {number, std::string("59"), std::string("RENEWAL"), std::string("phone")}) {
        INFO(code);
        CHECK(page.find(chosen(code)) != std::string::npos);
        CHECK(whole.find(chosen(code)) == std::string::npos);
    }
    CHECK(page.find("/console/figures/live?team=" + number + "&amp;department=59&amp;procedure=RENEWAL&amp;channel=phone\"") !=
          std::string::npos);
    // A team that is not there any more is shown as what was asked, and leads nowhere.
    const auto gone = shown("&team=999");
    CHECK(gone.find(chosen("999")) != std::string::npos);
    CHECK(gone.find("href=\"/console/figures/live\"") != std::string::npos);
    for (const char* wrong : {"team=abc", "department=ZZ", "procedure=none", "channel=pigeon"}) {
        INFO(wrong);
        auto refused = office.reader.get("/api/v1/figures?" + std::string(wrong));
        CHECK(refused.status == 422);
        CHECK(std::string(wrong).starts_with(refused.data["errors"][0]["field"].get<std::string>()));
        CHECK(office.supervisor.get("/console/figures?" + std::string(wrong)).status == 422);
    }
}

TEST_CASE("the page of figures and the documentation print one formula", "[shares][figures]") {
    api::pages pages(".");
    std::ifstream in("docs/chiffres.md");
    std::string text(std::istreambuf_iterator<char>{in}, {});
    for (const auto& each : model::figures::all()) {
        std::string key = "figure." + std::string(each.id);
        std::replace(key.begin() + 7, key.end(), '.', '_');
        INFO(each.id);
        CHECK(text.find(pages.texts().get("fr", key + ".formula")) != std::string::npos);
        CHECK(text.find("| " + std::string(each.id) + " |") != std::string::npos);
        auto scope = "figures.scope." + std::string(model::figures::name_of(model::figures::scope_of(each)));
        CHECK(text.find("| " + pages.texts().get("fr", scope) + " |") != std::string::npos);
    }
}
