// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/metrics.hpp"
#include "model/clock.hpp"
#include "model/database.hpp"
#include "server/registry_worker.hpp"

#include <cstdint>
#include <memory>

namespace relais::server {

// The registry, as the configuration says, and the worker that asks it about tickets.
class registry_service {
public:
    // Throws std::runtime_error with the sentence of registry_fault.
    registry_service(const registry_options& options, model::database& database, model::clock_function now);

    void start() { worker_.start(); }
    void wake() { worker_.wake(); }
    // Before the database is stopped.
    void stop() { worker_.stop(); }

    // Adds what happened since the last call to the figures. From one thread, never waits.
    void publish(api::metrics& to);

private:
    std::unique_ptr<registry> registry_;
    registry_worker worker_;
    std::int64_t published_asked_ = 0, published_failed_ = 0;
};

} // namespace relais::server
