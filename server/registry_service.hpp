// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/metrics.hpp"
#include "model/clock.hpp"
#include "model/database.hpp"
#include "server/registry_hour.hpp"
#include "server/registry_refresher.hpp"
#include "server/registry_worker.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace relais::server {

// The registry, as the configuration says, the worker that asks it about tickets, and the one that reads their dossiers again.
class registry_service {
public:
    // owner: of the lease, one a process. Throws std::runtime_error with the sentence of registry_fault.
    registry_service(const registry_options& options, model::database& database, model::clock_function now, std::string owner);

    void start() { worker_.start(); }
    void wake() { worker_.wake(); }
    // Lets the questions under way end. Before the database is stopped.
    void stop() { worker_.stop(); }
    // Gives the lease back and is no node any more, once nobody calls refresh() or report().
    void leave();

    // None: our own mirror answers, there is nothing to refresh nor to report.
    bool is_remote() const { return !registry_->is_mirror(); }
    // Reads some dossiers again: every second or two, on a thread that may wait.
    void refresh() { refresher_.turn(); }
    // Writes how this node finds the registry, for the administrators' page: every few seconds, on a thread that may wait.
    void report();
    // Adds what happened since the last call to the figures. From one thread, never waits.
    void publish(api::metrics& to);

private:
    const registry_options options_;
    model::database& database_;
    const model::clock_function now_;
    const std::string node_;
    std::unique_ptr<registry> registry_;
    registry_worker worker_;
    registry_refresher refresher_;
    registry_hour hour_;
    std::int64_t published_asked_ = 0, published_failed_ = 0, published_cached_ = 0;
    bool is_reported_ = false; // only the thread of report(), then of leave()
};

} // namespace relais::server
