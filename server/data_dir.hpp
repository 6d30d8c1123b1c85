// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>

namespace relais::server {

// Makes the data directory (mode 0700) when it does not exist. Throws std::runtime_error when it cannot be made or written.
void prepare_data_dir(const std::string& folder);

// The right to write in a data directory: one process has it, for as long as this object lives. Two processes that write the SQLite
// file would meet the WAL-reset fault of SQLite before 3.51.3; two that feed the search index would undo each other.
class directory_lock {
public:
    explicit directory_lock(const std::string& folder);
    ~directory_lock();
    directory_lock(const directory_lock&) = delete;
    directory_lock& operator=(const directory_lock&) = delete;
    // False when another process holds it.
    bool is_held() const { return descriptor_ >= 0; }

private:
    int descriptor_ = -1;
};

// The name of the node that works in this data directory: drawn at random the first time, then kept in its file "node". Throws
// std::runtime_error when it cannot be kept.
std::string node_name(const std::string& folder);

// The socket by which commands reach the running server.
std::string control_socket_of(const std::string& data_dir);

} // namespace relais::server
