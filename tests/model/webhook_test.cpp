// SPDX-License-Identifier: EUPL-1.2
#include "model/error.hpp"
#include "model/sql.hpp"
#include "model/webhook.hpp"
#include "tests/support/temporary_database.hpp"

#include <catch2/catch.hpp>

#include <utility>

using namespace relais::model;
using namespace std::chrono_literals;

namespace {

const actor admin{"staff", 1, "Nadia", {}};

// A base, one webhook, and a clock that the test moves.
struct telling {
    relais::tests::temporary_database database;
    sys_seconds now = at_seconds(1'795'600'000);
    std::int64_t hook = add({"ticket."});

    template <class Work> auto write(Work work) { return database->write_now(work); }
    std::int64_t add(const std::vector<std::string>& actions) {
        return write([&](soci::session& sql) { return webhooks::add(sql, "https://hooks.example.test/in", actions, admin, now); });
    }
    void happen(const std::string& action, const std::string& kind = "ticket") {
        write([&](soci::session& sql) { events::record(sql, admin, action, kind, 7, nlohmann::json::object(), now); });
    }
    int plan() {
        return write([&](soci::session& sql) { return webhooks::plan(sql, now); });
    }
    std::vector<due_delivery> due() {
        return write([&](soci::session& sql) {
            std::vector<due_delivery> out;
            for (auto each : webhooks::due(sql, now))
                while (auto next = webhooks::take_next(sql, each, now)) out.push_back(std::move(*next));
            return out;
        });
    }
    void settle(const due_delivery& what, std::int64_t status, const std::string& error) {
        write([&](soci::session& sql) { webhooks::settle(sql, what.what, status, error, now); });
    }
    webhook_delivery last() {
        return write([&](soci::session& sql) { return webhooks::deliveries(sql, hook, 1).at(0); });
    }
};

} // namespace

TEST_CASE("each event that a webhook wants is delivered to it once, however often the feed gives it", "[webhook]") {
    telling here;
    here.happen("ticket.closed"), here.happen("ticket.read"), here.happen("incident.fixed", "incident"), here.happen("user.added", "user");
    CHECK(here.plan() == 1);
    CHECK(here.plan() == 0); // within the time in which the feed gives again what may not be settled
    here.now += 60s;
    CHECK(here.plan() == 0);
    here.happen("ticket.replied");
    CHECK(here.plan() == 1);
    auto due = here.due();
    REQUIRE(due.size() == 2);
    CHECK(due[0].about.action == "ticket.closed");
    CHECK(due[1].about.action == "ticket.replied");
    CHECK(here.due().empty()); // taken
}

TEST_CASE("a webhook without actions is told of every change, and of nothing that came before it", "[webhook]") {
    telling here;
    here.happen("ticket.closed");
    here.now += 60s;
    auto second = here.add({});
    here.happen("incident.fixed", "incident");
    here.plan();
    auto log = here.write([&](soci::session& sql) { return webhooks::deliveries(sql, second, 10); });
    CHECK(log.size() == 1);
}

TEST_CASE("a delivery that is refused comes again less and less often, for about a day", "[webhook]") {
    telling here;
    here.happen("ticket.closed");
    here.plan();
    auto began = here.now;
    int tries = 0;
    while (here.last().state == "waiting" && tries < 100) {
        for (const auto& each : here.due()) ++tries, here.settle(each, 500, "answered 500");
        here.now += 60s;
    }
    CHECK(tries == webhooks::attempts_limit);
    CHECK(here.last().state == "failed");
    CHECK(here.last().error == "answered 500");
    CHECK(here.now - began > 18h);
    CHECK(here.now - began < 30h);
}

TEST_CASE("what was taken by a server that died is sent again after a minute", "[webhook]") {
    telling here;
    here.happen("ticket.closed");
    here.plan();
    CHECK(here.due().size() == 1);
    here.now += 59s;
    CHECK(here.due().empty());
    here.now += 2s;
    auto again = here.due();
    REQUIRE(again.size() == 1);
    here.settle(again[0], 204, "");
    CHECK(here.last().state == "sent");
    here.now += std::chrono::hours(24 * (webhooks::kept_days + 1));
    here.plan();
    CHECK(here.write([&](soci::session& sql) { return webhooks::deliveries(sql, here.hook, 10); }).empty());
}

TEST_CASE("a webhook that is removed while its deliveries are written down is left with none", "[webhook]") {
    telling here;
    here.happen("ticket.closed");
    auto remove = [&](soci::session& sql) { webhooks::remove(sql, here.hook, admin, here.now); };
    bool is_removed = !here.database->is_mariadb(); // SQLite has one writer: nobody comes between
    here.write([&](soci::session& sql) {
        CHECK(webhooks::all(sql).size() == 1); // what the transaction sees from here on
        if (!std::exchange(is_removed, true)) here.database->write_now(remove);
        webhooks::plan(sql, here.now);
    });
    if (!here.database->is_mariadb()) here.write(remove);
    auto waiting = here.write([](soci::session& sql) { return *sql::first<int>(sql, "SELECT COUNT(*) FROM webhook_delivery"); });
    CHECK(waiting == 0);
}

TEST_CASE("two servers that plan the same events at once write each down once, and neither fails", "[webhook]") {
    telling here;
    here.happen("ticket.closed"), here.happen("ticket.reopened");
    auto by_the_other = here.database->is_mariadb() ? 0 : here.plan(); // SQLite has one writer: nobody comes between
    bool has_planned = !here.database->is_mariadb();
    auto written = here.write([&](soci::session& sql) {
        CHECK(webhooks::all(sql).size() == 1); // what the transaction sees from here on
        if (!std::exchange(has_planned, true)) by_the_other = here.plan();
        return webhooks::plan(sql, here.now);
    });
    CHECK(by_the_other == 2);
    CHECK(written == 0);
    CHECK(here.due().size() == 2);
}

TEST_CASE("a delivery to a webhook that is no more stops none of the others", "[webhook]") {
    telling here;
    auto gone = here.add({});
    here.happen("ticket.closed");
    here.plan();
    // As a server left it that wrote the deliveries down while the webhook was being removed.
    here.write([&](soci::session& sql) { sql::change(sql, "UPDATE webhook SET deleted_at = :now WHERE id = :id", here.now, gone); });
    auto due = here.due();
    REQUIRE(due.size() == 1);
    CHECK(due[0].to.id == here.hook);
    CHECK(here.write([&](soci::session& sql) { return webhooks::take_next(sql, gone, here.now).has_value(); }) == false);
}

TEST_CASE("two servers take the deliveries of one webhook one by one, the oldest first, each once", "[webhook]") {
    telling here;
    here.happen("ticket.closed"), here.happen("ticket.reopened");
    here.plan();
    auto take = [&] { return here.write([&](soci::session& sql) { return webhooks::take_next(sql, here.hook, here.now); }); };
    auto first = take(), second = take();
    REQUIRE((first && second));
    CHECK(first->about.action == "ticket.closed");
    CHECK(second->about.action == "ticket.reopened");
    CHECK_FALSE(take());
}

TEST_CASE("a webhook that was removed is told nothing more, and there are never too many", "[webhook]") {
    telling here;
    here.happen("ticket.closed");
    here.plan();
    here.write([&](soci::session& sql) { webhooks::remove(sql, here.hook, admin, here.now); });
    CHECK(here.due().empty());
    CHECK_THROWS_AS(here.write([&](soci::session& sql) { webhooks::remove(sql, here.hook, admin, here.now); }), not_found);
    CHECK_THROWS_AS(here.last(), not_found);
    for (std::size_t i = 0; i < webhooks::count_limit; ++i) here.add({});
    CHECK_THROWS_AS(here.add({}), conflict);
}

TEST_CASE("a delivery whose event was erased is given up, and the next one leaves", "[webhook]") {
    telling here;
    here.happen("ticket.closed"), here.happen("ticket.replied");
    CHECK(here.plan() == 2);
    here.write([](soci::session& sql) { sql::change(sql, "DELETE FROM event WHERE action = 'ticket.closed'"); });
    CHECK(here.due().empty());
    auto left = here.due();
    REQUIRE(left.size() == 1);
    CHECK(left[0].about.action == "ticket.replied");
    CHECK(here.write([&](soci::session& sql) { return webhooks::deliveries(sql, here.hook, 2); }).at(1).state == "failed");
}
