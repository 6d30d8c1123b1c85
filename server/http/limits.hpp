// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstdint>

namespace relais::server {

// Every bound a client meets before a handler runs. Source: security.md 3.4.
struct http_limits {
    int header_deadline_ms = 10'000;  // the whole head, from accept or from its first byte on a connection kept alive
    int keep_alive_ms = 30'000;       // silence between two requests
    int body_deadline_ms = 60'000;    // forms and JSON
    int upload_deadline_ms = 300'000; // bodies with files
    int body_bytes_per_s = 500;       // slower bodies are cut
    int body_grace_ms = 5'000;        // before the rate counts
    int write_progress_ms = 30'000;   // a client that reads nothing for this long is cut
    int connections = 10'000;         // in all
    int connections_per_address = 100;
    int in_flight = 512;         // requests being answered at once, shared between lanes
    int drain_delay_ms = 5'000;  // readyz says 503 for this long before connections are refused
    int drain_limit_ms = 20'000; // requests in flight may take this long to end
};

} // namespace relais::server
