// SPDX-License-Identifier: EUPL-1.2
#include "server/demo_accounts.hpp"

#include "model/password.hpp"

#include <catch2/catch.hpp>

using namespace relais;

TEST_CASE("a password drawn for the demonstration is one that anybody may choose", "[demo]") {
    auto common = model::passwords::read_common("config/common_passwords.txt");
    REQUIRE(common.size() > 100);
    for (int i = 0; i < 3'000; ++i) { // one drawn blindly in 150 is refused
        auto drawn = server::draw_password("amina.diallo", common);
        INFO(drawn);
        REQUIRE(model::passwords::faults(drawn, "amina.diallo", common).empty());
    }
}
