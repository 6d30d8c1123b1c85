// SPDX-License-Identifier: EUPL-1.2
#include "api/metrics.hpp"
#include "server/registry_hour.hpp"
#include "tests/support/samples.hpp"

#include <catch2/catch.hpp>

using namespace relais;
using namespace relais::server;
using namespace std::chrono_literals;

TEST_CASE("the last hour of the registry forgets what is older, minute by minute", "[registry]") {
    registry_hour hour;
    std::vector<registry_sample> some = {{registry_outcome::found, 12ms},
                                         {registry_outcome::found, 700ms},
                                         {registry_outcome::found, 0us, true},
                                         {registry_outcome::unavailable, 800ms}};
    hour.add(some, tests::monday);
    auto told = hour.report(tests::monday + 59min);
    CHECK((told["found"] == 2 && told["unavailable"] == 1 && told["cached"] == 1 && told["several"] == 0));
    CHECK(told["last_success_at"] == model::seconds(tests::monday));
    CHECK(told["histogram"].size() == told["bounds_ms"].size() + 1);
    std::int64_t timed = 0;
    for (const auto& each : told["histogram"]) timed += each.get<std::int64_t>();
    CHECK(timed == 2); // what was given up has no time of its own
    auto later = hour.report(tests::monday + 61min);
    CHECK((later["found"] == 0 && later["cached"] == 0));
    CHECK(later["last_failure_at"] == model::seconds(tests::monday)); // when it was, however long ago
}

TEST_CASE("the registry's answers are counted by outcome and timed for Prometheus", "[registry]") {
    api::metrics metrics;
    metrics.registry_answer("found", 0.02);
    metrics.registry_answer("found", 0.03);
    metrics.registry_answer("unavailable", 0.8);
    auto text = metrics.text();
    CHECK(text.find("relais_registry_answers_total{outcome=\"found\"} 2") != std::string::npos);
    CHECK(text.find("relais_registry_answers_total{outcome=\"unavailable\"} 1") != std::string::npos);
    CHECK(text.find("relais_registry_seconds_count 3") != std::string::npos);
}
