// SPDX-License-Identifier: EUPL-1.2
#include "server/control_server.hpp"

#include "api/json_body.hpp"

#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <spdlog/spdlog.h>

#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <future>
#include <iostream>
#include <mutex>
#include <set>
#include <stdexcept>

namespace relais::server {

namespace asio = boost::asio;
using unix_socket = asio::local::stream_protocol;
using nlohmann::json;

namespace {

constexpr int commands_at_once = 4;

bool is_one_of_us(unix_socket::iostream& client) {
    ucred peer{};
    socklen_t size = sizeof peer;
    auto known = ::getsockopt(client.socket().native_handle(), SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0;
    return known && (peer.uid == 0 || peer.uid == ::geteuid());
}

void say(std::ostream& client, const char* kind, const json& what) {
    client << api::json_body::dump({{kind, what}}) << '\n' << std::flush;
    if (!client) throw std::runtime_error("the person who asked has left");
}

void serve_command(unix_socket::iostream& client, const command_services& with) {
    std::string line;
    std::getline(client, line);
    auto asked = api::json_body::parse(line);
    auto name = asked.at("command").get<std::string>();
    auto arguments = asked.at("arguments");
    spdlog::info("command through the control socket: {}", name);
    auto progress = [&client](const std::string& text) { say(client, "progress", text); };
    auto result = [&client](const std::string& text) { say(client, "result", text); };
    std::istream input(client.rdbuf()); // its end is not the end of what we say
    command_context context{with, arguments, input, progress, result};
    say(client, "exit", run_command(name, context));
}

// Everything that can be read, then the sign that nothing follows; false when the server would not have it all. On the descriptor itself:
// the stream belongs to the reading thread.
bool pour(std::istream& input, int descriptor) {
    std::array<char, 64 * 1024> block;
    while (input.read(block.data(), block.size()) || input.gcount() > 0) {
        auto rest = std::string_view(block.data(), static_cast<std::size_t>(input.gcount()));
        while (!rest.empty()) {
            auto sent = ::send(descriptor, rest.data(), rest.size(), MSG_NOSIGNAL);
            if (sent <= 0) return false;
            rest.remove_prefix(static_cast<std::size_t>(sent));
        }
    }
    ::shutdown(descriptor, SHUT_WR);
    return true;
}

} // namespace

struct control_server::listening {
    asio::io_context context;
    unix_socket::acceptor acceptor{context};
    asio::thread_pool pool{commands_at_once};
    std::mutex mutex;
    std::set<int> clients; // descriptors being served
};

control_server::control_server(const std::string& socket_file, command_services what)
    : socket_file_(socket_file), services_(std::move(what)), listening_(std::make_unique<listening>()) {
    ::unlink(socket_file_.c_str()); // left by a server that was killed: the directory's lock says that none runs
    try {
        auto& acceptor = listening_->acceptor;
        acceptor.open();
        auto before = ::umask(0177);
        acceptor.bind(unix_socket::endpoint(socket_file_));
        ::umask(before);
        acceptor.listen();
        acceptor.non_blocking(true);
    } catch (const boost::system::system_error& error) {
        throw std::runtime_error("cannot open the control socket " + socket_file_ + ": " + error.code().message());
    }
    thread_ = std::thread([this] { accept_all(); });
}

control_server::~control_server() { stop(); }

void control_server::stop() {
    if (is_stopped_.exchange(true)) return;
    thread_.join();
    {
        // A command that waits for more input gets its end, and finishes with what it has.
        std::lock_guard lock(listening_->mutex);
        for (auto descriptor : listening_->clients) ::shutdown(descriptor, SHUT_RD);
    }
    listening_->pool.join();
    ::unlink(socket_file_.c_str());
}

void control_server::accept_all() {
    constexpr int patience_ms = 100;
    while (!is_stopped_) {
        pollfd waiting{listening_->acceptor.native_handle(), POLLIN, 0};
        if (::poll(&waiting, 1, patience_ms) <= 0) continue;
        auto client = std::make_shared<unix_socket::iostream>();
        boost::system::error_code error;
        listening_->acceptor.accept(client->socket(), error);
        if (error || !is_one_of_us(*client)) continue;
        asio::post(listening_->pool, [this, client] { serve(*client); });
    }
}

void control_server::serve(unix_socket::iostream& client) {
    auto note = [this, descriptor = client.socket().native_handle()](bool is_here) {
        std::lock_guard lock(listening_->mutex);
        is_here ? void(listening_->clients.insert(descriptor)) : void(listening_->clients.erase(descriptor));
    };
    note(true);
    try {
        serve_command(client, services_);
    } catch (const std::exception& fault) {
        spdlog::warn("a command through the control socket ended early: {}", fault.what());
    }
    note(false);
}

int run_through_server(const std::string& socket_file, std::string_view name, const json& arguments, std::istream& input) {
    unix_socket::iostream server;
    server.connect(unix_socket::endpoint(socket_file));
    if (!server) {
        std::cerr << "the data directory is in use, but " << socket_file << " does not answer: is another relais starting or stopping?\n";
        return 1;
    }
    server << api::json_body::dump({{"command", name}, {"arguments", arguments}}) << '\n' << std::flush;
    // The input flows from a thread of its own, since the server talks while it reads.
    auto is_whole = std::async(std::launch::async, pour, std::ref(input), server.socket().native_handle());
    int status = 1;
    for (std::string line; std::getline(server, line);) {
        auto said = json::parse(line, nullptr, false);
        if (said.contains("progress")) std::cerr << said["progress"].get<std::string>() << std::endl;
        if (said.contains("result")) std::cout << said["result"].get<std::string>() << std::endl;
        if (said.contains("exit")) status = said["exit"].get<int>();
    }
    if (is_whole.get() || status != 0) return status;
    std::cerr << "the server stopped before the end of the input, and kept what it had read: run the command again\n";
    return 1;
}

} // namespace relais::server
