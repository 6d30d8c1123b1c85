// SPDX-License-Identifier: EUPL-1.2
#include "model/backend.hpp"
#include "tests/support/callback_race.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <sstream>

using namespace relais;

namespace {

model::database_options node(const std::string& socket, const std::string& database) {
    model::database_options out;
    out.mariadb_socket = socket;
    out.mariadb_database = database;
    out.mariadb_user = "root";
    out.sessions = 12;
    out.queue_age_ms = 0;
    return out;
}

} // namespace

TEST_CASE("two hundred clients of three nodes of a Galera cluster take a thousand seats, and not one more", "[galera]") {
    const char* given = std::getenv("RELAIS_TEST_GALERA");
    REQUIRE(given != nullptr); // tests/galera/run starts the cluster
    std::istringstream sockets(given);
    std::vector<std::unique_ptr<model::database>> nodes;
    for (std::string socket; sockets >> socket;) {
        if (nodes.empty()) {
            soci::session session;
            model::mariadb::open_session(session, node(socket, "mysql"));
            session << "CREATE DATABASE relais CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin";
            model::migrate(node(socket, "relais"));
        }
        nodes.push_back(model::open_database(node(socket, "relais")));
    }
    REQUIRE(nodes.size() == 3);
    CHECK(tests::race_for_seats({nodes[0].get(), nodes[1].get(), nodes[2].get()}) == std::vector<std::string>{});
}
