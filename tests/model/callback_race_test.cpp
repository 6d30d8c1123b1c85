// SPDX-License-Identifier: EUPL-1.2
#include "tests/support/callback_race.hpp"
#include "tests/support/temporary_database.hpp"

#include <catch2/catch.hpp>

using namespace relais;

TEST_CASE("two hundred clients take a thousand seats, and not one more", "[callback][race]") {
    tests::temporary_database database;
    auto options = database.options();
    options.sessions = 24; // many transactions at once
    auto server = options.is_mariadb() ? model::open_database(options) : nullptr;
    CHECK(tests::race_for_seats({server ? server.get() : &*database}) == std::vector<std::string>{});
}
