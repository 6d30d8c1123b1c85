// SPDX-License-Identifier: EUPL-1.2
#include "server/lmtp_server.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <spdlog/spdlog.h>

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <mutex>
#include <set>
#include <stdexcept>

namespace relais::server {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

constexpr int look_ms = 100;

bool send_all(int to, std::string_view bytes) {
    while (!bytes.empty()) {
        auto sent = ::send(to, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

} // namespace

struct lmtp_server::listening {
    asio::io_context context;
    tcp::acceptor acceptor{context};
    std::unique_ptr<asio::thread_pool> pool;
    std::vector<network> allowed;
    std::atomic<int> open = 0;
    std::mutex mutex;
    std::set<int> clients;
};

lmtp_server::lmtp_server(options how, std::function<lmtp_session::office()> office)
    : how_(std::move(how)), office_(std::move(office)), listening_(std::make_unique<listening>()) {
    auto endpoint = parse_endpoint(how_.listen);
    if (!endpoint) throw std::runtime_error("inbound.listen: " + how_.listen + " is not ADDRESS:PORT");
    for (const auto& each : how_.allowed)
        if (auto block = parse_network(each)) listening_->allowed.push_back(*block);
    auto& acceptor = listening_->acceptor;
    try {
        acceptor.open(endpoint->protocol());
        acceptor.set_option(tcp::acceptor::reuse_address(true));
        acceptor.bind(*endpoint);
        acceptor.listen();
        acceptor.non_blocking(true);
    } catch (const boost::system::system_error& error) {
        throw std::runtime_error("cannot listen for mails on " + how_.listen + ": " + error.code().message());
    }
    port_ = acceptor.local_endpoint().port();
    listening_->pool = std::make_unique<asio::thread_pool>(static_cast<std::size_t>(how_.connections));
    thread_ = std::thread([this] { accept_all(); });
}

lmtp_server::~lmtp_server() { stop(); }

void lmtp_server::stop() {
    if (is_stopped_.exchange(true)) return;
    thread_.join();
    {
        // What is being kept is kept; the next command finds the end.
        std::lock_guard lock(listening_->mutex);
        for (auto client : listening_->clients) ::shutdown(client, SHUT_RD);
    }
    listening_->pool->join();
}

void lmtp_server::accept_all() {
    auto& all = *listening_;
    while (!is_stopped_) {
        pollfd waiting{all.acceptor.native_handle(), POLLIN, 0};
        if (::poll(&waiting, 1, look_ms) <= 0) continue;
        boost::system::error_code error;
        tcp::endpoint peer;
        auto accepted = all.acceptor.accept(peer, error);
        if (error) continue;
        accepted.non_blocking(false, error);
        auto client = accepted.release(error);
        auto address = plain_address(peer.address());
        auto is_ours = std::any_of(all.allowed.begin(), all.allowed.end(), [&](const auto& each) { return each.contains(address); });
        if (!is_ours || all.open >= how_.connections) {
            send_all(client, is_ours ? "421 4.3.2 too busy\r\n" : "554 5.7.1 not from there\r\n");
            ::close(client);
            continue;
        }
        ++all.open;
        asio::post(*all.pool, [this, client] { serve(client); });
    }
}

void lmtp_server::serve(int client) {
    auto note = [this, client](bool is_here) {
        std::lock_guard lock(listening_->mutex);
        is_here ? void(listening_->clients.insert(client)) : void(listening_->clients.erase(client));
    };
    note(true);
    timeval patience{how_.silence_s, 0};
    ::setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ::setsockopt(client, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    lmtp_session session(how_.host, office_(), how_.limits);
    std::array<char, 16 * 1024> block;
    auto goes_on = send_all(client, session.greeting());
    while (goes_on && !session.is_over()) {
        auto size = ::recv(client, block.data(), block.size(), 0);
        if (size <= 0) break;
        goes_on = send_all(client, session.feed({block.data(), static_cast<std::size_t>(size)}));
    }
    note(false);
    ::close(client);
    --listening_->open;
}

} // namespace relais::server
