// SPDX-License-Identifier: EUPL-1.2
#include "tests/support/http_client.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <stdexcept>

namespace relais::tests {

namespace {

sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

std::string lines_of(const std::map<std::string, std::string>& headers) {
    std::string out;
    for (const auto& [name, value] : headers) out += name + ": " + value + "\r\n";
    return out;
}

http_reply parse_head(std::string_view head) {
    http_reply out;
    if (head.size() < 12) return out;
    out.status = (head[9] - '0') * 100 + (head[10] - '0') * 10 + (head[11] - '0');
    for (auto at = head.find("\r\n"); at != std::string_view::npos && at + 2 < head.size();) {
        auto line = head.substr(at + 2, head.find("\r\n", at + 2) - at - 2);
        auto colon = line.find(':');
        if (colon != std::string_view::npos) {
            std::string name(line.substr(0, colon));
            std::transform(name.begin(), name.end(), name.begin(),
                           [](unsigned char each) { return static_cast<char>(std::tolower(each)); });
            auto value = line.substr(colon + 1);
            value.remove_prefix(std::min(value.find_first_not_of(' '), value.size()));
            auto& kept = out.headers[name];
            kept += (kept.empty() ? "" : "\n") + std::string(value); // several of a name come one a line
        }
        at = head.find("\r\n", at + 2);
    }
    return out;
}

} // namespace

http_reply http_client::get(const std::string& target, const std::map<std::string, std::string>& headers) {
    return exchange("GET " + target + " HTTP/1.1\r\nHost: 127.0.0.1\r\n" + lines_of(headers) + "\r\n");
}

http_reply http_client::post(const std::string& target, const std::string& body, const std::map<std::string, std::string>& headers) {
    return exchange("POST " + target + " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" +
                    lines_of(headers) + "\r\n" + body);
}

http_reply http_client::exchange(const std::string& bytes) {
    if (socket_ < 0 && !connect()) return {};
    std::string received;
    auto failed = [this] {
        close();
        return http_reply{};
    };
    if (!send_all(bytes)) return failed();
    std::size_t end = 0;
    while ((end = received.find("\r\n\r\n")) == std::string::npos)
        if (!receive_more(received)) return failed();
    auto out = parse_head(std::string_view(received).substr(0, end + 2));
    auto length = out.headers.count("content-length") ? std::stoul(out.headers["content-length"]) : 0;
    while (received.size() < end + 4 + length)
        if (!receive_more(received)) return failed();
    out.body = received.substr(end + 4, length);
    if (out.headers["connection"] == "close") close();
    return out;
}

bool http_client::connect() {
    socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int on = 1;
    timeval limit{timeout_s_, 0};
    ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    auto address = loopback(port_);
    if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return true;
    close();
    return false;
}

void http_client::close() {
    if (socket_ >= 0) ::close(socket_);
    socket_ = -1;
}

bool http_client::send_all(const std::string& bytes) {
    for (std::size_t at = 0; at < bytes.size();) {
        auto sent = ::send(socket_, bytes.data() + at, bytes.size() - at, MSG_NOSIGNAL);
        if (sent <= 0) return false;
        at += static_cast<std::size_t>(sent);
    }
    return true;
}

bool http_client::receive_more(std::string& into) {
    char piece[16384];
    auto got = ::recv(socket_, piece, sizeof piece, 0);
    if (got > 0) into.append(piece, static_cast<std::size_t>(got));
    return got > 0;
}

std::uint16_t free_port() {
    int made = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    auto address = loopback(0);
    socklen_t size = sizeof address;
    if (::bind(made, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
        ::getsockname(made, reinterpret_cast<sockaddr*>(&address), &size) != 0)
        throw std::runtime_error("no free port");
    ::close(made);
    return ntohs(address.sin_port);
}

} // namespace relais::tests
