// SPDX-License-Identifier: EUPL-1.2
// Events of the telephone system taken a second through HTTP, durable. Each call is three events: newCall, answer, hangup.
// bench_cti sqlite|mariadb [seconds]
#include "tests/bench/latencies.hpp"
#include "tests/support/http_client.hpp"
#include "tests/support/running_server.hpp"

#include <fmt/format.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <vector>

using namespace relais;

namespace {

constexpr int client_counts[] = {1, 8, 64};
constexpr const char* kinds[] = {"newCall", "answer", "hangup"};

bench::rate measure(const std::string& kind, int clients, double seconds) {
    tests::running_server server(kind);
    server.start();
    auto address = "/api/v1/cti/" + server.command("token add bench --role telephony");
    std::vector<std::unique_ptr<tests::http_client>> connections;
    for (int i = 0; i < clients; ++i) connections.push_back(std::make_unique<tests::http_client>(server.port()));
    auto once = [&](int client, std::int64_t number) {
        auto call = number / 3;
        auto body = fmt::format(R"({{"event":"{}","from":"3363998{:04}","to":"3400","direction":"in","callId":"{}-{}","queue":"permis",)"
                                R"("answeringNumber":"201","cause":"normalClearing"}})",
                                kinds[number % 3], call % 10'000, client, call);
        auto answer = connections[static_cast<std::size_t>(client)]->post(address, body, {{"Content-Type", "application/json"}});
        if (answer.status != 200) throw std::runtime_error("not taken: " + std::to_string(answer.status) + " " + answer.body);
    };
    return bench::measure(clients, seconds, once);
}

} // namespace

int main(int count, char** words) {
    std::string kind = count > 1 ? words[1] : "sqlite";
    double seconds = count > 2 ? std::atof(words[2]) : 5;
    std::printf("%-8s %8s %12s %9s %9s\n", "database", "clients", "events/s", "p50 ms", "p99 ms");
    for (int clients : client_counts) {
        auto taken = measure(kind, clients, seconds);
        std::printf("%-8s %8d %12.0f %9.2f %9.2f\n", kind.c_str(), clients, taken.per_second, taken.p50_ms, taken.p99_ms);
        std::fflush(stdout);
    }
}
