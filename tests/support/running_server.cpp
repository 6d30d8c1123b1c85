// SPDX-License-Identifier: EUPL-1.2
#include "tests/support/running_server.hpp"

#include "model/backend.hpp"
#include "tests/support/http_client.hpp"

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace relais::tests {

namespace {

constexpr auto start_limit = std::chrono::seconds(30);

std::string socket_of_the_run() {
    auto* socket = std::getenv("RELAIS_TEST_MARIADB_SOCKET");
    if (!socket) throw std::runtime_error("RELAIS_TEST_MARIADB_SOCKET is not set: run through ./test");
    return socket;
}

model::database_options as_root(const std::string& socket, const std::string& name) {
    model::database_options out;
    out.mariadb_socket = socket, out.mariadb_database = name, out.mariadb_user = "root";
    return out;
}

void administer(const std::string& socket, const std::string& statement) {
    soci::session session;
    model::mariadb::open_session(session, as_root(socket, "mysql"));
    session << statement;
}

} // namespace

running_server::running_server(const std::string& kind, std::map<std::string, std::string> environment, const std::string& mariadb_socket)
    : environment_(std::move(environment)), port_(free_port()) {
    environment_.try_emplace("RELAIS_ADMINISTRATION_LISTEN", "");
    environment_["RELAIS_HTTP_DRAIN_DELAY_MS"] = "0";
    if (kind == "mariadb") {
        options_ = as_root(mariadb_socket.empty() ? socket_of_the_run() : mariadb_socket,
                           "relais_server_" + std::to_string(::getpid()) + "_" + std::to_string(port_));
        administer(options_.mariadb_socket, "CREATE DATABASE " + options_.mariadb_database);
        model::migrate(options_);
        environment_["RELAIS_DATABASE_SOCKET"] = options_.mariadb_socket;
        environment_["RELAIS_DATABASE_NAME"] = options_.mariadb_database;
        environment_["RELAIS_DATABASE_USER"] = options_.mariadb_user;
    } else {
        options_.sqlite_file = data_dir() + "/relais.db";
    }
}

running_server::~running_server() {
    child_.reset();
    if (options_.is_mariadb() && !is_guest_) administer(options_.mariadb_socket, "DROP DATABASE " + options_.mariadb_database);
}

running_server::running_server() : port_(free_port()) {}

std::unique_ptr<running_server> running_server::another_node() const {
    std::unique_ptr<running_server> out(new running_server);
    out->options_ = options_, out->environment_ = environment_, out->is_guest_ = true;
    std::filesystem::create_directories(out->data_dir());
    std::filesystem::copy_file(data_dir() + "/master.key", out->data_dir() + "/master.key");
    return out;
}

void running_server::start() {
    process::options how;
    how.environment = environment_;
    how.error_file = folder_.path("server.log");
    child_ = std::make_unique<process>(
        std::vector<std::string>{built("relais"), "serve", "--data", data_dir(), "--listen", "127.0.0.1:" + std::to_string(port_)}, how);
    auto limit = std::chrono::steady_clock::now() + start_limit;
    while (http_client(port_).get("/readyz").status != 200) {
        if (!child_->is_running() || std::chrono::steady_clock::now() > limit) throw std::runtime_error("the server does not start");
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
}

void running_server::kill() {
    child_->send(SIGKILL);
    child_->wait();
}

int running_server::stop() { return child_->stop(); }

std::string running_server::command(const std::string& words) {
    std::vector<std::string> all{built("relais")};
    std::istringstream in(words);
    for (std::string each; in >> each;) all.push_back(each);
    all.insert(all.end(), {"--data", data_dir()});
    process::options how;
    how.environment = environment_;
    process child(all, how);
    auto out = child.read_all();
    if (child.wait() != 0) throw std::runtime_error("the command failed: " + words);
    while (!out.empty() && out.back() == '\n') out.pop_back();
    return out;
}

} // namespace relais::tests
