// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "tests/support/process.hpp"
#include "tests/support/temporary_database.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <string>

namespace relais::tests {

// The built program serving on a loopback port, on SQLite in a folder of its own or on a MariaDB database of its own
// (RELAIS_TEST_MARIADB_SOCKET). Started and killed at will; the data stays until this object ends.
class running_server {
public:
    // kind: "sqlite" or "mariadb". environment: RELAIS_<SECTION>_<KEY> settings. mariadb_socket: of another server than the run's.
    explicit running_server(const std::string& kind, std::map<std::string, std::string> environment = {},
                            const std::string& mariadb_socket = {});
    ~running_server();
    // Another node on the same MariaDB database, with the same keys, on a port and in a folder of its own; this one must outlive it.
    std::unique_ptr<running_server> another_node() const;

    void start(); // and waits until it is ready
    void kill();  // SIGKILL: nothing is said goodbye to
    int stop();   // SIGTERM; the exit status
    bool is_running() { return child_ && child_->is_running(); }
    // Runs a command beside it (`token add ...`) and returns its standard output.
    std::string command(const std::string& words);

    std::uint16_t port() const { return port_; }
    std::string data_dir() const { return folder_.path("data"); }
    const model::database_options& database() const { return options_; }
    process& child() { return *child_; }

private:
    running_server();

    temporary_folder folder_;
    model::database_options options_;
    std::map<std::string, std::string> environment_;
    std::uint16_t port_;
    bool is_guest_ = false; // on another's database
    std::unique_ptr<process> child_;
};

} // namespace relais::tests
