// SPDX-License-Identifier: EUPL-1.2
#include "tests/support/private_mariadb.hpp"

#include "model/backend.hpp"
#include "tests/support/http_client.hpp"

#include <unistd.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <thread>

namespace relais::tests {

namespace {

using namespace std::chrono_literals;
constexpr int start_tries = 600;
const std::vector<std::string> small = {"--innodb-buffer-pool-size=32M", "--innodb-log-file-size=8M"};

model::database_options root_of(const std::string& socket) {
    model::database_options out;
    out.mariadb_socket = socket, out.mariadb_database = "mysql", out.mariadb_user = "root";
    return out;
}

void install(const temporary_folder& into) {
    auto words = std::vector<std::string>{"mariadb-install-db", "--no-defaults", "--datadir=" + into.path("data"),
                                          "--auth-root-authentication-method=normal", "--skip-test-db"};
    words.insert(words.end(), small.begin(), small.end());
    if (geteuid() == 0) words.push_back("--user=root");
    auto install = process(words, {.error_file = into.path("install.err")});
    if (install.wait() != 0) throw std::runtime_error("mariadb-install-db failed");
}

} // namespace

private_mariadb::private_mariadb(std::vector<std::string> arguments, std::map<std::string, std::string> environment)
    : arguments_(std::move(arguments)), environment_(std::move(environment)), port_(free_port()) {
    // Made once a run, since that takes seconds; each server starts on a copy.
    static const auto made = std::make_unique<temporary_folder>();
    if (!std::filesystem::exists(made->path("data"))) install(*made);
    std::filesystem::copy(made->path("data"), folder_.path("data"), std::filesystem::copy_options::recursive);
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
                                      "--skip-log-bin",
                                      "--skip-name-resolve"};
    if (geteuid() == 0) words.push_back("--user=root");
    words.insert(words.end(), small.begin(), small.end());
    words.insert(words.end(), arguments_.begin(), arguments_.end());
    server_.emplace(words, process::options{.environment = environment_, .error_file = folder_.path("out")});
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

void private_mariadb::kill() {
    server_->send(SIGKILL);
    server_->wait();
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

std::string private_mariadb::ask(const std::string& query) {
    soci::session session;
    model::mariadb::open_session(session, root_of(socket()));
    soci::row row;
    session << query, soci::into(row);
    return row.get<std::string>(row.size() - 1);
}

} // namespace relais::tests
