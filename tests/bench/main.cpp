// SPDX-License-Identifier: EUPL-1.2
// Accepted tickets a second through HTTP, durable, against the bare database's ceiling in the same run.
// bench_intake sqlite|mariadb [seconds [citizen|agent [clients...]]]: citizens send the public form, agents with a token are also told
// the dossier and the likely incident.
#include "tests/bench/ceiling.hpp"
#include "tests/bench/latencies.hpp"
#include "tests/bench/statements.hpp"
#include "tests/support/http_client.hpp"
#include "tests/support/running_server.hpp"

#include <nlohmann/json.hpp>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>
#include <stdexcept>
#include <vector>

using namespace relais;

namespace {

constexpr int mariadb_sessions = 16;

// What the product may cost over the bare database: the least part of the ceiling, and the p99 at 64 clients.
double budget(const std::string& kind) { return kind == "sqlite" ? 0.70 : 0.80; }
constexpr double p99_budget_ms = 50;

// A form with its number in the places marked '#'.
std::string numbered_contact() {
    nlohmann::json out = {{"channel", "phone"},
                          {"requester", {{"name", "Camille Essai #"}, {"email", "essai#@example.test"}, {"phone", "0639981234"}}},
                          {"subject_person", {{"birth_name", "Essai#"}, {"first_names", "Camille"}, {"birth_date", "1990-05-17"}}},
                          {"neph", "190300200123"},
                          {"dossier_number", "PC2026#"},
                          {"procedure", "REGISTRATION"},
                          {"department", "75"},
                          {"subject", "Demande bloquée"},
                          {"body", std::string(bench::body)},
                          {"portal", {{"step", "photo"}, {"error_code", "E-504"}, {"message", "Une erreur est survenue"}}}};
    return out.dump();
}

// The clients share the processors with what they measure: they do as little as they can.
std::string contact(std::int64_t number) {
    static const auto form = numbered_contact();
    auto text = std::to_string(number);
    std::string out;
    out.reserve(form.size() + 64);
    for (char each : form) each == '#' ? out.append(text) : out.append(1, each);
    return out;
}

bench::rate product(const std::string& kind, bool as_agent, int clients, double seconds) {
    tests::running_server server(
        kind, {{"RELAIS_FORMS_LIMITS_ENABLED", "false"}, {"RELAIS_DATABASE_SESSIONS", std::to_string(mariadb_sessions)}});
    server.start();
    std::map<std::string, std::string> headers = {{"Content-Type", "application/json"}};
    if (as_agent) headers["Authorization"] = "Bearer " + server.command("token add bench --role agent --rate 0");
    std::vector<std::unique_ptr<tests::http_client>> connections;
    for (int i = 0; i < clients; ++i) connections.push_back(std::make_unique<tests::http_client>(server.port()));
    std::atomic<std::int64_t> numbers = 0;
    auto once = [&](int client, std::int64_t) {
        auto number = ++numbers;
        auto with = headers;
        with["Idempotency-Key"] = "bench-" + std::to_string(number);
        auto answer = connections[static_cast<std::size_t>(client)]->post("/api/v1/tickets", contact(number), with);
        if (answer.status != 201) throw std::runtime_error("not accepted: " + std::to_string(answer.status) + " " + answer.body);
    };
    return bench::measure(clients, seconds, once);
}

bench::rate ceiling(const std::string& kind, int clients, double seconds) {
    tests::running_server place(kind); // for its empty, migrated database
    model::migrate(place.database());
    const auto& options = place.database();
    if (kind == "sqlite") return bench::sqlite_ceiling(options.sqlite_file, clients, seconds);
    return bench::mariadb_ceiling(options.mariadb_socket, options.mariadb_database, mariadb_sessions, clients, seconds);
}

} // namespace

int main(int count, char** words) {
    std::string kind = count > 1 ? words[1] : "sqlite";
    double seconds = count > 2 ? std::atof(words[2]) : 5;
    std::vector<int> client_counts;
    bool as_agent = count > 3 && std::string(words[3]) == "agent";
    for (int i = 4; i < count; ++i) client_counts.push_back(std::atoi(words[i]));
    if (client_counts.empty()) client_counts = {1, 8, 64};
    std::printf("%-8s %8s %12s %9s %9s %14s %7s %7s %14s\n", "database", "clients", "tickets/s", "p50 ms", "p99 ms", "ceiling/s", "ratio",
                "budget", "p99 budget ms");
    for (int clients : client_counts) {
        auto bare = ceiling(kind, clients, seconds);
        auto real = product(kind, as_agent, clients, seconds);
        std::printf("%-8s %8d %12.0f %9.2f %9.2f %14.0f %7.2f %7.2f %14.0f\n", kind.c_str(), clients, real.per_second, real.p50_ms,
                    real.p99_ms, bare.per_second, real.per_second / bare.per_second, budget(kind), p99_budget_ms);
        std::fflush(stdout);
    }
}
