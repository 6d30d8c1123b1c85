// SPDX-License-Identifier: EUPL-1.2
#include "model/idempotency.hpp"
#include "tests/support/samples.hpp"
#include "tests/support/temporary_database.hpp"

#include <catch2/catch.hpp>

using namespace relais;
using namespace relais::model;
using tests::monday;

namespace {

auto claim(tests::temporary_database& database, const std::string& key, const idempotency::remembered& foreseen) {
    return database->write_now([&](soci::session& sql) { return idempotency::claim(sql, key, "POST /x", "body", monday, foreseen); });
}

} // namespace

TEST_CASE("an answer that was foreseen is remembered with the key", "[idempotency]") {
    tests::temporary_database database;
    CHECK_FALSE(claim(database, "one", {201, "the first"}));
    auto again = claim(database, "one", {201, "another"});
    REQUIRE(again);
    CHECK(again->status == 201);
    CHECK(again->answer == "the first");
}

TEST_CASE("an answer that turned out otherwise replaces what was foreseen", "[idempotency]") {
    tests::temporary_database database;
    database->write_now([](soci::session& sql) {
        idempotency::claim(sql, "one", "POST /x", "body", monday, {201, "foreseen"});
        idempotency::remember(sql, "one", {200, "what it became"});
    });
    auto again = claim(database, "one", {});
    REQUIRE(again);
    CHECK(again->status == 200);
    CHECK(again->answer == "what it became");
}
