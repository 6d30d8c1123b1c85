// SPDX-License-Identifier: EUPL-1.2
#include "model/dossier_timeline.hpp"
#include "model/lease_clock.hpp"
#include "model/registry_health.hpp"
#include "model/sql.hpp"
#include "model/ticket.hpp"
#include "server/registry_refresher.hpp"
#include "tests/support/dossiers.hpp"
#include "tests/support/licence_registry.hpp"
#include "tests/support/samples.hpp"
#include "tests/support/temporary_database.hpp"

#include <catch2/catch.hpp>

#include <map>
#include <random>
#include <set>

using namespace relais;
using namespace relais::model;
using namespace std::chrono_literals;

namespace {

std::string number_of(int i) { return "AG-2026-" + std::to_string(1000 + i); }

// A centre whose clock the test moves, beside an agency that knows its dossiers.
struct centre {
    explicit centre(registry_pace wanted) : pace(wanted) {
        sql::set_lease_clock([this] { return seconds(now); });
        start("one");
    }
    ~centre() { sql::set_lease_clock({}); }

    void start(const std::string& owner) {
        refresher = std::make_unique<server::registry_refresher>(
            *database, *asked, [this] { return now; }, pace, owner);
    }
    // A dossier that both sides know, with an open ticket.
    std::int64_t open(int i) {
        std::vector news = {tests::some_dossier(number_of(i), "Petit", "Paul", "1955-03-02")};
        auto contact = tests::sample_contact(i);
        return database->write_now([&](soci::session& sql) {
            dossiers::store(sql, news, now);
            auto ticket = tickets::open(sql, contact, tests::citizen_actor(), now).id;
            auto dossier = dossiers::find_by_number(sql, number_of(i))->id;
            sql::change(sql, "UPDATE ticket SET dossier_id = :dossier, dossier_link = 'linked' WHERE id = :id", dossier, ticket);
            return dossier;
        });
    }
    void open_many(int count) {
        std::string rows;
        for (int i = 0; i < count; ++i) {
            open(i);
            rows += (i ? ", ('" : "('") + number_of(i) +
                    "', 'PETIT', 'PAUL', '1955-03-02', 'RENEWAL', 'UNDER_ASSESSMENT', '2026-10-01', 'assessment', "
                    "'2026-10-01 08:00:00')";
        }
        agency.server.run("INSERT INTO agence.permis (num_dossier, nom, prenoms, ne_le, demarche, etat, etat_depuis, etape, maj) VALUES " +
                          rows);
    }
    // The dossiers read at this moment.
    std::vector<std::int64_t> read_now() {
        return database->read_now([this](soci::session& sql) {
            return sql::all<std::int64_t>(sql, "SELECT dossier_id FROM registry_reading WHERE read_at = :now", now);
        });
    }
    std::int64_t count(const std::string& what) {
        return database->read_now([&](soci::session& sql) { return *sql::first<std::int64_t>(sql, "SELECT COUNT(*) FROM " + what); });
    }
    // Half a minute after half a minute, until so many dossiers were read.
    int turn_until_read(int wanted) {
        int out = 0;
        for (int i = 0; i < 2000 && out < wanted; ++i, now += 30s) out += refresher->turn();
        return out;
    }

    tests::licence_registry agency;
    tests::temporary_database database;
    sys_seconds now = tests::monday;
    registry_pace pace;
    std::unique_ptr<server::registry> asked = server::open_registry(agency.options(), *database, [this] { return now; });
    std::unique_ptr<server::registry_refresher> refresher;
};

std::int64_t hour_of(sys_seconds at) { return seconds(at) / 3600; }

} // namespace

