// SPDX-License-Identifier: EUPL-1.2
// The server is killed again and again under load. Each client keeps a ledger of what it was told; the database must agree with it.
#include "model/backend.hpp"
#include "model/sql.hpp"
#include "tests/support/http_client.hpp"
#include "tests/support/running_server.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <atomic>
#include <cstdlib>
#include <map>
#include <mutex>
#include <random>
#include <thread>

using namespace relais;

namespace {

constexpr int kills = 30, clients = 8;

std::string contact(const std::string& key) {
    nlohmann::json out = {{"channel", "phone"},
                          {"requester", {{"name", "Camille Essai"}, {"email", key + "@example.test"}}},
                          {"procedure", "REGISTRATION"},
                          {"department", "75"},
                          {"subject", key},
                          {"body", "Ma demande est bloquée depuis trois semaines."}};
    return out.dump();
}

// What the clients were told: key -> reference, empty while the outcome is unknown.
class ledger {
public:
    void note(const std::string& key, const std::string& reference) {
        std::lock_guard lock(mutex_);
        auto& known = entries_[key];
        if (!known.empty() && known != reference) contradicted_ = true;
        if (!reference.empty()) known = reference;
    }
    std::map<std::string, std::string> entries() const { return entries_; }
    bool contradicted() const { return contradicted_; }

private:
    std::mutex mutex_;
    std::map<std::string, std::string> entries_;
    bool contradicted_ = false;
};

// Sends contacts until told to stop. A request without an answer is sent again with its key, as the contract asks.
void send_contacts(int client, std::uint16_t port, const std::string& token, ledger& told, const std::atomic<bool>& stopping) {
    tests::http_client connection(port, 5);
    for (int n = 0; !stopping; ++n) {
        auto key = "c" + std::to_string(client) + "-" + std::to_string(n);
        for (;;) {
            auto answer =
                connection.post("/api/v1/tickets", contact(key),
                                {{"Content-Type", "application/json"}, {"Authorization", "Bearer " + token}, {"Idempotency-Key", key}});
            told.note(key, answer.status == 201 ? nlohmann::json::parse(answer.body).at("reference").get<std::string>() : "");
            if (answer.status == 201 || stopping) break;
            std::this_thread::yield();
        }
    }
}

void open(soci::session& sql, const model::database_options& options) {
    if (options.is_mariadb())
        model::mariadb::open_session(sql, options);
    else
        model::sqlite::open_session(sql, options.sqlite_file, true);
}

void compare(const std::map<std::string, std::string>& told, const model::database_options& options) {
    soci::session sql;
    open(sql, options);
    auto rows = model::sql::all<std::tuple<std::string, std::string, std::int64_t>>(
        sql, "SELECT subject, reference, (SELECT COUNT(*) FROM outbox WHERE outbox.ticket_id = ticket.id AND outbox.kind = "
             "'acknowledgement') FROM ticket");
    std::map<std::string, std::string> kept;
    int doubles = 0, without_one_acknowledgement = 0, missing = 0, strangers = 0;
    for (const auto& [key, reference, acknowledgements] : rows) {
        if (!kept.emplace(key, reference).second) ++doubles;
        if (acknowledgements != 1) ++without_one_acknowledgement;
        if (!told.count(key)) ++strangers;
    }
    int acknowledged = 0;
    for (const auto& [key, reference] : told) {
        if (reference.empty()) continue;
        ++acknowledged;
        auto found = kept.find(key);
        if (found == kept.end() || found->second != reference) ++missing;
    }
    std::printf("acknowledged %d, kept %zu, missing %d, double %d, without exactly one acknowledgement %d\n", acknowledged, kept.size(),
                missing, doubles, without_one_acknowledgement);
    CHECK(acknowledged > kills);
    CHECK(missing == 0);
    CHECK(doubles == 0);
    CHECK(strangers == 0);
    CHECK(without_one_acknowledgement == 0);
    if (!options.is_mariadb()) CHECK(*model::sql::first<std::string>(sql, "PRAGMA integrity_check") == "ok");
    model::sql::forget_statements(sql);
}

} // namespace

TEST_CASE("killed thirty times under load, the server loses and doubles nothing", "[faults]") {
    auto* kind = std::getenv("RELAIS_TEST_DATABASE");
    tests::running_server server(kind ? kind : "sqlite", {{"RELAIS_FORMS_LIMITS_ENABLED", "false"}});
    server.start();
    auto token = server.command("token add faults --role agent --rate 0");
    ledger told;
    std::atomic<bool> stopping = false;
    std::vector<std::thread> load;
    for (int i = 0; i < clients; ++i) load.emplace_back([&, i] { send_contacts(i, server.port(), token, told, stopping); });
    std::mt19937 random(20261123); // the same moments each run, as far as the machine allows
    for (int i = 0; i < kills; ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds(std::uniform_int_distribution<>(20, 600)(random)));
        server.kill();
        server.start();
    }
    stopping = true;
    for (auto& each : load) each.join();
    CHECK(server.stop() == 0);
    CHECK_FALSE(told.contradicted());
    compare(told.entries(), server.database());
}
