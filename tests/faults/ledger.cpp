// SPDX-License-Identifier: EUPL-1.2
#include "tests/faults/ledger.hpp"

#include "model/backend.hpp"
#include "model/sql.hpp"
#include "tests/support/http_client.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <cstdio>
#include <tuple>

namespace relais::tests {

namespace {

constexpr int clients = 8;

std::string contact(const std::string& key) {
    nlohmann::json out = {{"channel", "phone"},
                          {"requester", {{"name", "Camille Essai"}, {"email", key + "@example.test"}}},
                          {"procedure", "REGISTRATION"},
                          {"department", "75"},
                          {"subject", key},
                          {"body", "Ma demande est bloquée depuis trois semaines."}};
    return out.dump();
}

void open(soci::session& sql, const model::database_options& options) {
    if (options.is_mariadb())
        model::mariadb::open_session(sql, options);
    else
        model::sqlite::open_session(sql, options.sqlite_file, true);
}

} // namespace

void ledger::note(const std::string& key, const std::string& reference) {
    std::lock_guard lock(mutex_);
    auto& known = entries_[key];
    if (reference.empty()) return;
    if (!known.empty() && known != reference) contradicted_ = true;
    if (known.empty()) ++acknowledged_;
    known = reference;
}

std::map<std::string, std::string> ledger::entries() const {
    std::lock_guard lock(mutex_);
    return entries_;
}

load::load(std::uint16_t port, std::string token, ledger& told) : port_(port), token_(std::move(token)), told_(told) {
    for (int i = 0; i < clients; ++i) clients_.emplace_back([this, i] { send(i); });
}

void load::stop() {
    stopping_ = true;
    for (auto& each : clients_) each.join();
    clients_.clear();
}

void load::send(int client) {
    http_client connection(port_, 5);
    for (int n = 0; !stopping_; ++n) {
        auto key = "c" + std::to_string(client) + "-" + std::to_string(n);
        for (;;) {
            auto answer =
                connection.post("/api/v1/tickets", contact(key),
                                {{"Content-Type", "application/json"}, {"Authorization", "Bearer " + token_}, {"Idempotency-Key", key}});
            told_.note(key, answer.status == 201 ? nlohmann::json::parse(answer.body).at("reference").get<std::string>() : "");
            if (answer.status == 201 || stopping_) break;
            std::this_thread::yield();
        }
    }
}

void check_against(const ledger& ledger, const model::database_options& options) {
    auto told = ledger.entries();
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
        if (!told.contains(key)) ++strangers;
    }
    for (const auto& [key, reference] : told) {
        if (reference.empty()) continue;
        auto found = kept.find(key);
        if (found == kept.end() || found->second != reference) ++missing;
    }
    std::printf("acknowledged %d, kept %zu, missing %d, double %d, without exactly one acknowledgement %d\n", ledger.acknowledged(),
                kept.size(), missing, doubles, without_one_acknowledgement);
    CHECK(missing == 0);
    CHECK(doubles == 0);
    CHECK(strangers == 0);
    CHECK(without_one_acknowledgement == 0);
    CHECK_FALSE(ledger.contradicted());
    if (!options.is_mariadb()) CHECK(*model::sql::first<std::string>(sql, "PRAGMA integrity_check") == "ok");
    model::sql::forget_statements(sql);
}

} // namespace relais::tests
