// SPDX-License-Identifier: EUPL-1.2
#include "model/error.hpp"
#include "model/lease.hpp"
#include "model/sql.hpp"
#include "tests/support/temporary_database.hpp"

#include <catch2/catch.hpp>

using namespace relais;
using namespace relais::model;

TEST_CASE("a lease is held by one, kept by renewing, and whoever lost it changes nothing", "[lease]") {
    tests::temporary_database database;
    auto take = [&](const char* owner) {
        return database->write_now([owner](soci::session& sql) { return leases::take(sql, "grouping", owner); });
    };
    auto check = [&](std::int64_t token) { database->write_now([token](soci::session& sql) { leases::check(sql, "grouping", token); }); };
    auto first = take("one");
    REQUIRE(first);
    CHECK_FALSE(take("two"));
    CHECK(take("one") == first); // renewed, the same right
    check(*first);
    // It expires while its owner sleeps.
    database->write_now([](soci::session& sql) { sql::change(sql, "UPDATE lease SET expires_at = 0 WHERE name = 'grouping'"); });
    auto second = take("two");
    REQUIRE(second);
    CHECK(*second > *first);
    CHECK_THROWS_AS(check(*first), conflict);
    check(*second);
    CHECK_FALSE(take("one"));
    database->write_now([](soci::session& sql) { leases::release(sql, "grouping", "two"); });
    CHECK(take("one") > second); // given back: nobody waits, and the old right is gone
}

TEST_CASE("what a dead process held is given back by its node, and nothing of the others", "[lease]") {
    tests::temporary_database database;
    auto take = [&](const char* name, const char* owner) {
        return database->write_now([=](soci::session& sql) { return leases::take(sql, name, owner); });
    };
    auto held = take("clocks", "node-a-1");
    REQUIRE(take("rules", "node-b-1"));
    CHECK_FALSE(take("clocks", "node-a-2"));
    database->write_now([](soci::session& sql) { leases::release_all(sql, "node-a-"); });
    CHECK(take("clocks", "node-a-2") > held); // its old right is gone, should it not be dead after all
    CHECK_FALSE(take("rules", "node-a-2"));
}
