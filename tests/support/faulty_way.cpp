// SPDX-License-Identifier: EUPL-1.2
#include "tests/support/faulty_way.hpp"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <deque>
#include <stdexcept>
#include <vector>

namespace relais::tests {

namespace {

using steady = std::chrono::steady_clock;
constexpr int look_ms = 10;
constexpr unsigned char execute_statement = 0x17; // COM_STMT_EXECUTE
constexpr std::size_t command_at = 4;             // after the length and the number of the packet

sockaddr_in loopback(int port) {
    sockaddr_in out{};
    out.sin_family = AF_INET;
    out.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    out.sin_port = htons(static_cast<std::uint16_t>(port));
    return out;
}

bool send_all(int to, const char* bytes, std::size_t size) {
    while (size > 0) {
        auto sent = ::send(to, bytes, size, MSG_NOSIGNAL);
        if (sent <= 0) return false;
        bytes += sent, size -= static_cast<std::size_t>(sent);
    }
    return true;
}

// A reset, not a farewell.
void cut_off(int socket) {
    linger at_once{1, 0};
    ::setsockopt(socket, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

struct piece {
    steady::time_point due;
    std::vector<char> bytes;
};

} // namespace

faulty_way::faulty_way(int to_port) : to_port_(to_port), listening_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    auto address = loopback(0);
    socklen_t size = sizeof address;
    if (::bind(listening_, reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(listening_, 64) != 0)
        throw std::runtime_error("the faulty way cannot listen");
    ::getsockname(listening_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    acceptor_ = std::thread([this] { accept_all(); });
}

faulty_way::~faulty_way() {
    stopping_ = true;
    acceptor_.join();
    for (auto& each : carriers_) each.join();
    ::close(listening_);
}

void faulty_way::accept_all() {
    while (!stopping_) {
        pollfd waiting{listening_, POLLIN, 0};
        if (::poll(&waiting, 1, look_ms) <= 0) continue;
        auto client = ::accept4(listening_, nullptr, nullptr, SOCK_CLOEXEC);
        if (client >= 0) carriers_.emplace_back([this, client] { carry(client); });
    }
}

bool faulty_way::is_to_be_cut(const char* bytes, std::size_t size) {
    if (size <= command_at || static_cast<unsigned char>(bytes[command_at]) != execute_statement) return false;
    ++questions_;
    std::lock_guard lock(mutex_);
    if (std::uniform_int_distribution<int>(0, 99)(random_) >= cut_percent_) return false;
    ++cuts_;
    return true;
}

void faulty_way::carry(int client) {
    auto server = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    auto address = loopback(to_port_);
    auto is_open = ::connect(server, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
    std::deque<piece> answers; // on their way back
    std::array<char, 65536> bytes;
    while (is_open && !stopping_) {
        std::array<pollfd, 2> ends = {{{client, POLLIN, 0}, {server, POLLIN, 0}}};
        ::poll(ends.data(), ends.size(), look_ms);
        if (ends[0].revents != 0) {
            auto size = ::recv(client, bytes.data(), bytes.size(), 0);
            is_open = size > 0 && !is_to_be_cut(bytes.data(), static_cast<std::size_t>(size)) &&
                      send_all(server, bytes.data(), static_cast<std::size_t>(size));
        }
        if (is_open && ends[1].revents != 0) {
            auto size = ::recv(server, bytes.data(), bytes.size(), 0);
            is_open = size > 0;
            if (is_open) answers.push_back({steady::now() + std::chrono::milliseconds(delay_ms_), {bytes.data(), bytes.data() + size}});
        }
        for (; is_open && !answers.empty() && answers.front().due <= steady::now(); answers.pop_front())
            is_open = send_all(client, answers.front().bytes.data(), answers.front().bytes.size());
    }
    cut_off(client);
    ::close(client);
    ::close(server);
}

} // namespace relais::tests
