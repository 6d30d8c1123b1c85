// SPDX-License-Identifier: EUPL-1.2
#include "model/setting.hpp"
#include "tests/support/temporary_database.hpp"

#include <catch2/catch.hpp>

using namespace relais;

TEST_CASE("a fact about the installation is kept, and the first to say it is believed when asked so", "[setting]") {
    tests::temporary_database database;
    auto seen = database->write_now([](soci::session& sql) {
        std::vector<std::string> out;
        out.push_back(model::settings::find(sql, "demonstration").value_or("nothing"));
        out.push_back(model::settings::keep_first(sql, "demonstration", "one"));
        out.push_back(model::settings::keep_first(sql, "demonstration", "two"));
        model::settings::set(sql, "demonstration", "three");
        model::settings::set(sql, "other", "four");
        out.push_back(*model::settings::find(sql, "demonstration"));
        out.push_back(*model::settings::find(sql, "other"));
        return out;
    });
    CHECK(seen == std::vector<std::string>{"nothing", "one", "one", "three", "four"});
}
