// SPDX-License-Identifier: EUPL-1.2
#include "model/demo/base_state.hpp"
#include "model/setting.hpp"
#include "model/user.hpp"
#include "tests/support/temporary_database.hpp"

#include <catch2/catch.hpp>

using namespace relais;
using model::demo::base_state;

TEST_CASE("the demonstration never mixes with somebody's own data", "[demo]") {
    tests::temporary_database database;
    CHECK(model::demo::state_of(*database) == base_state::empty);
    model::users::new_user colleague{"lea.martin", "Léa Martin", "agent", "", "", "no password"};
    database->write_now([&](soci::session& sql) { return model::users::add(sql, colleague, model::at_seconds(1'795'600'000)); });
    CHECK(model::demo::state_of(*database) == base_state::foreign);
}

TEST_CASE("a demonstration that was interrupted is known as such, whatever it had made", "[demo]") {
    tests::temporary_database database;
    model::demo::mark_started(*database, model::at_seconds(1'795'600'000));
    CHECK(model::demo::state_of(*database) == base_state::interrupted);
    database->write_now([](soci::session& sql) { model::settings::set(sql, "demonstration_filled", "1"); });
    CHECK(model::demo::state_of(*database) == base_state::filled);
}
