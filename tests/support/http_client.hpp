// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace relais::tests {

struct http_reply {
    int status = 0;                             // 0: the connection failed or ended before an answer
    std::map<std::string, std::string> headers; // lower-case names
    std::string body;
};

// One keep-alive connection to a server of this machine, blocking. A connection that ended is made again by the next request.
class http_client {
public:
    explicit http_client(std::uint16_t port, int timeout_s = 10) : port_(port), timeout_s_(timeout_s) {}
    ~http_client() { close(); }
    http_client(const http_client&) = delete;
    http_client& operator=(const http_client&) = delete;

    http_reply get(const std::string& target, const std::map<std::string, std::string>& headers = {});
    http_reply post(const std::string& target, const std::string& body, const std::map<std::string, std::string>& headers = {});

private:
    http_reply exchange(const std::string& head_and_body);
    bool connect();
    void close();
    bool send_all(const std::string& bytes);
    bool receive_more(std::string& into);

    std::uint16_t port_;
    int timeout_s_;
    int socket_ = -1;
};

// A port of the loopback address that nobody listens on now.
std::uint16_t free_port();

} // namespace relais::tests
