// SPDX-License-Identifier: EUPL-1.2
#include "model/event_mark.hpp"

#include "model/backend.hpp"
#include "model/event.hpp"
#include "model/event_feed.hpp"
#include "model/event_watch.hpp"
#include "model/search_feed.hpp"
#include "model/sql.hpp"
#include "model/ticket.hpp"
#include "model/webhook.hpp"
#include "tests/support/samples.hpp"
#include "tests/support/temporary_database.hpp"

#include <catch2/catch.hpp>

#include <set>

using namespace relais;
using namespace relais::model;
using namespace std::chrono_literals;
using tests::monday;

namespace {

const std::string insert_event = "INSERT INTO event (id, at_us, actor_kind, action, object_kind, object_id) "
                                 "VALUES (:id, :at, 'system', 'ticket.reopened', 'ticket', :ticket)";

// A colleague's slow transaction that has the number N and commits later, and an import beside it that has written N + 1, dated last year.
// MariaDB: a transaction that is really open. SQLite has one writer; the number comes late all the same, as other stores may have it.
struct slow_beside_import {
    tests::temporary_database database;
    std::int64_t ticket = 0, late = 0;
    sys_seconds now = monday;
    soci::session slow;

    template <class Visit> auto write(const Visit& visit) { return database->write_now(visit); }
    slow_beside_import() {
        auto open = [](soci::session& sql) { return tickets::open(sql, tests::sample_contact(), tests::citizen_actor(), monday).id; };
        ticket = database->write_now(open);
    }
    void begin() {
        late = database->read_now([](soci::session& sql) { return *sql::first<std::int64_t>(sql, "SELECT MAX(id) + 1 FROM event"); });
        if (database->is_mariadb()) {
            mariadb::open_session(slow, database.options());
            slow << "START TRANSACTION";
            sql::change(slow, insert_event, late, at_us(monday), ticket);
        }
        write([this](soci::session& sql) { sql::change(sql, insert_event, late + 1, at_us(monday - 365 * 24h), ticket); });
    }
    void commit() {
        if (database->is_mariadb()) {
            slow << "COMMIT";
            sql::forget_statements(slow);
        } else {
            write([this](soci::session& sql) { sql::change(sql, insert_event, late, at_us(monday), ticket); });
        }
    }
    static std::int64_t at_us(sys_seconds at) { return seconds(at) * 1'000'000; }
    void pass(std::chrono::seconds time) {
        now += time;
        write([this](soci::session& sql) { event_marks::note(sql, now); });
    }
    event_page read(const feed_cursor& since) {
        return database->read_now([&](soci::session& sql) { return event_feed::after(sql, since, event_feed::page_limit, false); });
    }
    std::int64_t settled() { return database->read_now(event_marks::settled); }
};

std::set<std::int64_t> ids_of(const event_page& page) {
    std::set<std::int64_t> out;
    for (const auto& each : page.events) out.insert(each.what.id);
    return out;
}

} // namespace

TEST_CASE("what has been there for a minute is settled, whatever its own date", "[feed]") {
    slow_beside_import here;
    here.pass(0s);
    auto opened = here.database->read_now([](soci::session& sql) { return *sql::first<std::int64_t>(sql, "SELECT MAX(id) FROM event"); });
    here.begin();
    CHECK(here.settled() == 0);
    here.pass(59s);
    CHECK(here.settled() == 0);
    here.commit();
    here.pass(1s);
    CHECK(here.settled() == opened); // those that came meanwhile were seen a second ago
    here.pass(59s);
    CHECK(here.settled() == here.late + 1);
    here.pass(-3600s); // the clock was put back
    here.write([&](soci::session& sql) { sql::change(sql, insert_event, here.late + 2, 1, here.ticket); });
    here.pass(6s);
    here.pass(59s);
    CHECK(here.settled() == here.late + 1);
    here.pass(1s);
    CHECK(here.settled() == here.late + 2);
}

TEST_CASE("an import dated last year hides nothing of what commits after it under a lower number", "[feed]") {
    slow_beside_import here;
    here.pass(0s);
    here.begin();
    auto first = here.read({});
    CHECK(ids_of(first).contains(here.late + 1));
    CHECK_FALSE(ids_of(first).contains(here.late));
    here.pass(10s);
    auto second = here.read(first.next);
    here.commit();
    auto third = here.read(second.next);
    CHECK(ids_of(third).contains(here.late));
    here.pass(5s);
    here.pass(61s);
    auto fourth = here.read(third.next); // settled: nothing comes again
    CHECK(here.read(fourth.next).events.empty());
}

TEST_CASE("a webhook is told of what commits late beside an import, once", "[feed]") {
    slow_beside_import here;
    here.pass(0s);
    auto hook = here.write([&](soci::session& sql) { return webhooks::add(sql, "https://hooks.example.test/in", {}, actor{}, here.now); });
    here.begin();
    auto plan = [&] { return here.write([&](soci::session& sql) { return webhooks::plan(sql, here.now); }); };
    CHECK(plan() == 1);
    here.pass(10s);
    CHECK(plan() == 0);
    here.commit();
    CHECK(plan() == 1);
    for (int i = 0; i < 4; ++i) {
        here.pass(30s);
        CHECK(plan() == 0);
    }
    CHECK(here.write([&](soci::session& sql) { return webhooks::deliveries(sql, hook, 10).size(); }) == 2);
}

TEST_CASE("the search reads again a ticket whose change commits late beside an import", "[feed]") {
    slow_beside_import here;
    tests::temporary_folder folder;
    search_index index(folder.path("search"));
    search_feed feed(*here.database, index);
    CHECK(feed.step() == 1);
    here.begin();
    CHECK(feed.step() == 1); // the imported one
    here.commit();
    CHECK(feed.step() == 1);
    CHECK(feed.step() == 0);
    here.pass(0s);
    for (int i = 0; i < 3; ++i) {
        here.pass(60s);
        CHECK(feed.step() == 0);
    }
}

TEST_CASE("a screen is shown what commits late beside an import, once", "[feed]") {
    slow_beside_import here;
    if (!here.database->is_mariadb()) return; // SQLite commits in order, and screens count on it
    event_watch watch(*here.database);
    CHECK(watch.step().empty()); // where the table ends
    here.begin();
    CHECK(watch.step().size() == 1);
    CHECK(watch.step().empty());
    here.commit();
    auto late = watch.step();
    REQUIRE(late.size() == 1);
    CHECK(late[0].what.id == here.late);
    here.pass(0s);
    for (int i = 0; i < 3; ++i) {
        here.pass(60s);
        CHECK(watch.step().empty());
    }
    here.write([&](soci::session& sql) { events::record(sql, actor{}, "ticket.closed", "ticket", here.ticket, {}, here.now); });
    CHECK(watch.step().size() == 1);
}
