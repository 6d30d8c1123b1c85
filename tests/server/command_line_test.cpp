// SPDX-License-Identifier: EUPL-1.2
// The program as people start it: its own process, its signals, its exit status.
#include "model/backend.hpp"
#include "model/sql.hpp"
#include "server/data_dir.hpp"
#include "tests/support/process.hpp"
#include "tests/support/raw_client.hpp"
#include "tests/support/temporary_database.hpp"

#include <arpa/inet.h>
#include <catch2/catch.hpp>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <thread>

using namespace relais::tests;
using std::chrono::milliseconds;

namespace {

std::string text_of(const std::string& file) {
    std::ifstream in(file);
    return {std::istreambuf_iterator<char>(in), {}};
}

// A port nobody listens on.
std::uint16_t free_port() {
    auto socket = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    ::bind(socket, reinterpret_cast<sockaddr*>(&address), size);
    ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size);
    ::close(socket);
    return ntohs(address.sin_port);
}

struct finished {
    int status = 0;
    std::string output, errors;
};

finished run(std::vector<std::string> words, const temporary_folder& folder) {
    words.insert(words.begin(), built("relais"));
    auto errors = folder.path("errors.txt");
    std::filesystem::remove(errors);
    process child(words, {.environment = {}, .directory = {}, .error_file = errors});
    auto output = child.read_all();
    auto status = child.wait();
    return {status, output, text_of(errors)};
}

// A server of its own process on a free port, ready.
struct served {
    explicit served(const temporary_folder& folder, std::map<std::string, std::string> environment = {})
        : port(free_port()),
          child({built("relais"), "serve", "--data", folder.path("data"), "--listen", "127.0.0.1:" + std::to_string(port)},
                {.environment = with_defaults(std::move(environment)), .directory = {}, .error_file = folder.path("log.txt")}) {
        auto until = std::chrono::steady_clock::now() + std::chrono::seconds(30);
        while (!is_ready()) {
            if (!child.is_running() || std::chrono::steady_clock::now() > until)
                throw std::runtime_error("the server did not start: " + text_of(folder.path("log.txt")));
            std::this_thread::sleep_for(milliseconds(20));
        }
    }
    static std::map<std::string, std::string> with_defaults(std::map<std::string, std::string> environment) {
        environment.try_emplace("RELAIS_HTTP_DRAIN_DELAY_MS", "0");
        environment.try_emplace("RELAIS_ADMINISTRATION_LISTEN", "");
        return environment;
    }
    bool is_ready() const {
        try {
            return ask(port, get("/readyz")).status == 200;
        } catch (const std::runtime_error&) {
            return false;
        }
    }
    std::uint16_t port;
    process child;
};

} // namespace

TEST_CASE("wrong usage ends with 2, and help with 0", "[command]") {
    temporary_folder folder;
    CHECK(run({}, folder).status == 2);
    CHECK(run({"sing"}, folder).status == 2);
    CHECK(run({"serve", "--port", "80"}, folder).status == 2);
    CHECK(run({"check-config"}, folder).status == 2);
    CHECK(run({"--help"}, folder).status == 0);
    CHECK(run({"--version"}, folder).output.starts_with("0."));
}

TEST_CASE("check-config tells every fault with its line and ends with 1", "[command]") {
    temporary_folder folder;
    auto file = folder.path("relais.toml");
    std::ofstream(file) << "[http]\nlistn = []\nconnections = 0\n";
    auto wrong = run({"check-config", file}, folder);
    CHECK(wrong.status == 1);
    CHECK(wrong.output == file + ":2: http.listn is not a known key\n" + file + ":3: http.connections must be between 1 and 1000000\n");
    std::ofstream(file, std::ios::trunc) << "[http]\nconnections = 10\n";
    CHECK(run({"check-config", file}, folder).status == 0);
    CHECK(run({"check-config", folder.path("absent.toml")}, folder).status == 1);
}

TEST_CASE("a server starts, answers, and ends with 0 when it is asked to", "[command]") {
    temporary_folder folder;
    served server(folder);
    CHECK(ask(server.port, get("/healthz")).body == "ok\n");
    CHECK(ask(server.port, get("/nowhere")).status == 404);
    server.child.send(SIGTERM);
    CHECK(server.child.wait(milliseconds(5000)) == 0);
    CHECK(text_of(folder.path("log.txt")).find("nowhere") == std::string::npos); // no path in the journal
}

