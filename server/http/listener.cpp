// SPDX-License-Identifier: EUPL-1.2
#include "server/http/listener.hpp"

#include "api/metrics.hpp"
#include "model/thread_role.hpp"
#include "server/http/connection_counts.hpp"
#include "server/http/heartbeat.hpp"
#include "server/http/session.hpp"
#include "server/http/tls_keys.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <stdexcept>
#include <thread>

namespace relais::server {

using asio::ip::tcp;

struct http_listener::shared {
    shared(http_site& served, const options& how)
        : site(served), counts(served.limits.connections, served.limits.connections_per_address), keys(load_tls_keys(how.tls)) {}
    http_site& site;
    connection_counts counts;
    std::shared_ptr<asio::ssl::context> keys; // null: in clear
    std::vector<std::uint16_t> ports;
};

namespace {

// Lets each thread have an acceptor on one port: the kernel spreads the connections.
using reuse_port = asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;

[[noreturn]] void cannot_listen(const std::string& address, const std::string& why) {
    throw std::runtime_error("cannot listen on " + address + ": " + why);
}

tcp::acceptor open_acceptor(asio::io_context& context, const tcp::endpoint& where, bool shares_port) {
    tcp::acceptor acceptor(context, where.protocol());
    acceptor.set_option(tcp::acceptor::reuse_address(true));
    if (shares_port) acceptor.set_option(reuse_port(true));
    if (where.protocol() == tcp::v6()) acceptor.set_option(asio::ip::v6_only(true));
    acceptor.bind(where);
    acceptor.listen();
    return acceptor;
}

// Another server on this port would share it silently through SO_REUSEPORT: asking for it alone first tells.
void check_is_free(const tcp::endpoint& where) {
    asio::io_context context;
    open_acceptor(context, where, false);
}

} // namespace

class http_listener::io_thread {
public:
    explicit io_thread(shared& all) : all_(all), pulse_(context_, [this] { all_.site.app.counters.add(api::counter::deadlines_passed); }) {}

    void bind(const tcp::endpoint& where) { acceptors_.push_back(open_acceptor(context_, where, true)); }
    std::uint16_t port(std::size_t n) const { return acceptors_[n].local_endpoint().port(); }
    double worst_lateness_ms() { return pulse_.worst_lateness_ms(); }

    void start() {
        pulse_.start();
        for (auto& each : acceptors_) asio::co_spawn(context_, accept(each), asio::detached);
        thread_ = std::thread([this] { model::thread_role::name("http"), context_.run(); });
    }

    void stop_accepting() {
        asio::post(context_, [this] {
            for (auto& each : acceptors_) close_acceptor(each);
            pulse_.hurry_idle();
        });
    }

    void stop() {
        if (!thread_.joinable()) return;
        asio::post(context_, [this] {
            for (auto& each : acceptors_) close_acceptor(each);
            pulse_.cut_all();
            pulse_.stop();
        });
        thread_.join();
    }

private:
    asio::awaitable<void> accept(tcp::acceptor& acceptor) {
        while (acceptor.is_open()) {
            tcp::socket socket(context_);
            error_code error;
            co_await acceptor.async_accept(socket, asio::redirect_error(asio::use_awaitable, error));
            if (!error) welcome(std::move(socket));
            // Out of descriptors, most likely: some will come back as connections end.
            else if (error != asio::error::operation_aborted)
                co_await pause();
        }
    }

    asio::awaitable<void> pause() {
        asio::steady_timer timer(context_, std::chrono::milliseconds(50));
        error_code ignored;
        co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    }

    // What the kernel has already accepted for us is served before the door closes.
    void close_acceptor(tcp::acceptor& acceptor) {
        error_code error;
        acceptor.non_blocking(true, error);
        while (!error) {
            tcp::socket socket(context_);
            acceptor.accept(socket, error);
            if (!error) welcome(std::move(socket));
        }
        acceptor.close(error);
    }

    void welcome(tcp::socket socket) {
        error_code error;
        auto peer = plain_address(socket.remote_endpoint(error).address());
        if (error) return;
        const auto& proxies = all_.site.proxies;
        auto is_proxy = std::any_of(proxies.begin(), proxies.end(), [&](const network& each) { return each.contains(peer); });
        if (!all_.counts.enter(peer, is_proxy)) return all_.site.app.counters.add(api::counter::connections_refused);
        all_.site.app.counters.add(api::counter::connections_accepted);
        socket.set_option(tcp::no_delay(true), error);
        asio::co_spawn(context_, serve(std::move(socket), peer), asio::detached);
    }

    asio::awaitable<void> serve(tcp::socket socket, asio::ip::address peer) {
        auto client = all_.keys ? tls_connection(std::move(socket), peer, *all_.keys) : plain_connection(std::move(socket), peer);
        pulse_.watch(*client);
        try {
            http_session session(*client, all_.site);
            co_await session.run();
        } catch (const std::exception& error) {
            spdlog::error("a connection ended on a fault: {}", error.what());
        }
        pulse_.forget(*client);
        client.reset();
        all_.counts.leave(peer);
    }

    shared& all_;
    asio::io_context context_{1};
    heartbeat pulse_;
    std::vector<tcp::acceptor> acceptors_;
    std::thread thread_;
};

http_listener::http_listener(http_site& site, const options& how) : shared_(std::make_unique<shared>(site, how)) {
    for (int i = 0; i < std::max(1, how.threads); ++i) threads_.push_back(std::make_unique<io_thread>(*shared_));
    for (const auto& text : how.addresses) {
        auto where = parse_endpoint(text);
        if (!where) cannot_listen(text, "it is not ADDRESS:PORT");
        try {
            if (where->port() != 0) check_is_free(*where);
            for (auto& thread : threads_) {
                thread->bind(*where);
                where->port(thread->port(shared_->ports.size()));
            }
        } catch (const boost::system::system_error& error) {
            cannot_listen(text, error.code().message());
        }
        shared_->ports.push_back(where->port());
    }
}

http_listener::~http_listener() { stop(); }

void http_listener::start() {
    for (auto& each : threads_) each->start();
}

std::vector<std::uint16_t> http_listener::ports() const { return shared_->ports; }

void http_listener::stop_accepting() {
    for (auto& each : threads_) each->stop_accepting();
}

bool http_listener::wait_for_connections(std::chrono::milliseconds limit) {
    constexpr auto step = std::chrono::milliseconds(5);
    for (auto until = steady::now() + limit; connections() > 0; std::this_thread::sleep_for(step))
        if (steady::now() >= until) return false;
    return true;
}

void http_listener::stop() {
    for (auto& each : threads_) each->stop();
}

int http_listener::connections() const { return shared_->counts.all(); }

double http_listener::worst_lateness_ms() {
    double worst = 0;
    for (auto& each : threads_) worst = std::max(worst, each->worst_lateness_ms());
    return worst;
}

} // namespace relais::server
