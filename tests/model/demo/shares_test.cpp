// SPDX-License-Identifier: EUPL-1.2
#include "model/demo/shares.hpp"

#include "model/demo/fill.hpp"
#include "model/demo/incidents.hpp"
#include "model/sql.hpp"
#include "model/weekly_share.hpp"
#include "tests/support/temporary_database.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace relais::model;
using namespace std::chrono_literals;

TEST_CASE("ten weeks of the demonstration give ten shares, one after the other, and the last is left to be sent", "[demo][share]") {
    for (auto hour : {-6h, 0h}) { // before its hour on Monday, and at noon
        relais::tests::temporary_database on;
        demo::options wanted{1, 100, 80, sys_seconds{std::chrono::seconds{1'795'435'200}} + hour, 0xff};
        demo::fill_ways ways;
        ways.follow_up_hash = [](const std::string& reference) { return std::string(64 - reference.size(), '0') + reference; };
        demo::fill(*on, wanted, ways);
        auto made = demo::fill_shares(*on, wanted, "Hélène Blanc", "Paul Renard", "Sylvie Petit");
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
        CHECK(demo::fill_shares(*on, wanted, "Hélène Blanc", "Paul Renard", "Sylvie Petit") == 0);
    }
}

TEST_CASE("K4 and K19 have a true value in the ten shares of the demonstration, and no mail of the past waits", "[demo][share]") {
    relais::tests::temporary_database on;
    demo::options wanted{1, 4'000, 1'500, sys_seconds{std::chrono::seconds{1'795'435'200}}, 0xff};
    demo::fill_ways ways;
    demo::ticket_truths truths;
    ways.follow_up_hash = [](const std::string& reference) { return std::string(64 - reference.size(), '0') + reference; };
    ways.on_ticket = [&truths](std::int64_t id, const demo::demo_ticket& one) { truths.note(id, one.truth.bug); };
    demo::fill(*on, wanted, ways);
    demo::incident_ways lived;
    lived.resolver = "Paul Renard", lived.supervisor = "Sylvie Petit";
    demo::fill_incidents(*on, wanted, truths, lived);
    REQUIRE(demo::fill_shares(*on, wanted, "Hélène Blanc", "Paul Renard", "Sylvie Petit") == 10);
    auto bodies = on->read_now([&](soci::session& sql) { return weekly_shares::earlier_bodies(sql, wanted.now, 20); });
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
    auto waiting = on->read_now([](soci::session& sql) {
        return *sql::first<std::int64_t>(sql, "SELECT COUNT(*) FROM outbox WHERE state = 'waiting' AND medium = 'mail'");
    });
    CHECK(waiting == 0);
}
