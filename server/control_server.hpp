// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "server/commands.hpp"

#include <boost/asio/local/stream_protocol.hpp>

#include <atomic>
#include <memory>
#include <string>
#include <thread>

namespace relais::server {

// Runs, inside the server that owns the SQLite file, the commands typed beside it. A Unix socket of mode 0600, opened to the server's own
// account and root. One JSON line {command, arguments}, then the input as it is until the client stops writing; back come lines
// {"progress"}, {"result"} and at last {"exit"}.
class control_server {
public:
    // Throws std::runtime_error when the socket cannot be made.
    control_server(const std::string& socket_file, command_services what);
    ~control_server();
    control_server(const control_server&) = delete;
    control_server& operator=(const control_server&) = delete;

    // No more commands; those that run get the end of their input and finish. Before the database is stopped.
    void stop();

private:
    struct listening;
    void accept_all();
    void serve(boost::asio::local::stream_protocol::iostream& client);

    std::string socket_file_;
    command_services services_;
    std::unique_ptr<listening> listening_;
    std::atomic<bool> is_stopped_{false};
    std::thread thread_;
};

// Sends a command to the server behind the socket and passes on what it says. Returns the command's exit status; 1 when the server
// cannot be reached or stops before the end.
int run_through_server(const std::string& socket_file, std::string_view name, const nlohmann::json& arguments, std::istream& input);

} // namespace relais::server
