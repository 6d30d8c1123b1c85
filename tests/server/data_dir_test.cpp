// SPDX-License-Identifier: EUPL-1.2
#include "server/data_dir.hpp"

#include "tests/support/temporary_database.hpp"

#include <catch2/catch.hpp>

#include <stdexcept>

using namespace relais::server;
using relais::tests::temporary_folder;

TEST_CASE("a node keeps its name, and another directory is another node", "[data_dir]") {
    temporary_folder place, other;
    auto name = node_name(place.path(""));
    CHECK(name.size() == 12);
    CHECK(node_name(place.path("")) == name);
    CHECK(node_name(other.path("")) != name);
    CHECK_THROWS_AS(node_name(place.path("missing")), std::runtime_error);
}

TEST_CASE("one process at a time holds a data directory", "[data_dir]") {
    temporary_folder place;
    {
        directory_lock first(place.path(""));
        CHECK(first.is_held());
        CHECK_FALSE(directory_lock(place.path("")).is_held());
    }
    CHECK(directory_lock(place.path("")).is_held());
}