TEST_CASE("no hour has more readings than its share, however irregular the turns, and a steady day has them all", "[registry_refresher]") {
    std::mt19937 random(7);
    for (std::int64_t per_day : {1, 24, 25, 480, 1000, 20'000, 1'000'000}) {
        registry_credit held;
        std::map<std::int64_t, std::int64_t> by_hour;
        for (auto at = tests::monday; at < tests::monday + 48h; at += std::chrono::seconds(random() % 200))
            by_hour[hour_of(at)] += registry_readings::earn(held, per_day, at);
        for (const auto& [hour, readings] : by_hour) CHECK(readings <= (per_day + 23) / 24);

        std::int64_t steady = 0;
        registry_credit kept{tests::monday, 0};
        for (auto at = tests::monday; at < tests::monday + 24h; at += 1s) steady += registry_readings::earn(kept, per_day, at);
        CHECK(steady <= per_day);
        CHECK(steady >= per_day * 99 / 100 - 1);
    }
}

TEST_CASE("what was not read while nobody could is not made up for, and a clock set back earns nothing", "[registry_refresher]") {
    registry_credit held{tests::monday, 0};
    CHECK(registry_readings::earn(held, 86'400, tests::monday + 30min) == 60); // a minute's worth
    CHECK(registry_readings::earn(held, 86'400, tests::monday) == 0);
    CHECK(registry_readings::needed_per_day({1000, 6}, 100) == 400);
    CHECK(registry_readings::needed_per_day({1000, 6}, 10'000) == 1000);
    CHECK(registry_readings::needed_per_day({1000, 6}, 0) == 0);
}

TEST_CASE("through a day with an outage and another node, each dossier is read before any is read twice, within the budget of every hour",
          "[registry_refresher]") {
    constexpr int people = 240;
    constexpr std::int64_t per_day = 720;
    centre centre({per_day, 4}); // everybody once in four hours would take 1,440
    centre.open_many(people);
    std::map<std::int64_t, std::int64_t> by_hour;
    std::vector<std::int64_t> order;
    centre.now += 5h;
    auto start = centre.now;
    auto from = start + 8h, until = start + 9h; // nobody answers
    for (; centre.now < start + 24h; centre.now += 30s) {
        if (centre.now == from) centre.agency.server.stop();
        if (centre.now == until) {
            CHECK(centre.asked->is_breaker_open());
            centre.agency.server.start();
            for (int i = 0; i < 500 && centre.asked->is_breaker_open(); ++i) {
                centre.refresher->turn(); // asks whether it is back
                std::this_thread::sleep_for(20ms);
            }
            CHECK_FALSE(centre.asked->is_breaker_open());
        }
        if (centre.now == start + 15h) { // the node dies: another goes on when the lease is over
            centre.start("two");
        }
        auto asked = centre.asked->counters().asked.load();
        auto is_left_alone = centre.asked->is_breaker_open();
        by_hour[hour_of(centre.now)] += centre.refresher->turn();
        if (is_left_alone) CHECK(centre.asked->counters().asked - asked <= 1); // the probe alone
        for (auto each : centre.read_now()) order.push_back(each);
    }
    for (const auto& [hour, readings] : by_hour) {
        INFO("hour " << hour);
        CHECK(readings <= per_day / 24);
    }
    CHECK(order.size() >= per_day * 9 / 10 - per_day / 24);
    // Every round holds everybody once.
    for (std::size_t at = 0; at + people <= order.size(); at += people) {
        std::set<std::int64_t> round(order.begin() + static_cast<std::ptrdiff_t>(at),
                                     order.begin() + static_cast<std::ptrdiff_t>(at + people));
        INFO("from the reading " << at);
        CHECK(round.size() == people);
    }
    CHECK(centre.count("registry_reading WHERE read_at IS NULL") == 0);
}

TEST_CASE("a state that moved is on the timeline, beside each open ticket, and in the feed; the same state again is nothing",
          "[registry_refresher]") {
    centre centre({86'400, 1});
    centre.open_many(3);
    centre.now += 2h;
    REQUIRE(centre.turn_until_read(3) == 3);
    CHECK(centre.count("event WHERE action = 'dossier.moved'") == 0);
    centre.agency.server.run("UPDATE agence.permis SET etat = 'ACCEPTED', etat_depuis = '2026-11-23', maj = '2026-11-23 10:00:00' WHERE "
                             "num_dossier = '" +
                             number_of(1) + "'");
    centre.now += 2h;
    REQUIRE(centre.turn_until_read(3) == 3);
    CHECK(centre.count("event WHERE action = 'dossier.moved' AND object_kind = 'dossier'") == 1);
    CHECK(centre.count("dossier_snapshot WHERE source = 'registry' AND status = 'ACCEPTED'") == 1);
    auto timeline = centre.database->read_now(
        [](soci::session& sql) { return dossier_timelines::of(sql, dossiers::find_by_number(sql, number_of(1))->id).lines; });
    auto is_accepted = [](const auto& each) { return each.kind == "state" && each.status == "ACCEPTED"; };
    CHECK(std::count_if(timeline.begin(), timeline.end(), is_accepted) == 1);
    centre.now += 2h;
    REQUIRE(centre.turn_until_read(3) == 3);
    CHECK(centre.count("event WHERE action = 'dossier.moved'") == 1);
}

TEST_CASE("a dossier without an open ticket leaves the line, and one that never gets an answer keeps nobody waiting",
          "[registry_refresher]") {
    centre centre({86'400, 1});
    centre.open_many(4);
    centre.now += 2h;
    REQUIRE(centre.turn_until_read(4) == 4);
    centre.database->write_now([&](soci::session& sql) {
        sql::change(sql, "UPDATE ticket SET status = 'closed', is_active = 0, updated_at = :now WHERE id = 1", centre.now);
    });
    centre.now += 2h;
    REQUIRE(centre.turn_until_read(3) == 3);
    CHECK(centre.count("registry_reading") == 3);
    // The view fails for one of them.
    centre.agency.show("num_dossier, num_neph, nom, nom_usage, prenoms, ne_le, demarche, etat, etat_depuis, IF(num_dossier = '" +
                       number_of(1) + "', SLEEP(3), '') AS etape, erreur, maj");
    centre.now += 2h;
    REQUIRE(centre.turn_until_read(6) >= 6); // three tries of the one, another, its last try, and the other
    CHECK(centre.count("registry_reading WHERE outcome = 'answered' AND queued_at > " + std::to_string(seconds(centre.now - 2h))) == 2);
    CHECK_FALSE(centre.asked->is_breaker_open());
}

TEST_CASE("wrong data change nothing, are counted by column, and name nobody", "[registry_refresher]") {
    centre centre({86'400, 1});
    centre.open_many(3);
    centre.agency.show("num_dossier, num_neph, nom, nom_usage, prenoms, ne_le, demarche, etat, CASE num_dossier WHEN '" + number_of(0) +
                       "' THEN DATE '2999-01-01' ELSE etat_depuis END AS etat_depuis, etape, erreur, CASE num_dossier WHEN '" +
                       number_of(1) + "' THEN TIMESTAMP '2999-01-01 00:00:00' ELSE maj END AS maj");
    centre.now += 2h;
    REQUIRE(centre.turn_until_read(3) == 3);
    auto refused = centre.database->read_now([](soci::session& sql) { return registry_refusals::recent(sql); });
    std::set<std::string> columns;
    for (const auto& each : refused) {
        columns.insert(each.column);
        CHECK(each.reason == "future");
        CHECK(each.times == 1);
    }
    CHECK(columns == std::set<std::string>{"etat_depuis", "maj"});
    CHECK(centre.count("dossier WHERE status_since > '2026-12-31' OR updated_at > 2000000000") == 0);
    CHECK(centre.count("registry_reading WHERE outcome = 'unreadable'") == 2);
}

TEST_CASE("a dossier that a ticket's own look-up has just read goes to the end of the line", "[registry_refresher]") {
    centre centre({86'400, 1});
    centre.open_many(2);
    centre.now += 2h;
    REQUIRE(centre.turn_until_read(2) == 2);
    centre.now += 2h;
    auto first = centre.database->read_now([](soci::session& sql) {
        return *sql::first<std::int64_t>(sql, "SELECT dossier_id FROM registry_reading ORDER BY queued_at, dossier_id LIMIT 1");
    });
    centre.database->write_now([&](soci::session& sql) { registry_readings::note(sql, first, centre.now, centre.now); });
    auto next = centre.database->write_now([&](soci::session& sql) { return registry_readings::take(sql, 5, centre.pace, centre.now); });
    REQUIRE(next.size() == 1);
    CHECK(next[0].dossier_id != first);
}
