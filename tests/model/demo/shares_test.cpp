// SPDX-License-Identifier: EUPL-1.2
#include "model/demo/shares.hpp"

#include "model/sql.hpp"
#include "model/weekly_share.hpp"
#include "tests/support/shared_demonstration.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace relais::model;
using namespace std::chrono_literals;
using relais::tests::shared_demonstration;

TEST_CASE("ten weeks of the demonstration give ten shares, one after the other, and the last is left to be sent", "[demo][share]") {
    for (auto hour : {-6h, 0h}) { // before its hour on Monday, and at noon
        shared_demonstration shared(100, 80, false, shared_demonstration::monday_noon + hour);
        auto all = shared.read([](soci::session& sql) { return weekly_shares::list(sql, "", 20); });
        auto is_early = hour < 0h;
        CHECK(shared.made == (is_early ? 9 : 10)); // the server makes the tenth at eight
        REQUIRE(all.size() == static_cast<std::size_t>(shared.made));
        for (std::size_t i = 0; i + 1 < all.size(); ++i) CHECK(all[i].from_at == all[i + 1].until_at);
        for (const auto& each : all) CHECK(each.made_at <= shared.wanted.now);
        auto unsent = shared.read([&](soci::session& sql) {
            return *sql::first<std::int64_t>(sql, "SELECT COUNT(*) FROM weekly_share WHERE NOT EXISTS (SELECT 1 FROM share_link WHERE "
                                                  "share_id = weekly_share.id)");
        });
        CHECK(unsent == (is_early ? 0 : 1));
        CHECK(shared.share() == 0);
    }
}

TEST_CASE("K4 and K19 have a true value in the ten shares of the demonstration, and no mail of the past waits", "[demo][share]") {
    shared_demonstration shared(4'000, 1'500, true);
    REQUIRE(shared.made == 10);
    auto bodies = shared.read([&](soci::session& sql) { return weekly_shares::earlier_bodies(sql, shared.wanted.now, 20); });
    for (const auto& text : bodies) {
        auto body = nlohmann::json::parse(text);
        INFO(body["week"]);
        std::map<std::string, nlohmann::json> figures;
        for (const auto& each : body["figures"]) figures[each["id"]] = each;
        for (const char* id : {"K4", "K19"}) {
            INFO(id);
            CHECK(figures[id]["value"].is_number());
        }
        CHECK(figures["K19"]["value"] > 12);
    }
    auto waiting = shared.read([](soci::session& sql) {
        return *sql::first<std::int64_t>(sql, "SELECT COUNT(*) FROM outbox WHERE state = 'waiting' AND medium = 'mail'");
    });
    CHECK(waiting == 0);
}
