// SPDX-License-Identifier: EUPL-1.2
// A killed process proves nothing about power: the page cache survives it. So the system calls themselves are watched.
#include "tests/support/http_client.hpp"
#include "tests/support/running_server.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <csignal>
#include <fstream>
#include <sstream>

using namespace relais;

namespace {

constexpr int requests = 1000;

struct order {
    int answers = 0, undurable = 0;
};

// Reads a trace (strace -f -y): every answer 201 or 303 must come after a write to the log file and a sync of it that returned 0, both
// later than the request it answers. One client sends one request at a time.
order read_trace(std::istream& trace) {
    order out;
    bool written = false, synced = false;
    for (std::string line; std::getline(trace, line);) {
        auto has = [&line](std::string_view text) { return line.find(text) != std::string::npos; };
        if (has("\"POST "))
            written = synced = false;
        else if (has("pwrite64(") && has(".db-wal>"))
            written = true;
        else if (written && has("-wal>") && (has("fdatasync(") || has("fsync(")) && has("= 0"))
            synced = true;
        else if (written && (has("fdatasync resumed") || has("fsync resumed")) && has("= 0"))
            synced = true;
        else if (has("\"HTTP/1.1 201") || has("\"HTTP/1.1 303")) {
            ++out.answers;
            if (!synced) ++out.undurable;
        }
    }
    return out;
}

} // namespace

TEST_CASE("the reading of a trace tells a durable answer from one that is not", "[faults]") {
    std::string request = "7 recvmsg(9, \"POST /api\")\n", write = "8 pwrite64(5</d/relais.db-wal>, \"x\") = 1\n",
                sync = "8 fdatasync(5</d/relais.db-wal>) = 0\n", failed = "8 fdatasync(5</d/relais.db-wal>) = -1 EIO\n",
                answer = "7 sendmsg(9, \"HTTP/1.1 201 Created\")\n";
    auto undurable = [](const std::string& text) {
        std::istringstream in(text);
        return read_trace(in).undurable;
    };
    CHECK(undurable(request + write + sync + answer) == 0);
    CHECK(undurable(request + answer) == 1);
    CHECK(undurable(request + write + answer + sync) == 1);
    CHECK(undurable(request + sync + write + answer) == 1);
    CHECK(undurable(request + write + failed + answer) == 1);
    CHECK(undurable(request + write + sync + answer + request + answer) == 1);
}

TEST_CASE("every accepted contact was on the disk before its answer left", "[faults]") {
    tests::running_server server("sqlite", {{"RELAIS_FORMS_LIMITS_ENABLED", "false"}});
    server.start();
    auto token = server.command("token add durability --role agent --rate 0");
    auto file = server.data_dir() + "/trace.txt";
    tests::process tracer({"strace", "-f", "-y", "-s", "24", "-e",
                           "trace=pwrite64,fdatasync,fsync,recvmsg,recvfrom,read,sendmsg,sendto,writev,write", "-o", file, "-p",
                           std::to_string(server.child().id())});
    tests::http_client client(server.port());
    // The tracer is attached once a request shows in its file.
    for (std::string seen; seen.find("HTTP/1.1 200") == std::string::npos;) {
        REQUIRE(tracer.is_running());
        client.get("/healthz");
        std::ifstream in(file);
        seen.assign(std::istreambuf_iterator<char>(in), {});
    }
    for (int i = 0; i < requests; ++i) {
        nlohmann::json body = {
            {"channel", "phone"},
            {"requester", {{"name", "Camille Essai"}, {"phone", "0639981234"}, {"postal_address", "1 rue de l'Essai, 08000 Charleville"}}},
            {"procedure", "LOSS"},
            {"department", "08"},
            {"subject", "Perte"},
            {"body", "J'ai perdu mon permis."}};
        auto answer =
            client.post("/api/v1/tickets", body.dump(), {{"Content-Type", "application/json"}, {"Authorization", "Bearer " + token}});
        REQUIRE(answer.status == 201);
    }
    tracer.send(SIGINT);
    tracer.wait();
    std::ifstream trace(file);
    auto seen = read_trace(trace);
    CHECK(seen.answers == requests);
    CHECK(seen.undurable == 0);
}
