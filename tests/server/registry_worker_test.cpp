// SPDX-License-Identifier: EUPL-1.2
#include "model/dossier.hpp"
#include "model/sql.hpp"
#include "model/ticket.hpp"
#include "model/ticket_actions.hpp"
#include "server/registry_worker.hpp"
#include "tests/support/dossiers.hpp"
#include "tests/support/licence_registry.hpp"
#include "tests/support/samples.hpp"
#include "tests/support/temporary_database.hpp"

#include <catch2/catch.hpp>

using namespace relais;
using namespace relais::model;
using namespace std::chrono_literals;

namespace {

// A contact centre beside an agency: our base, its registry, and the worker between them, turned by hand.
struct centre {
    explicit centre(const server::registry_options& options)
        : asked(server::open_registry(options, *database, [this] { return now; })), worker(*database, *asked, [this] { return now; }) {}

    std::int64_t open(int number, const std::string& typed) {
        auto contact = tests::sample_contact(number);
        contact.dossier_number = contact.dossier_number_typed = typed;
        return database->write_now([&](soci::session& sql) { return tickets::open(sql, contact, tests::citizen_actor(), now).id; });
    }
    void import(const dossier_news& news) {
        std::vector all = {news};
        database->write_now([&](soci::session& sql) { dossiers::store(sql, all, now); });
    }
    ticket get(std::int64_t id) {
        return database->read_now([id](soci::session& sql) { return tickets::get(sql, id); });
    }
    std::vector<dossier_snapshot> snapshots(std::int64_t id) {
        return database->read_now([id](soci::session& sql) { return dossiers::snapshots_of_ticket(sql, id); });
    }
    std::int64_t waiting() {
        return database->read_now([](soci::session& sql) { return registry_lookups::count_waiting(sql); });
    }

    tests::temporary_database database;
    sys_seconds now = tests::monday;
    std::unique_ptr<server::registry> asked;
    server::registry_worker worker;
};

dossier_news zoe(const std::string& status) {
    auto out = tests::some_dossier("AG-2026-0007", "N'Diaye", "Zoé", "1991-00-00", "190300200777");
    out.values.status = status;
    return out;
}

} // namespace

TEST_CASE("a dossier that only the registry knows is linked after the contact, with the registry's state", "[registry_worker]") {
    tests::licence_registry agency;
    agency.put("AG-2026-0007", "190300200777", "NDIAYE", "ZOE", "1991-00-00", "SUPPLEMENT_REQUESTED");
    centre centre(agency.options());
    auto id = centre.open(1, "ag-2026-0007");
    CHECK(centre.get(id).dossier_link == "none");
    CHECK(centre.worker.turn() == 1);
    auto linked = centre.get(id);
    CHECK((linked.dossier_link == "linked" && linked.dossier_id && linked.version == 2));
    auto frozen = centre.snapshots(id);
    REQUIRE_FALSE(frozen.empty());
    CHECK((frozen.back().source == "registry" && frozen.back().status == "SUPPLEMENT_REQUESTED"));
    CHECK((centre.worker.turn() == 0 && centre.waiting() == 0));
}

TEST_CASE("the registry's newer state becomes the mirror's and a second snapshot; the first still shows the contact", "[registry_worker]") {
    tests::licence_registry agency;
    agency.put("AG-2026-0007", "190300200777", "NDIAYE", "ZOE", "1991-00-00", "ACCEPTED");
    centre centre(agency.options());
    centre.import(zoe("UNDER_ASSESSMENT"));
    auto id = centre.open(1, "AG-2026-0007");
    REQUIRE(centre.get(id).dossier_link == "linked");
    centre.now += 5s;
    CHECK(centre.worker.turn() == 1);
    auto frozen = centre.snapshots(id);
    REQUIRE(frozen.size() == 2);
    CHECK((frozen[0].source == "mirror" && frozen[0].status == "UNDER_ASSESSMENT" && frozen[0].taken_at == tests::monday));
    CHECK((frozen[1].source == "registry" && frozen[1].status == "ACCEPTED" && frozen[1].taken_at == tests::monday + 5s));
    auto held = centre.database->read_now([](soci::session& sql) { return dossiers::find_by_number(sql, "AG-2026-0007"); });
    CHECK((held->status == "ACCEPTED" && held->source == "registry"));
}

TEST_CASE("contacts made while the registry was down are attached by themselves when it is back", "[registry_worker]") {
    tests::licence_registry agency;
    agency.put("AG-2026-0007", "190300200777", "NDIAYE", "ZOE", "1991-00-00");
    agency.server.stop();
    centre centre(agency.options());
    std::vector<std::int64_t> ids;
    for (int i = 1; i <= 6; ++i) ids.push_back(centre.open(i, "AG-2026-0007"));
    for (int i = 0; i < 3; ++i) centre.worker.turn();
    CHECK(centre.waiting() == 6);
    for (auto id : ids) CHECK(centre.get(id).dossier_link == "none");
    agency.server.start();
    for (int i = 0; i < 60 && centre.waiting() > 0; ++i) {
        std::this_thread::sleep_for(100ms); // the breaker's probe
        centre.now += 10s;
        centre.worker.turn();
    }
    CHECK(centre.waiting() == 0);
    for (auto id : ids) CHECK(centre.get(id).dossier_link == "linked");
}

TEST_CASE("the worker's thread attaches a contact without being asked", "[registry_worker]") {
    tests::licence_registry agency;
    agency.put("AG-2026-0007", "190300200777", "NDIAYE", "ZOE", "1991-00-00");
    centre centre(agency.options());
    centre.worker.start();
    auto id = centre.open(1, "AG-2026-0007");
    centre.worker.wake();
    for (int i = 0; i < 100 && centre.get(id).dossier_link != "linked"; ++i) std::this_thread::sleep_for(50ms);
    CHECK(centre.get(id).dossier_link == "linked");
    centre.worker.stop();
}

