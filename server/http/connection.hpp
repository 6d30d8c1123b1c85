// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <memory>

namespace boost::asio::ssl {
class context;
}

namespace relais::server {

namespace asio = boost::asio;
using steady = std::chrono::steady_clock;
using boost::system::error_code;

// The bytes of one client, in clear or under TLS. It belongs to one I/O thread, whose heartbeat cuts it when its deadline passes:
// an operation under way then ends with an error.
class connection {
public:
    explicit connection(asio::ip::address client) : peer(std::move(client)) {}
    virtual ~connection() = default;
    connection(const connection&) = delete;
    connection& operator=(const connection&) = delete;

    // Agrees on the keys; nothing to do in clear.
    virtual asio::awaitable<void> greet(error_code& error) = 0;
    virtual asio::awaitable<std::size_t> read_some(asio::mutable_buffer into, error_code& error) = 0;
    // Two pieces, so that a head and its body leave in one system call.
    virtual asio::awaitable<std::size_t> write_some(const std::array<asio::const_buffer, 2>& pieces, error_code& error) = 0;
    // Says that nothing more will be sent.
    virtual asio::awaitable<void> say_goodbye() = 0;
    // Closes at once. Only its own thread may call it.
    virtual void cut() = 0;

    const asio::ip::address peer; // IPv4 in its own form, never mapped
    steady::time_point deadline = steady::time_point::max();
    bool is_idle = false; // between two requests, with nothing received
};

std::unique_ptr<connection> plain_connection(asio::ip::tcp::socket socket, asio::ip::address peer);
std::unique_ptr<connection> tls_connection(asio::ip::tcp::socket socket, asio::ip::address peer, asio::ssl::context& keys);

} // namespace relais::server