TEST_CASE("a server that starts holds no account, and shows no codes", "[command]") {
    temporary_folder folder;
    served server(folder);
    CHECK(ask(server.port, get("/connexion")).status == 200);
    CHECK(ask(server.port, get("/demo/codes")).status == 404);
    CHECK(ask(server.port, get("/demo/courriels")).status == 404);
    soci::session session;
    relais::model::sqlite::open_guest(session, folder.path("data/relais.db"));
    for (std::string table : {"user_account", "api_token"}) {
        INFO(table);
        CHECK(*relais::model::sql::first<int>(session, "SELECT COUNT(*) FROM " + table) == 0);
    }
    relais::model::sql::forget_statements(session);
}

TEST_CASE("while it drains the server answers those who ask, and a second signal ends it at once", "[command]") {
    temporary_folder folder;
    served server(folder, {{"RELAIS_HTTP_DRAIN_DELAY_MS", "30000"}});
    server.child.send(SIGTERM);
    while (ask(server.port, get("/readyz")).status == 200) std::this_thread::sleep_for(milliseconds(10));
    CHECK(ask(server.port, get("/healthz")).status == 200);
    server.child.send(SIGTERM);
    server.child.wait(milliseconds(5000));
    CHECK_FALSE(server.child.is_running());
}

TEST_CASE("two servers never share a directory or a port", "[command]") {
    temporary_folder folder, other;
    served server(folder);
    auto listen = "127.0.0.1:" + std::to_string(server.port);
    auto same_directory = run({"serve", "--data", folder.path("data"), "--listen", "127.0.0.1:0"}, other);
    CHECK(same_directory.status == 1);
    CHECK(same_directory.errors.find("is used by another relais") != std::string::npos);
    auto same_port = run({"serve", "--data", other.path("data"), "--listen", listen}, other);
    CHECK(same_port.status == 1);
    CHECK(same_port.errors.find("cannot listen on " + listen) != std::string::npos);
    CHECK(server.is_ready());
}

TEST_CASE("a command does the same beside the server and without it", "[command]") {
    temporary_folder folder;
    {
        served server(folder);
        auto beside = run({"search", "rebuild", "--data", folder.path("data")}, folder);
        CHECK(beside.status == 0);
        CHECK(beside.errors == "search index rebuilt: 0 tickets\n");
        CHECK(beside.output.empty());
        server.child.stop();
    }
    auto alone = run({"search", "rebuild", "--data", folder.path("data")}, folder);
    CHECK(alone.status == 0);
    CHECK(alone.errors == "search index rebuilt: 0 tickets\n");
}

TEST_CASE("accounts and tokens are made beside the server, and the password is never an argument", "[command]") {
    temporary_folder folder;
    served server(folder);
    auto password = folder.path("password.txt");
    std::ofstream(password) << "Seize tonnes de violettes\n";
    auto add = [&](const std::string& words) {
        auto errors = folder.path("shell.txt");
        std::filesystem::remove(errors);
        process shell({"sh", "-c", built("relais") + " " + words + " --data " + folder.path("data") + " < " + password},
                      {.environment = {}, .directory = {}, .error_file = errors});
        auto output = shell.read_all();
        return finished{shell.wait(), output, text_of(errors)};
    };
    auto first = add("user add lea.martin --role agent --password-stdin");
    CHECK(first.status == 0);
    CHECK(first.output.empty());
    CHECK(first.errors.starts_with("account lea.martin added"));
    auto again = add("user add lea.martin --role agent --password-stdin");
    CHECK(again.status == 1);
    CHECK_FALSE(again.errors.empty());
    std::ofstream(password, std::ios::trunc) << "court\n";
    auto weak = add("user add paul --role king --password-stdin");
    CHECK(weak.status == 1);
    CHECK(weak.errors.find("password: ") != std::string::npos);
    std::ofstream(password, std::ios::trunc) << "Seize tonnes de violettes\n";
    CHECK(add("user add paul --role king --password-stdin").errors.find("role: ") != std::string::npos);
    auto token = add("token add tests --role agent --rate 0");
    CHECK(token.status == 0);
    CHECK(token.output.size() >= 44);
    CHECK(token.output.find('\n') == token.output.size() - 1); // alone on its line
    token.output.pop_back();
    CHECK(ask(server.port, get("/api/v1/nothing", "Authorization: Bearer " + token.output + "\r\n")).status == 404);
    CHECK(ask(server.port, get("/api/v1/nothing", "Authorization: Bearer rdv_wrong\r\n")).status == 401);
}

