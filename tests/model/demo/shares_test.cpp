// SPDX-License-Identifier: EUPL-1.2
#include "model/demo/shares.hpp"

#include "model/demo/fill.hpp"
#include "model/sql.hpp"
#include "model/weekly_share.hpp"
#include "tests/support/temporary_database.hpp"

#include <catch2/catch.hpp>

using namespace relais::model;
using namespace std::chrono_literals;

TEST_CASE("ten weeks of the demonstration give ten shares, one after the other, and the last is left to be sent", "[demo][share]") {
    for (auto hour : {-6h, 0h}) { // before its hour on Monday, and at noon
        relais::tests::temporary_database on;
        demo::options wanted{1, 100, 80, sys_seconds{std::chrono::seconds{1'795'435'200}} + hour, 0xff};
        demo::fill_ways ways;
        ways.follow_up_hash = [](const std::string& reference) { return std::string(64 - reference.size(), '0') + reference; };
        demo::fill(*on, wanted, ways);
        auto made = demo::fill_shares(*on, wanted, "Hélène Blanc", "Paul Renard");
        auto all = on->read_now([](soci::session& sql) { return weekly_shares::list(sql, "", 20); });
        auto is_early = hour < 0h;
        CHECK(made == (is_early ? 9 : 10)); // the server makes the tenth at eight
        REQUIRE(all.size() == static_cast<std::size_t>(made));
        for (std::size_t i = 0; i + 1 < all.size(); ++i) CHECK(all[i].from_at == all[i + 1].until_at);
        for (const auto& each : all) CHECK(each.made_at <= wanted.now);
        auto unsent = on->read_now([&](soci::session& sql) {
            return *sql::first<std::int64_t>(sql, "SELECT COUNT(*) FROM weekly_share WHERE NOT EXISTS (SELECT 1 FROM share_link WHERE "
                                                  "share_id = weekly_share.id)");
        });
        CHECK(unsent == (is_early ? 0 : 1));
        CHECK(demo::fill_shares(*on, wanted, "Hélène Blanc", "Paul Renard") == 0);
    }
}
