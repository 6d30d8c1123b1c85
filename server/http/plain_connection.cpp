// SPDX-License-Identifier: EUPL-1.2
#include "server/http/connection.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace relais::server {
namespace {

class plain final : public connection {
public:
    plain(asio::ip::tcp::socket socket, asio::ip::address client) : connection(std::move(client)), socket_(std::move(socket)) {}

    asio::awaitable<void> greet(error_code&) override { co_return; }

    asio::awaitable<std::size_t> read_some(asio::mutable_buffer into, error_code& error) override {
        co_return co_await socket_.async_read_some(into, asio::redirect_error(asio::use_awaitable, error));
    }

    asio::awaitable<std::size_t> write_some(const std::array<asio::const_buffer, 2>& pieces, error_code& error) override {
        co_return co_await socket_.async_write_some(pieces, asio::redirect_error(asio::use_awaitable, error));
    }

    asio::awaitable<void> say_goodbye() override {
        error_code ignored;
        socket_.shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
        co_return;
    }

    void cut() override {
        error_code ignored;
        socket_.close(ignored);
    }

private:
    asio::ip::tcp::socket socket_;
};

} // namespace

std::unique_ptr<connection> plain_connection(asio::ip::tcp::socket socket, asio::ip::address peer) {
    return std::make_unique<plain>(std::move(socket), std::move(peer));
}

} // namespace relais::server
