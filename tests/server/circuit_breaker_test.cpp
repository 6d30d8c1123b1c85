// SPDX-License-Identifier: EUPL-1.2
#include "server/circuit_breaker.hpp"

#include <catch2/catch.hpp>

using namespace relais::server;
using namespace std::chrono_literals;

namespace {
const circuit_breaker::steady::time_point start{};
}

TEST_CASE("five failures in a row open the breaker, four do not", "[circuit_breaker]") {
    circuit_breaker breaker({});
    for (int i = 0; i < 4; ++i) breaker.record(false, start);
    CHECK_FALSE(breaker.is_open());
    CHECK(breaker.allow(start));
    breaker.record(true, start);
    for (int i = 0; i < 5; ++i) breaker.record(false, start);
    CHECK(breaker.is_open());
    CHECK_FALSE(breaker.allow(start));
}

TEST_CASE("half of twenty answers failing opens it too, nine of twenty does not", "[circuit_breaker]") {
    circuit_breaker nine({}), ten({});
    for (int i = 0; i < 20; ++i) {
        nine.record(i % 2 == 0 || i == 19, start);
        ten.record(i % 2 == 0, start);
    }
    CHECK_FALSE(nine.is_open());
    CHECK(ten.is_open());
}

TEST_CASE("an open breaker lets one probe through every five seconds, and a good one closes it", "[circuit_breaker]") {
    circuit_breaker breaker({});
    for (int i = 0; i < 5; ++i) breaker.record(false, start);
    CHECK_FALSE(breaker.allow(start + 4999ms));
    CHECK(breaker.would_allow(start + 5s));
    CHECK(breaker.allow(start + 5s));
    CHECK_FALSE(breaker.allow(start + 5s));
    breaker.record(false, start + 5s);
    CHECK_FALSE(breaker.allow(start + 9999ms));
    CHECK(breaker.allow(start + 10s));
    breaker.record(true, start + 10s);
    CHECK_FALSE(breaker.is_open());
    CHECK(breaker.allow(start + 10s));
    breaker.record(false, start + 10s); // what failed before the recovery is forgotten
    CHECK_FALSE(breaker.is_open());
}
