// SPDX-License-Identifier: EUPL-1.2
#include "model/category.hpp"

#include "api/catalogue.hpp"
#include "model/cause_owner.hpp"

#include <catch2/catch.hpp>

using namespace relais;
using namespace relais::model;

TEST_CASE("there are sixty categories in thirteen families, each with a name in both languages", "[category]") {
    api::catalogue texts("templates/locales");
    CHECK(categories::all().size() == 60);
    for (const auto& each : categories::all()) {
        INFO(each.code);
        CHECK(each.code.size() == 6);
        CHECK((each.cause_owner.empty() || cause_owners::is_known(each.cause_owner)));
        for (auto language : api::languages) {
            CHECK(texts.find(language, "category." + std::string(each.code)));
            CHECK(texts.find(language, "category_family." + std::string(each.family())));
        }
    }
    CHECK(std::count_if(categories::all().begin(), categories::all().end(), [](const auto& each) { return each.skips_queue; }) == 9);
    CHECK(categories::is_known("ACC-01"));
    CHECK_FALSE(categories::is_known("ACC-05"));
    CHECK_FALSE(categories::is_known(""));
}

TEST_CASE("health and offences are restricted; questions need no dossier", "[category]") {
    CHECK(categories::is_restricted("MED-01"));
    CHECK(categories::is_restricted("SAN-04"));
    CHECK_FALSE(categories::is_restricted("GEN-01"));
    CHECK(categories::needs_no_dossier("GEN-02"));
    CHECK(categories::needs_no_dossier("GEN-04"));
    CHECK_FALSE(categories::needs_no_dossier("GEN-01"));
}

TEST_CASE("the file of the categories is refused when a word in it is not ours", "[category]") {
    CHECK(categories::read(R"([{"code": "ACC-01"}])").front().nature.empty());
    CHECK_THROWS_WITH(categories::read(R"([{"code": "ACC-01", "skip_queue": true}])"), Catch::Contains("skip_queue"));
    CHECK_THROWS_WITH(categories::read(R"([{"code": "ACC"}])"), Catch::Contains("ACC"));
}
