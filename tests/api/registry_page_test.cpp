// SPDX-License-Identifier: EUPL-1.2
#include "model/registry_health.hpp"
#include "model/registry_reading.hpp"
#include "tests/support/office.hpp"

#include <catch2/catch.hpp>

using namespace relais;
using tests::office;
using tests::program;

namespace {

// An administrator who looks at a registry that two nodes ask.
struct watched : office {
    watched() {
        admin.enter_as(ada);
        write([this](soci::session& sql) {
            model::registry_nodes::keep(sql, "one/1", health(false, 90, 4, {0, 90, 0}), app.now());
            model::registry_nodes::keep(sql, "two/1", health(true, 0, 6, {0, 8, 2}), app.now());
        });
    }
    template <class Visit> void write(Visit visit) { app.database().write_now(visit); }
    std::string health(bool is_open, int found, int unavailable, const std::vector<int>& histogram) const {
        nlohmann::json out = {{"is_breaker_open", is_open},
                              {"probe_s", 5},
                              {"cache_s", 300},
                              {"refresh_per_day", 20000},
                              {"refresh_hours", 6},
                              {"found", found},
                              {"not_found", 0},
                              {"several", is_open ? 10 : 0},
                              {"unreadable", 0},
                              {"cached", 10},
                              {"bounds_ms", {10, 50}},
                              {"histogram", histogram},
                              {"unavailable", unavailable},
                              {"last_success_at", model::seconds(app.now())},
                              {"last_failure_at", nullptr}};
        return out.dump();
    }
    std::int64_t ada = app.add_user("ada", "admin");
    tests::browser admin{app, "192.0.2.14"};
};

} // namespace

TEST_CASE("an administrator sees how the registry does on every node together, and nothing of anybody", "[registry_page]") {
    watched office;
    office.write([&](soci::session& sql) {
        model::registry_refusals::note(sql, "etat", "unknown", office.app.now());
        model::registry_refusals::note(sql, "etat", "unknown", office.app.now());
        model::registry_refusals::note(sql, "maj", "future", office.app.now());
    });
    program api(office.app, office.app.add_token("admin"));
    auto told = api.get("/api/v1/registry").data;
    CHECK(told["is_configured"] == true);
    REQUIRE(told["nodes"].size() == 2);
    CHECK(told["nodes"][0]["is_left_alone"] == false);
    CHECK(told["nodes"][1]["is_left_alone"] == true);
    const auto& hour = told["last_hour"];
    CHECK((hour["found"] == 90 && hour["several"] == 10 && hour["unavailable"] == 10 && hour["asked"] == 110));
    CHECK(hour["failure_percent"] == 9.1);
    CHECK(hour["cached"] == 20);
    CHECK(hour["cache_percent"] == 15.4);
    CHECK((hour["p50_ms"] == 50 && hour["p95_ms"] == 50));
    REQUIRE(told["refusals"].size() == 2);
    for (const auto& each : told["refusals"]) CHECK(each["times"] == (each["column"] == "etat" ? 2 : 1));

    CHECK(office.admin.get("/console/registre").status == 200);
    CHECK(office.app.html().find("Le registre ne répond pas. Relais le laisse tranquille et vérifie toutes les 5 secondes") !=
          std::string::npos);
    CHECK(office.app.html().find("code inconnu") != std::string::npos);
    CHECK(office.agent.get("/console/registre").status == 403);
    CHECK(program(office.app, office.app.add_token("supervisor")).get("/api/v1/registry").status == 403);
}

TEST_CASE("the page says how far the reading of dossiers is, and a node that is gone is not shown", "[registry_page]") {
    watched office;
    office.add_dossier("AG-2026-0001");
    office.write([&](soci::session& sql) {
        model::sql::change(sql, "UPDATE ticket SET dossier_id = 1");
        model::registry_readings::follow(sql, office.app.now());
    });
    program api(office.app, office.app.add_token("admin"));
    auto refresh = api.get("/api/v1/registry").data["refresh"];
    CHECK((refresh["dossiers"] == 1 && refresh["due"] == 0 && refresh["read_in_a_day"] == 0 && refresh["per_day"] == 20000));
    office.app.pass(std::chrono::hours(7));
    CHECK(api.get("/api/v1/registry").data["nodes"].empty());
    office.write([&](soci::session& sql) {
        model::registry_nodes::keep(sql, "one/1", office.health(false, 1, 0, {1, 0, 0}), office.app.now());
    });
    CHECK(api.get("/api/v1/registry").data["refresh"]["due"] == 1);
    office.write([](soci::session& sql) { model::registry_nodes::leave(sql, "one/1"); });
    office.admin.enter_as(office.ada); // the night has ended her session
    CHECK(office.admin.get("/console/registre").status == 200);
    CHECK(office.app.html().find("Aucun registre n’est configuré") != std::string::npos);
}
