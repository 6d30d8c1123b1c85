// SPDX-License-Identifier: EUPL-1.2
#include "server/clock_watch.hpp"

#include <catch2/catch.hpp>

using namespace relais;
using namespace std::chrono_literals;
using server::clock_watch;

namespace {

// A machine that runs, with a clock on its wall.
struct machine {
    clock_watch watch{1h};
    model::sys_seconds wall = model::at_seconds(1'795'773'600);
    std::chrono::seconds running = 500s;

    bool after(std::chrono::seconds passed, std::chrono::seconds jumped = 0s) {
        running += passed, wall += passed + jumped;
        return watch.is_trusted(wall, running);
    }
};

} // namespace

TEST_CASE("a clock that went forward by itself is doubted for an hour, or until it is put back", "[clock]") {
    machine it;
    CHECK(it.after(0s));
    CHECK(it.after(24h)); // asleep, and the clock with it
    CHECK(it.after(5s, clock_watch::tolerance));
    CHECK_FALSE(it.after(5s, 72h));
    CHECK_FALSE(it.after(30min));
    CHECK_FALSE(it.after(30min - 1s));
    CHECK(it.after(1s)); // it stands: the machine had been wrong before
    CHECK(it.after(5s));
    CHECK_FALSE(it.after(5s, 24h));
    CHECK_FALSE(it.after(59min));
    CHECK(it.after(5s, -24h));      // put back
    CHECK_FALSE(it.after(5s, 24h)); // and doubted from the beginning
    CHECK_FALSE(it.after(59min));
}

TEST_CASE("a second jump is doubted from its own moment, and many small ones are one", "[clock]") {
    machine it;
    CHECK(it.after(0s));
    CHECK_FALSE(it.after(5s, 15min));
    CHECK_FALSE(it.after(59min, 24h * 7));
    CHECK_FALSE(it.after(59min));
    CHECK(it.after(1min));
    CHECK(it.after(5s, 6min));
    CHECK_FALSE(it.after(5s, 6min));
    machine slow; // a second in an hour is a poor clock, and no jump
    CHECK(slow.after(0s));
    for (int i = 0; i < 2000; ++i) REQUIRE(slow.after(1h, 1s));
}

TEST_CASE("a clock put back is trusted, and one that nobody doubts always is", "[clock]") {
    machine it;
    CHECK(it.after(0s));
    CHECK(it.after(5s, -24h * 30));
    machine easy{clock_watch(0s)};
    CHECK(easy.after(0s));
    CHECK(easy.after(5s, 24h * 30));
}

TEST_CASE("the machine runs on", "[clock]") {
    auto before = server::machine_running();
    CHECK(before.count() > 0);
    CHECK(server::machine_running() >= before);
}
