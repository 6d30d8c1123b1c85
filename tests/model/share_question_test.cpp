// SPDX-License-Identifier: EUPL-1.2
#include "model/share_question.hpp"

#include "model/decision.hpp"
#include "tests/support/share_office.hpp"

#include <catch2/catch.hpp>

using namespace relais;
using namespace relais::model;
using namespace std::chrono_literals;
using tests::next_monday;
using tests::share_office;

namespace {

constexpr auto week = 24h * 7;
const auto nothing = nlohmann::json::array();

// An incident that was handed over, and what is asked about it from week to week.
struct asking_office : share_office {
    asking_office() {
        write([&](soci::session& sql) {
            incidents::escalate(sql, by(number), "person", nlohmann::json::object());
            incidents::accept(sql, by(number));
        });
    }
    nlohmann::json asked(const std::string& shared) { return incident_in(share(shared), number)["asked"]; }
    std::int64_t decide(const std::string& on, const std::string& kind, std::int64_t amends = 0) {
        return write([&](soci::session& sql) {
            return decisions::decide(sql, weekly_shares::get(sql, on).id, {kind, "À voir", "", number, amends}, tests::owner_actor(), now);
        });
    }
    void describe(const char* nature, const char* severity, const char* title = "Date refusée") {
        write([&](soci::session& sql) {
            incidents::description what;
            what.title = title, what.nature = nature, what.severity = severity;
            incidents::describe(sql, by(number), what);
        });
    }
    std::int64_t number = incident_with(6);
};

} // namespace

TEST_CASE("a date is asked for when its ten days have passed, whatever was decided before", "[share][decision]") {
    asking_office office;
    office.now = next_monday;
    CHECK(office.asked("2026-W48") == nothing);
    office.decide("2026-W48", "accept");
    office.now += week;
    CHECK(office.asked("2026-W49") == nothing);
    office.now += week;
    CHECK(office.asked("2026-W50") == nlohmann::json::array({"date"}));
    office.decide("2026-W50", "prioritise");
    office.now += week;
    CHECK(office.asked("2026-W51") == nothing);
}

TEST_CASE("what becomes critical or a legal case after a decision is asked about", "[share][decision]") {
    asking_office office;
    office.now = next_monday;
    office.share("2026-W48");
    office.decide("2026-W48", "accept");
    office.now += 24h;
    office.describe("software_defect", "critical");
    office.now = next_monday + week;
    CHECK(office.asked("2026-W49") == nlohmann::json::array({"priority"}));
    office.decide("2026-W49", "prioritise");
    office.now += 24h;
    office.describe("legal_case_not_covered", "critical", "Un autre titre");
    office.now = next_monday + 2 * week;
    auto asked = office.asked("2026-W50");
    CHECK(share_office::has(asked, "rule"));
    CHECK_FALSE(share_office::has(asked, "priority")); // what was decided holds: other words are no new question
}

TEST_CASE("a cause that turns out to be the national system's is asked about", "[share][decision]") {
    asking_office office;
    office.now = next_monday;
    office.share("2026-W48");
    office.decide("2026-W48", "accept");
    office.now += 24h;
    office.write([&](soci::session& sql) { incidents::set_cause(sql, office.by(office.number), "NATIONAL_SYSTEM", ""); });
    office.now = next_monday + week;
    CHECK(office.asked("2026-W49") == nlohmann::json::array({"arbitration"}));
}

TEST_CASE("a severity raised after the week is not told of it", "[share]") {
    asking_office office;
    office.now = next_monday - 2h;
    office.describe("software_defect", "critical");
    office.now = next_monday;
    auto told = share_office::incident_in(office.share("2026-W48"), office.number);
    CHECK(told["severity"] == "normal");
    CHECK(told["asked"] == nothing);
}

TEST_CASE("a decision that was replaced after the week had answered in it", "[share][decision]") {
    asking_office office;
    office.describe("legal_case_not_covered", "normal");
    office.now = next_monday;
    CHECK(office.asked("2026-W48") == nlohmann::json::array({"rule"}));
    auto first = office.decide("2026-W48", "accept");
    office.now = next_monday + week - 1h;
    office.decide("2026-W48", "ask", first);
    office.now = next_monday + week;
    CHECK(office.asked("2026-W49") == nothing);
}
