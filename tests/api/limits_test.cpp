// SPDX-License-Identifier: EUPL-1.2
#include "api/limits.hpp"

#include <catch2/catch.hpp>

using namespace relais::api;

TEST_CASE("a bucket gives its burst, then what it refills", "[limits]") {
    limits rates;
    auto start = limits::steady::now();
    allowance five_in_ten_minutes{5, 600, 10};
    for (int i = 0; i < 10; ++i) CHECK(rates.take("a", five_in_ten_minutes, start) == 0);
    CHECK(rates.take("a", five_in_ten_minutes, start) == 120);
    CHECK(rates.take("a", five_in_ten_minutes, start + std::chrono::seconds(119)) == 1);
    CHECK(rates.take("a", five_in_ten_minutes, start + std::chrono::seconds(120)) == 0);
    CHECK(rates.take("b", five_in_ten_minutes, start) == 0);
    CHECK(rates.taken("a", five_in_ten_minutes, start + std::chrono::seconds(120)) == 10);
    CHECK(rates.taken("a", five_in_ten_minutes, start + std::chrono::seconds(1320)) == 0);
    CHECK(rates.taken("never", five_in_ten_minutes, start) == 0);
}

TEST_CASE("what was taken and not used comes back, and no more than was taken", "[limits]") {
    limits rates;
    auto start = limits::steady::now();
    allowance two_a_day{2, 86'400, 2};
    CHECK(rates.take("a", two_a_day, start) == 0);
    CHECK(rates.take("a", two_a_day, start) == 0);
    rates.give_back("a");
    CHECK(rates.take("a", two_a_day, start) == 0);
    CHECK(rates.take("a", two_a_day, start) > 0);
    for (int i = 0; i < 5; ++i) rates.give_back("a");
    rates.give_back("never");
    for (int i = 0; i < 2; ++i) CHECK(rates.take("a", two_a_day, start) == 0);
    CHECK(rates.take("a", two_a_day, start) > 0);
}

TEST_CASE("an IPv6 subscriber is one address for the limits", "[limits]") {
    CHECK(limited_address("2001:db8:1:2:3:4:5:6") == "2001:db8:1:2::/64");
    CHECK(limited_address("2001:db8:1:2:ffff::1") == "2001:db8:1:2::/64");
    CHECK(limited_address("2001:db8:1:3::1") == "2001:db8:1:3::/64");
    CHECK(limited_address("::ffff:192.0.2.1") == "192.0.2.1");
    CHECK(limited_address("192.0.2.1") == "192.0.2.1");
}
