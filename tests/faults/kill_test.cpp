// SPDX-License-Identifier: EUPL-1.2
// The server and its database are killed again and again under load. Each client keeps a ledger of what it was told; the database must
// agree with it.
#include "tests/faults/ledger.hpp"
#include "tests/support/private_mariadb.hpp"
#include "tests/support/running_server.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <cstdlib>
#include <random>
#include <thread>

using namespace relais::tests;
using std::chrono::milliseconds;

namespace {

constexpr int kills = 30;

std::string kind() {
    auto* chosen = std::getenv("RELAIS_TEST_DATABASE");
    return chosen ? chosen : "sqlite";
}

// The same moments each run, as far as the machine allows.
class moments {
public:
    void pass() { std::this_thread::sleep_for(milliseconds(std::uniform_int_distribution<>(20, 600)(random_))); }

private:
    std::mt19937 random_{20261123};
};

// How long until a contact is accepted again.
milliseconds time_to_accept(const ledger& told) {
    constexpr auto limit = std::chrono::seconds(30);
    auto before = told.acknowledged();
    auto since = std::chrono::steady_clock::now();
    auto waited = [&] { return std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - since); };
    while (told.acknowledged() == before && waited() < limit) std::this_thread::sleep_for(milliseconds(5));
    return waited();
}

} // namespace

TEST_CASE("killed thirty times under load, the server loses and doubles nothing", "[faults]") {
    running_server server(kind(), {{"RELAIS_FORMS_LIMITS_ENABLED", "false"}});
    server.start();
    ledger told;
    load clients(server.port(), server.command("token add faults --role agent --rate 0"), told);
    moments next;
    for (int i = 0; i < kills; ++i) {
        next.pass();
        server.kill();
        server.start();
    }
    clients.stop();
    CHECK(server.stop() == 0);
    CHECK(told.acknowledged() > kills);
    check_against(told, server.database());
}

TEST_CASE("MariaDB killed thirty times under load, with the server or without, loses and doubles nothing", "[faults]") {
    if (kind() != "mariadb") return;
    private_mariadb database({"--innodb-flush-log-at-trx-commit=1"});
    running_server server("mariadb", {{"RELAIS_FORMS_LIMITS_ENABLED", "false"}}, database.socket());
    server.start();
    ledger told;
    load clients(server.port(), server.command("token add faults --role agent --rate 0"), told);
    moments next;
    auto slowest = milliseconds(0);
    for (int i = 0; i < kills; ++i) {
        auto with_server = i % 3 == 2;
        next.pass();
        if (with_server) server.kill();
        database.kill();
        database.start();
        if (with_server) server.start();
        slowest = std::max(slowest, time_to_accept(told));
    }
    clients.stop();
    CHECK(server.stop() == 0);
    std::printf("accepts again at most %lld ms after the database does\n", static_cast<long long>(slowest.count()));
    CHECK(slowest < std::chrono::seconds(10)); // 5 s at most between two tries of a session, and the time of a busy machine
    check_against(told, server.database());
}
