// SPDX-License-Identifier: EUPL-1.2
#include "model/checklist_step.hpp"

#include "model/error.hpp"
#include "model/ticket_version.hpp"
#include "tests/support/samples.hpp"
#include "tests/support/temporary_database.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <thread>

using namespace relais;
using namespace relais::model;
using tests::monday;

TEST_CASE("eight colleagues who tick the same step at once do it once, and nobody is refused", "[steps][race]") {
    tests::temporary_database database;
    auto reference = database->write_now(
        [](soci::session& sql) { return tickets::open(sql, tests::sample_contact(1), tests::citizen_actor(), monday).reference; });
    auto options = database.options();
    options.sessions = 8;
    auto server = options.is_mariadb() ? open_database(options) : nullptr;
    auto& shared = server ? *server : *database;
    std::atomic<int> refused = 0;
    auto tick = [&](int number) {
        try {
            shared.write_now([&](soci::session& sql) {
                auto on = tickets::hold(sql, reference);
                auto own = "own." + std::to_string(number);
                checklist_steps::set(sql, on, {{"same", own}, {}, {"same", own}}, {"staff", number, "Anne"}, monday);
            });
        } catch (const std::exception&) {
            ++refused;
        }
    };
    std::vector<std::thread> all;
    for (int i = 1; i <= 8; ++i) all.emplace_back(tick, i);
    for (auto& each : all) each.join();
    CHECK(refused == 0);
    auto on = database->read_now([&](soci::session& sql) { return tickets::get(sql, reference); });
    CHECK(database->read_now([&](soci::session& sql) { return checklist_steps::of(sql, on.id); }).size() == 9);
    CHECK(on.version == 1);
    database->write_now([&](soci::session& sql) { tickets::close(sql, {reference, 0, tests::agent_actor(), monday}, "no_dossier", ""); });
    CHECK_THROWS_AS(database->write_now([&](soci::session& sql) { tickets::hold(sql, reference); }), conflict);
    CHECK_THROWS_AS(database->write_now([&](soci::session& sql) { tickets::hold(sql, "26-0000-0000"); }), not_found);
}
