// SPDX-License-Identifier: EUPL-1.2
#include "server/http/connection.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace relais::server {
namespace {

class under_tls final : public connection {
public:
    under_tls(asio::ip::tcp::socket socket, asio::ip::address client, asio::ssl::context& keys)
        : connection(std::move(client)), stream_(std::move(socket), keys) {}

    asio::awaitable<void> greet(error_code& error) override {
        co_await stream_.async_handshake(asio::ssl::stream_base::server, asio::redirect_error(asio::use_awaitable, error));
    }

    asio::awaitable<std::size_t> read_some(asio::mutable_buffer into, error_code& error) override {
        co_return co_await stream_.async_read_some(into, asio::redirect_error(asio::use_awaitable, error));
    }

    asio::awaitable<std::size_t> write_some(const std::array<asio::const_buffer, 2>& pieces, error_code& error) override {
        co_return co_await stream_.async_write_some(pieces, asio::redirect_error(asio::use_awaitable, error));
    }

    asio::awaitable<void> say_goodbye() override {
        error_code ignored;
        co_await stream_.async_shutdown(asio::redirect_error(asio::use_awaitable, ignored));
        stream_.next_layer().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
    }

    void cut() override {
        error_code ignored;
        stream_.next_layer().close(ignored);
    }

private:
    asio::ssl::stream<asio::ip::tcp::socket> stream_;
};

} // namespace

std::unique_ptr<connection> tls_connection(asio::ip::tcp::socket socket, asio::ip::address peer, asio::ssl::context& keys) {
    return std::make_unique<under_tls>(std::move(socket), std::move(peer), keys);
}

} // namespace relais::server
