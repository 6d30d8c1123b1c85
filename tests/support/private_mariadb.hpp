// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "tests/support/process.hpp"
#include "tests/support/temporary_database.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace relais::tests {

// A MariaDB server of a test's own, on a loopback port and a unix socket, stopped and started at will, gone when the test ends.
class private_mariadb {
public:
    // arguments: added to the server's ("--ssl-cert=..."). environment: added to ours, for a clock of its own.
    explicit private_mariadb(std::vector<std::string> arguments = {}, std::map<std::string, std::string> environment = {});
    ~private_mariadb();

    void start();
    void stop();
    void kill(); // SIGKILL: what it had not written is lost
    // One statement as root. Throws std::runtime_error when the server refuses it.
    void run(const std::string& statement);
    // The last column of the first row of a query.
    std::string ask(const std::string& query);

    int port() const { return port_; }
    std::string socket() const { return folder_.path("sock"); }
    const temporary_folder& folder() const { return folder_; }

private:
    temporary_folder folder_;
    std::vector<std::string> arguments_;
    std::map<std::string, std::string> environment_;
    int port_ = 0;
    std::optional<process> server_;
};

} // namespace relais::tests
