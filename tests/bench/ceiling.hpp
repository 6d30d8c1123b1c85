// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstdint>
#include <string>

namespace relais::bench {

struct rate {
    double per_second = 0, p50_ms = 0, p99_ms = 0;
    std::int64_t done = 0;
};

// How fast the bare database takes the statements of a ticket, durably, from `clients` threads that each wait for their commit:
// sqlite3 in C with one writer and group commit of at most 64; libmariadb in C with prepared statements on `sessions` connections.
// The files or tables must exist already (the product's own migrations).
rate sqlite_ceiling(const std::string& file, int clients, double seconds);
rate mariadb_ceiling(const std::string& socket, const std::string& database, int sessions, int clients, double seconds);

} // namespace relais::bench
