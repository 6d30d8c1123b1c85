// SPDX-License-Identifier: EUPL-1.2
// The whole server beside an agency's registry: contacts are accepted as quickly without it, and attached when it is back.
#include "tests/support/http_client.hpp"
#include "tests/support/licence_registry.hpp"
#include "tests/support/registry_environment.hpp"
#include "tests/support/running_server.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <chrono>
#include <cstdlib>
#include <thread>

using namespace relais;
using namespace std::chrono_literals;

namespace {

struct agency_and_centre {
    agency_and_centre() {
        agency.server.run("CREATE USER ouvert@'%'; ");
        agency.server.run("GRANT SELECT ON agence.v_permis TO ouvert@'%'");
        auto options = agency.options();
        options.user = "ouvert";
        auto* kind = std::getenv("RELAIS_TEST_DATABASE");
        centre = std::make_unique<tests::running_server>(kind ? kind : "sqlite", tests::environment_of(options));
        centre->start();
        headers = {{"Content-Type", "application/json"},
                   {"Authorization", "Bearer " + centre->command("token add tests --role agent --rate 0")}};
        client = std::make_unique<tests::http_client>(centre->port());
    }
    // The reference of a ticket about Anne Lefèvre's dossier.
    std::string write(int number) {
        nlohmann::json body = {{"channel", "phone"},
                               {"requester", {{"name", "Anne Lefèvre"}, {"email", "anne" + std::to_string(number) + "@example.test"}}},
                               {"subject_person", {{"birth_name", "Lefèvre"}, {"first_names", "Anne"}, {"birth_date", "1975-06-07"}}},
                               {"dossier_number", "AG-2026-0001"},
                               {"procedure", "RENEWAL"},
                               {"department", "33"},
                               {"subject", "Dossier bloqué"},
                               {"body", "Mon dossier n'avance plus."}};
        auto answer = client->post("/api/v1/tickets", body.dump(), headers);
        REQUIRE(answer.status == 201);
        auto told = nlohmann::json::parse(answer.body);
        CHECK(told["dossier"]["linked"] == "none"); // the mirror knows nothing
        return told["reference"];
    }
    nlohmann::json read(const std::string& reference) {
        return nlohmann::json::parse(client->get("/api/v1/tickets/" + reference, headers).body);
    }
    bool is_linked_in_time(const std::string& reference) {
        for (auto until = std::chrono::steady_clock::now() + 60s; std::chrono::steady_clock::now() < until;) {
            if (!read(reference)["dossier"].is_null()) return true;
            std::this_thread::sleep_for(50ms);
        }
        return false;
    }

    tests::licence_registry agency;
    std::unique_ptr<tests::running_server> centre;
    std::unique_ptr<tests::http_client> client;
    std::map<std::string, std::string> headers;
};

} // namespace

TEST_CASE("a contact whose dossier only the registry knows is linked after the answer", "[registry_service]") {
    agency_and_centre both;
    both.agency.put("AG-2026-0001", "190300200123", "LEFEVRE", "ANNE", "1975-06-07", "SUPPLEMENT_REQUESTED");
    both.agency.make_recent();
    auto first = both.write(1);
    CHECK(both.is_linked_in_time(first));
    auto shown = both.read(first);
    REQUIRE(shown["snapshots"].size() == 1);
    CHECK(shown["snapshots"][0]["source"] == "registry");
    CHECK(shown["snapshots"][0]["status"] == "SUPPLEMENT_REQUESTED");
    both.agency.make_recent();
}

TEST_CASE("contacts made while the registry is down are accepted at once, and attached when it is back", "[registry_service]") {
    agency_and_centre both;
    both.agency.put("AG-2026-0001", "190300200123", "LEFEVRE", "ANNE", "1975-06-07", "SUPPLEMENT_REQUESTED");
    both.agency.make_recent();
    both.agency.server.stop();
    std::vector<std::string> references;
    for (int i = 0; i < 5; ++i) references.push_back(both.write(i));
    for (const auto& each : references) CHECK(both.read(each)["dossier"].is_null());
    both.agency.server.start();
    for (const auto& each : references) CHECK(both.is_linked_in_time(each));
}
