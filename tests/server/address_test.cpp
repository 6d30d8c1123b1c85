// SPDX-License-Identifier: EUPL-1.2
#include "server/address.hpp"
#include "server/http/connection_counts.hpp"

#include <catch2/catch.hpp>

using namespace relais::server;
using boost::asio::ip::make_address;

TEST_CASE("a block of addresses holds those that share its prefix", "[address]") {
    struct sample {
        const char* block;
        const char* address;
        bool inside;
    };
    auto [block, address, inside] = GENERATE(values<sample>({
        {"10.0.0.0/8", "10.255.255.255", true},
        {"10.0.0.0/8", "11.0.0.0", false},
        {"192.0.2.128/25", "192.0.2.128", true},
        {"192.0.2.128/25", "192.0.2.127", false},
        {"192.0.2.7", "192.0.2.7", true},
        {"192.0.2.7", "192.0.2.8", false},
        {"0.0.0.0/0", "203.0.113.1", true},
        {"0.0.0.0/0", "::1", false},
        {"fd00::/8", "fdff::1", true},
        {"fd00::/8", "fe00::1", false},
        {"::ffff:192.0.2.7", "192.0.2.7", true},
    }));
    INFO(block << " " << address);
    REQUIRE(parse_network(block));
    CHECK(parse_network(block)->contains(make_address(address)) == inside);
}

TEST_CASE("what is not a block of addresses is refused", "[address]") {
    for (auto text : {"", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/", "10.0.0/8", "fd00::/129", "localhost/8", "10.0.0.0/8x"})
        CHECK_FALSE(parse_network(text));
}

TEST_CASE("an address and a port are read, names and halves are not", "[address]") {
    CHECK(parse_endpoint("127.0.0.1:8080")->port() == 8080);
    CHECK(parse_endpoint("localhost:0")->address() == make_address("127.0.0.1"));
    CHECK(parse_endpoint("[::1]:65535")->port() == 65535);
    for (auto text : {"", "8080", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1", "::1:80", "[::1]", "example.test:80"})
        CHECK_FALSE(parse_endpoint(text));
}

TEST_CASE("the client's address is read from the end, and only as far as our own proxies wrote it", "[address]") {
    auto ours = std::vector<network>{*parse_network("10.0.0.0/8"), *parse_network("192.0.2.1")};
    auto of = [&](const char* peer, const char* header) { return client_address(make_address(peer), header, ours).to_string(); };
    CHECK(of("203.0.113.5", "198.51.100.1") == "203.0.113.5"); // not a proxy of ours
    CHECK(of("10.0.0.1", "") == "10.0.0.1");                   // nothing was said
    CHECK(of("10.0.0.1", "198.51.100.1") == "198.51.100.1");
    CHECK(of("10.0.0.1", "1.2.3.4, 198.51.100.1, 192.0.2.1") == "198.51.100.1"); // the rest is the client's own word
    CHECK(of("10.0.0.1", "1.2.3.4, rubbish") == "10.0.0.1");
    CHECK(of("::ffff:10.0.0.1", "2001:db8::1") == "2001:db8::1");
}

TEST_CASE("an IPv6 customer is counted by its /64", "[address]") {
    connection_counts counts(10, 2);
    CHECK(counts.enter(make_address("2001:db8::1"), false));
    CHECK(counts.enter(make_address("2001:db8::2"), false));
    CHECK_FALSE(counts.enter(make_address("2001:db8::3"), false));
    CHECK(counts.enter(make_address("2001:db8:0:1::1"), false));
    counts.leave(make_address("2001:db8::1"));
    CHECK(counts.enter(make_address("2001:db8::4"), false));
    CHECK(counts.all() == 3);
}

TEST_CASE("so many connections in all, and our proxies are not counted by address", "[address]") {
    connection_counts counts(3, 1);
    auto proxy = make_address("10.0.0.1");
    CHECK(counts.enter(proxy, true));
    CHECK(counts.enter(proxy, true));
    CHECK(counts.enter(proxy, true));
    CHECK_FALSE(counts.enter(proxy, true));
    CHECK_FALSE(counts.enter(make_address("10.0.0.2"), false));
}
