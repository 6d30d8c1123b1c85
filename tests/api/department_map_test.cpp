// SPDX-License-Identifier: EUPL-1.2
#include "api/department_map.hpp"

#include "api/pages.hpp"
#include "model/department.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <set>

using namespace relais;

TEST_CASE("every department, collectivity and abroad is on the map or beside it, with a shape where somebody drew one", "[map]") {
    std::map<std::string, std::int64_t, std::less<>> tickets;
    std::int64_t count = 0;
    for (const auto& each : model::departments::all()) tickets[std::string(each.code)] = ++count;
    auto map = api::department_map::of(tickets);
    CHECK(map["departments"].size() == 96);
    CHECK(map["overseas"].size() == 14);
    api::pages pages(".");
    std::ifstream in("build" + pages.asset("departments.svg"));
    std::string shapes(std::istreambuf_iterator<char>{in}, {});
    REQUIRE(shapes.size() > 100'000); // `npm run build` made it
    std::set<std::string> seen;
    for (const char* part : {"departments", "overseas"})
        for (const auto& each : map[part]) {
            INFO(each);
            seen.insert(each["code"]);
            CHECK(each["tickets"] == tickets[each["code"].get<std::string>()]);
            CHECK(pages.texts().find("fr", each["t:name"].get<std::string>()));
            auto is_drawn = shapes.find("id=\"d-" + each["code"].get<std::string>() + "\"") != std::string::npos;
            CHECK(each["has_shape"] == is_drawn);
            CHECK((part == std::string("overseas") || is_drawn));
        }
    // Those of domain.md 2.6.
    for (int i = 1; i <= 95; ++i)
        if (i != 20) CHECK(seen.contains((i < 10 ? "0" : "") + std::to_string(i)));
    for (auto code : {"2A", "2B", "971", "972", "973", "974", "975", "976", "977", "978", "984", "986", "987", "988", "989", "99"})
        CHECK(seen.contains(code));
    CHECK(seen.size() == 110);
}

TEST_CASE("the shade follows the share of the largest, and nobody is no shade", "[map]") {
    auto map = api::department_map::of({{"59", 100}, {"08", 1}, {"75", 20}, {"974", 21}});
    std::map<std::string, int> shades;
    for (const char* part : {"departments", "overseas"})
        for (const auto& each : map[part]) shades[each["code"]] = each["shade"];
    CHECK(shades["59"] == 5);
    CHECK(shades["08"] == 1);
    CHECK(shades["75"] == 1);
    CHECK(shades["974"] == 2);
    CHECK(shades["62"] == 0);
    CHECK(api::department_map::of({})["departments"][0]["shade"] == 0);
}

TEST_CASE("a department that is not told of shows what stands for it, and no zero", "[map]") {
    auto map = api::department_map::of({{"59", 7}}, "moins de 5");
    std::map<std::string, std::string> shown;
    for (const char* part : {"departments", "overseas"})
        for (const auto& each : map[part]) shown[each["code"]] = each["shown"];
    CHECK(shown["59"] == "7");
    CHECK(shown["62"] == "moins de 5");
    CHECK(shown["974"] == "moins de 5");
    CHECK(api::department_map::of({{"59", 7}})["overseas"][0]["shown"] == "0");
}
