// SPDX-License-Identifier: EUPL-1.2
#include "tests/support/raw_client.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <cctype>
#include <stdexcept>

namespace relais::tests {

std::string raw_answer::header(const std::string& name) const {
    auto found = headers.find(name);
    return found == headers.end() ? "" : found->second;
}

raw_client::raw_client(std::uint16_t port, std::chrono::milliseconds patience) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    timeval limit{patience.count() / 1000, patience.count() % 1000 * 1000};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    if (::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) throw std::runtime_error("cannot connect");
}

raw_client::~raw_client() { ::close(socket_); }

bool raw_client::send(std::string_view bytes) {
    while (!bytes.empty()) {
        auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

bool raw_client::receive() {
    std::array<char, 16 * 1024> block;
    auto size = ::recv(socket_, block.data(), block.size(), 0);
    if (size < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) throw std::runtime_error("the server kept silent too long");
    if (size <= 0) return false;
    received_.append(block.data(), static_cast<std::size_t>(size));
    return true;
}

std::string raw_client::take_line() {
    for (;;) {
        auto end = received_.find("\r\n");
        if (end == std::string::npos && receive()) continue;
        if (end == std::string::npos) throw std::runtime_error("the server closed before the end of a line");
        auto line = received_.substr(0, end);
        received_.erase(0, end + 2);
        return line;
    }
}

std::string raw_client::take(std::size_t size) {
    while (received_.size() < size)
        if (!receive()) throw std::runtime_error("the server closed before the end of a body");
    auto bytes = received_.substr(0, size);
    received_.erase(0, size);
    return bytes;
}

raw_answer raw_client::read_answer(bool has_body) {
    raw_answer out;
    out.status = std::stoi(take_line().substr(9, 3));
    for (auto line = take_line(); !line.empty(); line = take_line()) {
        auto colon = line.find(": ");
        auto name = line.substr(0, colon);
        for (auto& letter : name) letter = static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
        out.headers[name] = line.substr(colon + 2);
    }
    if (!has_body || out.status == 304 || out.status == 204) return out;
    if (out.headers.contains("content-length"))
        out.body = take(std::stoul(out.header("content-length")));
    else if (out.header("transfer-encoding") == "chunked")
        for (auto size = std::stoul(take_line(), nullptr, 16);; size = std::stoul(take_line(), nullptr, 16)) {
            out.body += take(size);
            take_line();
            if (size == 0) break;
        }
    else
        out.body = read_to_end();
    return out;
}

std::string raw_client::read_until(std::string_view text) {
    for (;;) {
        if (auto at = received_.find(text); at != std::string::npos) return take(at + text.size());
        if (!receive()) throw std::runtime_error("the server closed before it said " + std::string(text));
    }
}

std::string raw_client::read_to_end() {
    while (receive()) {
    }
    return std::exchange(received_, {});
}

std::chrono::milliseconds raw_client::wait_for_close() {
    auto start = std::chrono::steady_clock::now();
    while (receive()) {
    }
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start);
}

void raw_client::stop_sending() { ::shutdown(socket_, SHUT_WR); }

raw_answer ask(std::uint16_t port, std::string_view request) {
    raw_client client(port);
    client.send(request);
    return client.read_answer(!request.starts_with("HEAD "));
}

std::string get(std::string_view path, std::string_view fields) {
    return "GET " + std::string(path) + " HTTP/1.1\r\nHost: relais.example.test\r\n" + std::string(fields) + "\r\n";
}

int count_answers(std::string_view received) {
    int count = 0;
    for (auto at = received.find("HTTP/1.1 "); at != std::string_view::npos; at = received.find("HTTP/1.1 ", at + 1)) ++count;
    return count;
}

} // namespace relais::tests