TEST_CASE("homonyms in the registry are candidates, and somebody else's number links nobody", "[registry_worker]") {
    tests::licence_registry agency;
    agency.put("AG-2026-0007", "190300200777", "NDIAYE", "ZOE", "1991-00-00");
    agency.put("AG-2026-0008", "190300200778", "NDIAYE", "ZOE", "1991-00-00");
    agency.put("AG-2026-0009", "190300200779", "PETIT", "PAUL", "1955-03-02");
    centre centre(agency.options());
    auto homonym = centre.open(1, ""), other = centre.open(2, "AG-2026-0009");
    CHECK(centre.worker.turn() == 2);
    CHECK(centre.get(homonym).dossier_link == "several");
    CHECK((centre.get(other).dossier_link != "linked" && !centre.get(other).dossier_id));
}

TEST_CASE("what an agent has linked meanwhile is left alone", "[registry_worker]") {
    tests::licence_registry agency;
    agency.put("AG-2026-0007", "190300200777", "NDIAYE", "ZOE", "1991-00-00");
    centre centre(agency.options());
    centre.import(tests::some_dossier("AG-2026-0099", "Petit", "Paul", "1955-03-02"));
    auto id = centre.open(1, "AG-2026-0007");
    auto take = [&](soci::session& sql) { return registry_lookups::take(sql, 4, centre.now); };
    auto taken = centre.database->write_now(take);
    REQUIRE(taken.size() == 1);
    auto agent = [id](soci::session& sql) {
        sql::change(sql, "UPDATE ticket SET dossier_id = 1, dossier_link = 'linked' WHERE id = :id", id);
    };
    centre.database->write_now(agent);
    registry_news answer{registry_news::outcome::answered, {zoe("ACCEPTED")}, centre.now, {}, {}};
    CHECK_FALSE(
        centre.database->write_now([&](soci::session& sql) { return registry_lookups::finish(sql, taken[0], answer, centre.now); }));
    CHECK(centre.get(id).dossier_id == 1);
}

TEST_CASE("a look-up is taken by one worker, falls due again when that one dies, and only the last holder writes", "[registry_worker]") {
    centre centre(server::registry_options{});
    auto id = centre.open(1, "AG-2026-0007");
    auto take = [&] { return centre.database->write_now([&](soci::session& sql) { return registry_lookups::take(sql, 4, centre.now); }); };
    auto finish = [&](const registry_lookup& what) {
        registry_news answer{registry_news::outcome::answered, {zoe("ACCEPTED")}, centre.now, {}, {}};
        return centre.database->write_now([&](soci::session& sql) { return registry_lookups::finish(sql, what, answer, centre.now); });
    };
    auto stalled = take();
    REQUIRE(stalled.size() == 1);
    CHECK(take().empty());
    auto pass = [](soci::session& sql) {
        sql::change(sql, "UPDATE registry_lookup SET lease_until = lease_until - :lease", registry_lookups::lease_s);
    };
    centre.database->write_now(pass);
    auto second = take();
    REQUIRE(second.size() == 1);
    CHECK_FALSE(finish(stalled[0]));
    CHECK(centre.get(id).dossier_link == "none");
    CHECK(finish(second[0]));
    CHECK_FALSE(finish(second[0]));
    CHECK(centre.snapshots(id).size() == 1);
}

TEST_CASE("a ticket that waits for the citizen is linked too, and one that an agent has unlinked is not", "[registry_worker]") {
    tests::licence_registry agency;
    agency.put("AG-2026-0007", "190300200777", "NDIAYE", "ZOE", "1991-00-00");
    centre centre(agency.options());
    auto waiting = centre.open(1, "AG-2026-0007"), unlinked = centre.open(2, "AG-2026-0007");
    auto by_agent = [&](soci::session& sql) {
        sql::change(sql, "UPDATE ticket SET status = 'waiting', waiting_reason = 'citizen', is_active = 0 WHERE id = :id", waiting);
        auto on = tickets::get(sql, unlinked);
        tickets::link_dossier(sql, {on.reference, on.version, tests::agent_actor(), centre.now}, std::nullopt, "another person");
    };
    centre.database->write_now(by_agent);
    CHECK(centre.worker.turn() == 1);
    CHECK(centre.get(waiting).dossier_link == "linked");
    CHECK(centre.get(unlinked).dossier_link == "none");
}

TEST_CASE("without a registry, a dossier imported after the contact is attached all the same", "[registry_worker]") {
    centre centre(server::registry_options{});
    auto id = centre.open(1, "AG-2026-0007");
    CHECK(centre.worker.turn() == 1);
    CHECK((centre.get(id).dossier_link == "none" && centre.waiting() == 1));
    centre.import(zoe("UNDER_ASSESSMENT"));
    centre.now += 1h;
    CHECK(centre.worker.turn() == 1);
    CHECK((centre.get(id).dossier_link == "linked" && centre.waiting() == 0));
    CHECK(centre.snapshots(id).size() == 1);
}

TEST_CASE("a dossier that is nowhere is looked for four times, then left to the agent", "[registry_worker]") {
    centre centre(server::registry_options{});
    auto id = centre.open(1, "AG-2026-0007");
    int turns = 0;
    for (int hour = 0; hour < 24 * 5; ++hour, centre.now += 1h) turns += centre.worker.turn();
    CHECK(turns == 4);
    CHECK((centre.waiting() == 0 && centre.get(id).dossier_link == "none"));
}
