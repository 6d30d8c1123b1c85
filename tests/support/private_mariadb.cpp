// SPDX-License-Identifier: EUPL-1.2
#include "tests/support/private_mariadb.hpp"

#include "model/backend.hpp"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <stdexcept>
#include <thread>

namespace relais::tests {

namespace {

using namespace std::chrono_literals;
constexpr int start_tries = 300;

// A port that nobody listens on now.
int free_port() {
    auto probe = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in any{};
    any.sin_family = AF_INET;
    any.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof any;
    auto* address = reinterpret_cast<sockaddr*>(&any);
    auto found = probe >= 0 && ::bind(probe, address, size) == 0 && ::getsockname(probe, address, &size) == 0;
    if (probe >= 0) ::close(probe);
    if (!found) throw std::runtime_error("no free port");
    return ntohs(any.sin_port);
}

model::database_options root_of(const std::string& socket) {
    model::database_options out;
    out.mariadb_socket = socket, out.mariadb_database = "mysql", out.mariadb_user = "root";
    return out;
}

} // namespace

private_mariadb::private_mariadb(std::vector<std::string> arguments) : arguments_(std::move(arguments)), port_(free_port()) {
    auto install = process({"mariadb-install-db", "--no-defaults", "--datadir=" + folder_.path("data"), "--auth-root-authentication-method=normal",
                            "--skip-test-db", "--user=" + std::string(geteuid() == 0 ? "root" : "")},
                           {.error_file = folder_.path("install.err")});
    if (install.wait() != 0) throw std::runtime_error("mariadb-install-db failed");
    start();
}

private_mariadb::~private_mariadb() {
    if (server_) server_->send(SIGKILL); // nothing in it is worth an orderly end
}

void private_mariadb::start() {
    std::vector<std::string> words = {"mariadbd",
                                      "--no-defaults",
                                      "--datadir=" + folder_.path("data"),
                                      "--socket=" + socket(),
                                      "--bind-address=127.0.0.1",
                                      "--port=" + std::to_string(port_),
                                      "--pid-file=" + folder_.path("pid"),
                                      "--log-error=" + folder_.path("err"),
                                      "--innodb-buffer-pool-size=32M",
                                      "--innodb-log-file-size=8M",
                                      "--skip-log-bin",
                                      "--skip-name-resolve"};
    if (geteuid() == 0) words.push_back("--user=root");
    words.insert(words.end(), arguments_.begin(), arguments_.end());
    server_.emplace(words, process::options{.error_file = folder_.path("out")});
    for (int i = 0; i < start_tries; ++i) {
        try {
            return run("SELECT 1");
        } catch (const std::exception&) {
            std::this_thread::sleep_for(50ms);
        }
    }
    throw std::runtime_error("the private MariaDB did not start");
}

void private_mariadb::stop() {
    server_->stop();
    server_.reset();
}

void private_mariadb::run(const std::string& statement) {
    soci::session session;
    try {
        model::mariadb::open_session(session, root_of(socket()));
        session << statement;
    } catch (const soci::soci_error& error) {
        throw std::runtime_error(error.what());
    }
}

} // namespace relais::tests
