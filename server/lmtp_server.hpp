// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "server/address.hpp"
#include "server/lmtp_session.hpp"

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace relais::server {

// Where our mail server hands over what came for us: a listener of a few connections at a time, each on a thread of its own, since taking a
// mail waits for the database.
class lmtp_server {
public:
    struct options {
        std::string listen;               // "127.0.0.1:2424"
        std::vector<std::string> allowed; // addresses or blocks that may connect
        std::string host = "relais";
        lmtp_session::limits limits;
        int connections = 8, silence_s = 60;
    };
    // Listens. Throws std::runtime_error when the address is taken.
    lmtp_server(options how, std::function<lmtp_session::office()> office);
    ~lmtp_server();
    lmtp_server(const lmtp_server&) = delete;
    lmtp_server& operator=(const lmtp_server&) = delete;

    std::uint16_t port() const { return port_; }
    // Lets the mails under way end, and takes no more.
    void stop();

private:
    struct listening;
    void accept_all();
    void serve(int client);

    options how_;
    std::function<lmtp_session::office()> office_;
    std::unique_ptr<listening> listening_;
    std::uint16_t port_ = 0;
    std::atomic<bool> is_stopped_ = false;
    std::thread thread_;
};

} // namespace relais::server
