// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "server/config.hpp"
#include "server/http/site.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace relais::server {

// Accepts connections on one io_context a thread, each with an acceptor of its own on the same port (SO_REUSEPORT): a connection lives
// and dies on the thread that accepted it.
class http_listener {
public:
    struct options {
        std::vector<std::string> addresses; // "127.0.0.1:8080"; port 0 picks a free one
        int threads = 1;
        tls_options tls;
    };
    // Binds. Throws std::runtime_error with a sentence when an address is taken or a certificate cannot be read.
    http_listener(http_site& site, const options& how);
    ~http_listener();
    http_listener(const http_listener&) = delete;
    http_listener& operator=(const http_listener&) = delete;

    void start();
    // The port of each address, in the order of the options.
    std::vector<std::uint16_t> ports() const;
    // Refuses new connections, answers what is waiting with Connection: close, and gives silent connections a moment to end.
    void stop_accepting();
    // Waits for the connections to end; false when some were still there after the limit.
    bool wait_for_connections(std::chrono::milliseconds limit);
    // Cuts what is left and joins the threads. Called by the destructor too.
    void stop();

    int connections() const;
    // The worst lateness of any I/O thread since the last call.
    double worst_lateness_ms();

private:
    struct shared;
    class io_thread;
    std::unique_ptr<shared> shared_;
    std::vector<std::unique_ptr<io_thread>> threads_;
};

} // namespace relais::server
