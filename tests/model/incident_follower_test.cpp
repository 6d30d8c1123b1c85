// SPDX-License-Identifier: EUPL-1.2
#include "model/incident_follower.hpp"

#include "model/incident_grouper.hpp"
#include "model/migrations.hpp"
#include "tests/support/incident_office.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace relais;
using namespace relais::model;

namespace {

struct following : tests::incident_office {
    void follow(std::int64_t number, const std::string& email, const std::string& token) {
        write([&](soci::session& sql) { return incident_followers::add(sql, number, email, "fr", token, now); });
    }
    std::pair<std::int64_t, std::int64_t> counted(std::int64_t number) {
        auto of = get(number);
        return {of.followers, of.me_too};
    }
};

using numbers = std::pair<std::int64_t, std::int64_t>;

// All but what it takes away at its end.
void run_migration(soci::session& sql, int version) {
    auto all = migrations();
    auto found = std::find_if(all.begin(), all.end(), [&](const auto& each) { return each.version == version; });
    REQUIRE(found != all.end());
    auto text = std::string(found->text);
    for (const auto* word : {"\nCREATE ", "\nINSERT ", "\nUPDATE "})
        for (auto at = text.find(word); at != std::string::npos; at = text.find(word, at + 1))
            sql::change(sql, text.substr(at, text.find(";\n", at) - at));
}

} // namespace

TEST_CASE("who follows an incident that the machine merges follows what is left", "[incident]") {
    following office;
    auto from = office.incident_with(1, "watched"), into = office.incident_with(1, "watched");
    office.follow(from, "a@example.test", "t1"), office.follow(from, "", ""), office.follow(into, "b@example.test", "t2");
    grouping::engine engine;
    auto merged = office.write([&](soci::session& sql) {
        return grouping_batch::consolidate(sql, engine, {{from, into, std::nullopt, std::nullopt, 0.99}}, {}, office.now);
    });
    CHECK(merged == 1);
    CHECK(office.counted(into) == numbers{2, 1});
    CHECK(office.read([&](soci::session& sql) { return incident_followers::page(sql, into, 0, 10); }).size() == 2);
}

TEST_CASE("what was merged before is counted with what is left", "[incident]") {
    following office;
    auto a = office.incident(), b = office.incident(), c = office.incident(), alone = office.incident();
    office.follow(a, "a@example.test", "t1"), office.follow(a, "", ""), office.follow(b, "", "");
    office.follow(b, "b@example.test", "t2"), office.follow(c, "A@example.test", "t3"), office.follow(alone, "d@example.test", "t4");
    office.write([&](soci::session& sql) { // as a merge left them
        sql::change(sql, "UPDATE incident SET merged_into = :into WHERE id = :id", b, a);
        sql::change(sql, "UPDATE incident SET merged_into = :into WHERE id = :id", c, b);
        for (auto i = 0; i < 2; ++i) // interrupted before it was noted, a migration is run again
            for (auto version : {209, 216}) run_migration(sql, version);
        sql::change(sql, "DROP TABLE merged_me_too");
    });
    CHECK(office.counted(c) == numbers{2, 2});
    CHECK(office.counted(b) == numbers{2, 2});
    CHECK(office.counted(a) == numbers{1, 1});
    CHECK(office.counted(alone) == numbers{1, 0});
}

TEST_CASE("a hand-over that waited when its incident was merged or dismissed before is answered by that, and waits again when it is undone",
          "[incident]") {
    following office;
    auto merged = office.incident(), dismissed = office.incident(), waits = office.incident(), into = office.incident();
    for (auto each : {merged, dismissed, waits})
        office.write([&](soci::session& sql) { incidents::escalate(sql, office.by(each), "person", {}); });
    office.now += std::chrono::hours(2);
    auto at = office.now;
    office.write([&](soci::session& sql) {
        incidents::merge(sql, office.by(merged), into), incidents::dismiss(sql, office.by(dismissed));
        sql::change(sql, "UPDATE escalation SET outcome = '', outcome_by = '', outcome_at = NULL"); // as they were left
    });
    office.now += std::chrono::hours(48);
    for (auto i = 0; i < 2; ++i) office.write([&](soci::session& sql) { run_migration(sql, 217); });
    auto answered = [&](std::int64_t number, const std::string& outcome) {
        return office.count("escalation WHERE incident_id = " + std::to_string(number) + " AND outcome = '" + outcome +
                            "' AND outcome_by = 'Paul Renard' AND outcome_at = " + std::to_string(seconds(at))) == 1;
    };
    CHECK(answered(merged, "merged"));
    CHECK(answered(dismissed, "dismissed"));
    CHECK(office.count("escalation WHERE outcome = '' AND outcome_at IS NULL AND incident_id = " + std::to_string(waits)) == 1);
    office.write([&](soci::session& sql) { incidents::unmerge(sql, office.by(merged)); });
    CHECK(office.count("escalation WHERE outcome = ''") == 2);
}
