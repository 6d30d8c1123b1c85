// SPDX-License-Identifier: EUPL-1.2
#include "model/small_cell.hpp"

#include <catch2/catch.hpp>

#include <numeric>
#include <random>

using namespace relais::model;
using small_cells::protect;

namespace {
std::int64_t sum(const std::vector<small_cells::cell>& rows) {
    return std::accumulate(rows.begin(), rows.end(), std::int64_t{0}, [](auto total, const auto& each) { return total + each.persons; });
}
} // namespace

TEST_CASE("rows of fewer than five persons go into a rest that has five at least", "[share]") {
    auto out = protect({{"59", 12, 14}, {"08", 2, 2}, {"75", 7, 9}, {"2A", 1, 1}, {"974", 0, 0}});
    REQUIRE(out.shown.size() == 1); // 2 + 1 persons are fewer than five: the smallest of the others goes with them
    CHECK(out.shown[0].key == "59");
    CHECK(out.rest_rows == 3);
    CHECK(out.rest_value == 12);
    auto alone = protect({{"59", 12, 14}, {"75", 5, 5}});
    CHECK(alone.shown.size() == 2);
    CHECK(alone.rest_rows == 0);
}

TEST_CASE("a part of one to four persons, or what is left of it, is told with neither", "[share]") {
    CHECK(small_cells::hides(3, 400));
    CHECK(small_cells::hides(397, 400));
    CHECK(small_cells::hides(2, 4));
    CHECK_FALSE(small_cells::hides(0, 400));
    CHECK_FALSE(small_cells::hides(400, 400));
    CHECK_FALSE(small_cells::hides(5, 10));
    CHECK(small_cells::hides(4, 9));
}

TEST_CASE("a table of fewer than five persons says nothing, not even its total", "[share]") {
    CHECK(protect({{"59", 2, 3}, {"08", 2, 2}}).is_hidden);
    CHECK(protect({{"59", 4, 9}}).is_hidden);
    CHECK_FALSE(protect({{"59", 5, 5}}).is_hidden);
    CHECK_FALSE(protect({}).is_hidden);
}

TEST_CASE("whatever the table, total less shown never gives one to four persons", "[share]") {
    std::mt19937 random(7);
    for (int round = 0; round < 20'000; ++round) {
        std::vector<small_cells::cell> rows;
        auto count = random() % 12;
        for (std::size_t i = 0; i < count; ++i) {
            auto persons = random() % 3 ? static_cast<std::int64_t>(random() % 9) : 0; // none: all of them count in another row
            rows.push_back({std::to_string(i), persons, persons + static_cast<std::int64_t>(random() % 3)});
        }
        auto total = sum(rows);
        auto out = protect(rows);
        for (const auto& each : out.shown) REQUIRE_FALSE(small_cells::is_small(each.persons));
        if (out.is_hidden) {
            REQUIRE(out.shown.empty());
            continue;
        }
        REQUIRE_FALSE(small_cells::is_small(total - sum(out.shown)));
        if (out.rest_rows > 0) REQUIRE((out.shown.empty() || total - sum(out.shown) >= small_cells::least));
    }
}

TEST_CASE("a row of people who all count in another is told with five persons at least", "[share]") {
    auto alone = protect({{"a", 20, 20}, {"b", 0, 3}}); // one to three people who are among the twenty
    CHECK(alone.shown.empty());
    CHECK(alone.rest_rows == 2);
    CHECK(alone.rest_value == 23);
    auto among = protect({{"a", 20, 20}, {"b", 6, 6}, {"c", 0, 3}});
    REQUIRE(among.shown.size() == 1);
    CHECK(among.shown[0].key == "a");
    CHECK(among.rest_rows == 2);
    CHECK(among.rest_value == 9);
}

TEST_CASE("a count that is published again moves by five persons or not at all", "[share]") {
    CHECK_FALSE(small_cells::may_step(4, 0, 4));
    CHECK(small_cells::may_step(5, 0, 5));
    CHECK_FALSE(small_cells::may_step(7, 12, 14)); // seven wrote, two of them for the first time
    CHECK_FALSE(small_cells::may_step(3, 12, 12)); // three who were counted already wrote again
    CHECK(small_cells::may_step(7, 12, 12));
    CHECK(small_cells::may_step(0, 12, 12));
    CHECK_FALSE(small_cells::may_step(6, 12, 9)); // taken out
}