TEST_CASE("the demonstration prepares its accounts once and says them again", "[command]") {
    temporary_folder folder;
    auto prepare = [&] {
        return run({"demo", "--prepare-only", "--dossiers", "20", "--tickets", "5", "--data", folder.path("data")}, folder);
    };
    auto first = prepare();
    INFO(first.errors);
    CHECK(first.status == 0);
    for (auto role : {"agent", "resolver", "owner", "supervisor", "admin", "dpo", "partner"})
        CHECK(first.output.find(std::string(" ") + role + " ") != std::string::npos);
    auto again = prepare();
    INFO(again.errors);
    CHECK(again.output == first.output);
    served ordinary(folder);
    CHECK(ask(ordinary.port, get("/demo/codes")).status == 404); // nothing of it outside the demonstration
}

TEST_CASE("the demonstration listens on loopback only", "[command]") {
    temporary_folder folder;
    auto refused = run({"demo", "--data", folder.path("data"), "--listen", "0.0.0.0:8080"}, folder);
    CHECK(refused.status == 1);
    CHECK(refused.errors.find("loopback only") != std::string::npos);
}

TEST_CASE("an import typed beside the server is read by the person and done by the server", "[command]") {
    temporary_folder folder;
    served server(folder);
    auto csv = folder.path("dossiers.csv");
    std::ofstream(csv) << "number;birth_name;first_names;birth_date;status\n"
                          "35AA1234;Roux;Amélie;1999-04-00;UNDER_ASSESSMENT\n"
                          "35AA1235;Petit;Marc;pas une date;UNDER_ASSESSMENT\n"
                          "35AA1236;Diallo;Amina;2001-12-31;UNDER_ASSESSMENT\n";
    auto dossiers = run({"import", "dossiers", csv, "--data", folder.path("data")}, folder);
    INFO(dossiers.errors);
    CHECK(dossiers.status == 0);
    CHECK(dossiers.output == "3 lines: 2 added, 0 updated, 0 unchanged, 1 refused\n");
    CHECK(dossiers.errors.find("line 3: birth_date: ") != std::string::npos);
    auto jsonl = folder.path("tickets.jsonl");
    std::ofstream(jsonl)
        << R"({"external_id":"A-1","requester":{"name":"Amélie Roux","email":"amelie@example.test"},"procedure":"RENEWAL",)"
           R"("department":"35","subject":"Date refusée","body":"Le site refuse ma date de naissance."})"
        << "\n";
    auto tickets = run({"import", "tickets", jsonl, "--data", folder.path("data")}, folder);
    CHECK(tickets.errors == "1 lines\n");
    CHECK(tickets.output == "1 lines: 1 added, 0 updated, 0 unchanged, 0 refused\n");
    CHECK(run({"import", "tickets", folder.path("absent"), "--data", folder.path("data")}, folder).status == 1);
    auto journal = run({"journal", "verify", "--data", folder.path("data")}, folder);
    CHECK(journal.status == 0);
    CHECK(journal.errors.find("blocks") != std::string::npos);
}

TEST_CASE("what a server leaves on the disk is its own account's alone", "[command]") {
    temporary_folder folder;
    served server(folder);
    for (auto name : {"data/relais.db", "data/master.key", "data/control.sock", "data/lock"}) {
        INFO(name);
        struct stat state {};
        REQUIRE(::stat(folder.path(name).c_str(), &state) == 0);
        CHECK((state.st_mode & 0077) == 0);
    }
}

TEST_CASE("a server killed in the middle starts again on its data", "[command]") {
    temporary_folder folder;
    {
        served server(folder);
        server.child.send(SIGKILL);
        server.child.wait();
    }
    served again(folder);
    CHECK(again.is_ready());
}
