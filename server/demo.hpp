// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "server/run_command.hpp"

#include <cstdint>

namespace relais::server {

struct demo_options {
    common_options common; // defaults: ./var/demo and 127.0.0.1:8080
    std::uint64_t dossiers = 20'000, tickets = 3'000;
    bool prepare_only = false;
};

// `relais demo`: fills the configured database once, says where to look and with which accounts, then serves on loopback.
// Returns the exit status. Throws std::runtime_error with a sentence.
int run_demo(const demo_options& options);

} // namespace relais::server
