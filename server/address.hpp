// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace relais::server {

// A block of addresses: "10.0.0.0/8", "fd00::/8", or one address alone.
struct network {
    boost::asio::ip::address base;
    int prefix_bits = 0;
    bool contains(const boost::asio::ip::address& address) const;
};

// Nothing when the text is not an address or a CIDR block.
std::optional<network> parse_network(std::string_view text);
// "127.0.0.1:8080", "[::1]:8080"; nothing when it is not an address and a port.
std::optional<boost::asio::ip::tcp::endpoint> parse_endpoint(std::string_view text);
// ::ffff:192.0.2.1 becomes 192.0.2.1, so that one client has one address.
boost::asio::ip::address plain_address(const boost::asio::ip::address& address);

// Whose address is written in X-Forwarded-For, read from its end: the first one that is not a proxy of ours.
// The header counts only when the peer itself is a trusted proxy. Source: security.md line 26.
boost::asio::ip::address client_address(const boost::asio::ip::address& peer, std::string_view forwarded_for,
                                        const std::vector<network>& proxies);

} // namespace relais::server
