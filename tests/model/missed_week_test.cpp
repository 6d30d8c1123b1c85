// SPDX-License-Identifier: EUPL-1.2
// Shares that a server writes when it is back.
#include "model/weekly_share.hpp"

#include "tests/support/share_office.hpp"

#include <catch2/catch.hpp>

using namespace relais;
using namespace relais::model;
using namespace std::chrono_literals;
using tests::next_monday;
using tests::share_office;

namespace {

constexpr auto week = 24h * 7;

} // namespace

TEST_CASE("a missed week is told as it ended, not as things are when it is written", "[share]") {
    share_office office;
    auto number = office.incident_with(5);
    auto describe = [&](soci::session& sql, const char* nature) {
        incidents::description what;
        what.title = "Signature refusée", what.nature = nature;
        incidents::describe(sql, office.by(number), what);
    };
    office.write([&](soci::session& sql) {
        describe(sql, "software_defect");
        incidents::set_cause(sql, office.by(number), "AGENCY_PORTAL", "");
    });
    office.now = next_monday + 24h; // in W49
    office.write([&](soci::session& sql) {
        incidents::escalate(sql, office.by(number), "person", nlohmann::json::object());
        incidents::accept(sql, office.by(number));
        describe(sql, "legal_case_not_covered");
        incidents::set_cause(sql, office.by(number), "NATIONAL_SYSTEM", "");
        incidents::set_workaround(sql, office.by(number), {"", "", "Envoyer la photo par courrier."});
        incidents::schedule(sql, office.by(number), next_monday + 24h * 5, "4.12");
    });
    office.now = next_monday + week + 24h; // in W50
    office.write([&](soci::session& sql) { incidents::schedule(sql, office.by(number), next_monday + 24h * 40, "4.13"); });
    office.now = next_monday + 24h * 2;
    for (int i = 0; i < 7; ++i) office.link(office.ticket(), number);
    office.now = next_monday + 3 * week;
    auto share = office.share("2026-W48");
    CHECK(share_office::incident_in(share, number)["state"] == "confirmed");
    CHECK(share_office::incident_in(share, number)["counts"]["persons"] == 5);
    CHECK_FALSE(share_office::has(share["sections"]["escalated"], number));
    CHECK(share["sections"]["legal"].empty());
    auto told = share_office::incident_in(share, number);
    CHECK(told["nature"] == "software_defect");
    CHECK(told["cause_owner"] == "AGENCY_PORTAL");
    CHECK(told["workaround"] == "");
    CHECK(told["fix_at"].is_null());
    CHECK(told["fix_release"] == "");
    auto next = office.share("2026-W49");
    told = share_office::incident_in(next, number);
    CHECK(told["state"] == "fix_scheduled");
    CHECK(told["counts"]["persons"] == 12);
    CHECK(told["nature"] == "legal_case_not_covered");
    CHECK(told["cause_owner"] == "NATIONAL_SYSTEM");
    CHECK(told["workaround"] == "Envoyer la photo par courrier.");
    CHECK(told["fix_at"] == seconds(next_monday + 24h * 5));
    CHECK(told["fix_release"] == "4.12");
    told = share_office::incident_in(office.share("2026-W50"), number);
    CHECK(told["fix_at"] == seconds(next_monday + 24h * 40));
    CHECK(told["fix_release"] == "4.13");
}

TEST_CASE("an incident that was proposed and given up is not open in a week told later", "[share]") {
    share_office office;
    auto number = office.write([&](soci::session& sql) { return incidents::open(sql, {}, {}, office.now); });
    for (int i = 0; i < 6; ++i) office.link(office.ticket(), number);
    auto act = [&](auto what) { office.write([&](soci::session& sql) { what(sql, office.by(number)); }); };
    act(incidents::propose);
    office.now += 1h;
    act(incidents::withdraw);
    office.now = next_monday + 24h;
    act(incidents::propose);
    office.now = next_monday + 2 * week;
    CHECK(office.share("2026-W48")["sections"]["open"] == 0);
    CHECK(office.share("2026-W49")["sections"]["open"] == 1);
}

TEST_CASE("an incident that was open on Sunday is in the share, whatever was made of it on Monday before eight", "[share]") {
    share_office office;
    auto given_up = office.write([&](soci::session& sql) { return incidents::open(sql, {}, {}, office.now); });
    auto merged = office.incident_with(6), into = office.incident_with(6);
    for (int i = 0; i < 6; ++i) office.link(office.ticket(), given_up);
    office.write([&](soci::session& sql) { incidents::propose(sql, office.by(given_up)); });
    office.now = next_monday - 2h;
    office.write([&](soci::session& sql) {
        incidents::withdraw(sql, office.by(given_up));
        incidents::merge(sql, office.by(merged), into);
    });
    office.now = next_monday;
    CHECK(office.share("2026-W48")["sections"]["open"] == 3);
    office.now = next_monday + week;
    CHECK(office.share("2026-W49")["sections"]["open"] == 1);
}

TEST_CASE("the figures of a missed week are those of the week on time, with the corrections made since", "[share]") {
    std::map<std::string, nlohmann::json> on_time, missed;
    for (auto is_missed : {false, true}) {
        share_office office;
        auto set = [&](std::int64_t id, const std::string& what) {
            office.write([&](soci::session& sql) {
                sql::change(sql, "UPDATE ticket SET " + what + ", updated_at = :now WHERE id = :id", office.now, id);
            });
        };
        std::vector<std::int64_t> tickets;
        for (int i = 0; i < 30; ++i) tickets.push_back(office.ticket());
        office.now += 24h * 2;
        for (int i = 0; i < 20; ++i)
            set(tickets[static_cast<std::size_t>(i)], "status = 'closed', closed_at = " + std::to_string(seconds(office.now)));
        office.now = next_monday;
        if (!is_missed) office.share("2026-W48");
        // Afterwards: nothing was acknowledged within a week, and ten are opened again.
        office.now = next_monday + 24h * 8;
        for (int i = 0; i < 10; ++i) set(tickets[static_cast<std::size_t>(i)], "status = 'open', closed_at = NULL");
        office.now = next_monday + 2 * week;
        if (is_missed) {
            auto late = office.share("2026-W48");
            for (const auto& each : late["figures"]) missed[each["id"]] = each["part"];
            continue;
        }
        auto first = nlohmann::json::parse(office.read([](soci::session& sql) { return weekly_shares::get(sql, "2026-W48").body; }));
        for (const auto& each : first["figures"]) on_time[each["id"]] = each["part"];
        CHECK(on_time["K4.late"] == 0);
        CHECK(on_time["K7"] == 20);
        auto last = office.share("2026-W50"); // W49 is written by nobody
        for (const auto& each : last["corrections"]) on_time[each["id"]] = each["is"]["part"];
    }
    CHECK(missed["K4.late"] == 30);
    CHECK(missed["K7"] == 10);
    for (const char* id : {"K4", "K4.late", "K5", "K5.late", "K7", "K8", "K9", "K11", "K20"}) {
        INFO(id);
        CHECK(missed[id] == on_time[id]);
    }
}
