// SPDX-License-Identifier: EUPL-1.2
#include "model/mail_cap.hpp"

#include "model/sql.hpp"
#include "tests/support/temporary_database.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace relais;
using namespace std::chrono_literals;

namespace {

const auto monday = model::at_seconds(1'790'000'000);

struct mailbox_of_a_victim {
    tests::temporary_database database;
    model::sys_seconds reserve(std::int64_t row, model::sys_seconds now, std::string address = "victim@example.test") {
        return database->write_now([=](soci::session& sql) { return model::mail_caps::reserve(sql, address, row, now); });
    }
};

} // namespace

TEST_CASE("a mailbox is written to once in ten minutes", "[mail_cap]") {
    mailbox_of_a_victim victim;
    CHECK(victim.reserve(1, monday) == monday);
    CHECK(victim.reserve(2, monday) == monday + 10min);
    CHECK(victim.reserve(2, monday + 10min - 1s) == monday + 10min);
    CHECK(victim.reserve(2, monday + 10min) == monday + 10min);
    CHECK(victim.reserve(3, monday + 10min, "other@example.test") == monday + 10min);
}

TEST_CASE("a mailbox is written to five times in a day", "[mail_cap]") {
    mailbox_of_a_victim victim;
    for (int i = 0; i < 5; ++i) CHECK(victim.reserve(i, monday + i * 10min) == monday + i * 10min);
    CHECK(victim.reserve(5, monday + 50min) == monday + 24h);
    CHECK(victim.reserve(5, monday + 24h - 1s) == monday + 24h);
    CHECK(victim.reserve(5, monday + 24h) == monday + 24h);
    CHECK(victim.reserve(6, monday + 24h) == monday + 24h + 10min);
}

TEST_CASE("a mail tried again keeps its place", "[mail_cap]") {
    mailbox_of_a_victim victim;
    CHECK(victim.reserve(1, monday) == monday);
    CHECK(victim.reserve(1, monday + 1min) == monday + 1min);
    CHECK(victim.reserve(2, monday + 1min) == monday + 10min);
}

TEST_CASE("an address is one mailbox however it is written", "[mail_cap]") {
    mailbox_of_a_victim victim;
    CHECK(victim.reserve(1, monday) == monday);
    for (const char* same : {"Victim@example.test", "victim@EXAMPLE.test", "victim+1@example.test", "VICTIM+a+b@Example.Test"})
        CHECK(victim.reserve(2, monday, same) > monday);
    for (const char* other : {"victim1@example.test", "victim@example2.test", "victim@x+y.example.test"})
        CHECK(victim.reserve(3, monday, other) == monday);
}

TEST_CASE("a mailbox is forgotten after a day, and its address is never kept", "[mail_cap]") {
    mailbox_of_a_victim victim;
    victim.reserve(1, monday);
    auto purge = [&](model::sys_seconds now) {
        return victim.database->write_now([=](soci::session& sql) { return model::mail_caps::purge(sql, now); });
    };
    auto keys = victim.database->read_now(
        [](soci::session& sql) { return model::sql::all<std::string>(sql, "SELECT recipient_key FROM mail_cap"); });
    REQUIRE(keys.size() == 1);
    CHECK(keys[0].find("victim") == std::string::npos);
    CHECK(purge(monday + 24h - 1s) == 0);
    CHECK(purge(monday + 24h) == 1);
}
