// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/app.hpp"
#include "server/config.hpp"

#include <cstdint>
#include <memory>
#include <vector>

namespace relais::server {

// The whole server in one object: storage, workers, mails, listeners. Built, started, and stopped in order.
class application {
public:
    struct options {
        bool demonstration = false;
        std::vector<api::demo_account> demo_accounts = {};
    };
    // Opens the database and takes the directory's lock. Throws std::runtime_error with a sentence that says what to do.
    application(configuration config, options how);
    ~application();
    application(const application&) = delete;
    application& operator=(const application&) = delete;

    // Listens. Throws std::runtime_error when an address is taken.
    void start();
    // Stops in order: says "draining" to the load balancer for drain_delay_ms, refuses connections, lets the requests in flight end,
    // then stops jobs, workers and the database. False when requests had to be cut. Source: security.md 4.15.
    bool drain();
    // From another thread or a signal's loop: drain() stops waiting.
    void hurry();

    api::app& app();
    model::database& database();
    const configuration& config() const;
    std::vector<std::uint16_t> ports() const;
    std::uint16_t administration_port() const; // 0: none
    // What a second brings: gauges, journals written out.
    void tick();

private:
    struct parts;
    std::unique_ptr<parts> parts_;
};

// To be called before any thread starts: the signals that stop the server wait for serve_until_signal, and a broken pipe is no event.
void block_stopping_signals();

// Serves until SIGTERM or SIGINT, then drains. A second signal, or a drain that takes more than it may, ends at once.
// Returns the exit status.
int serve_until_signal(application& server);

} // namespace relais::server
