// SPDX-License-Identifier: EUPL-1.2
#include "model/escalation_rule.hpp"
#include "model/incident_bursts.hpp"
#include "tests/support/incident_office.hpp"

#include <catch2/catch.hpp>

using namespace relais;
using namespace relais::model;
using namespace std::chrono_literals;

namespace {

// Two tickets a day for ten weeks, then many in one hour.
struct busy_office : tests::incident_office {
    std::int64_t number = incident();
    incident_bursts bursts;

    void quiet_weeks(int days) {
        for (int day = 0; day < days; ++day, now += 24h)
            for (auto hour : {9h, 14h}) {
                now += hour;
                link(ticket(), number);
                now -= hour;
            }
    }
    std::vector<incident_bursts::found> end_hours() {
        auto hours = read([&](soci::session& sql) { return bursts.due(sql, now); });
        auto alarms = bursts.watch(hours);
        write([&](soci::session& sql) { incident_bursts::record(sql, alarms, now); });
        return alarms;
    }
};

} // namespace

TEST_CASE("an incident that bursts is marked at that hour, once, and is handed over with the alarm's numbers", "[bursts]") {
    busy_office office;
    office.quiet_weeks(63);
    for (const auto& [hour, alarm] : office.end_hours()) // its usual rhythm
        FAIL("hour " << hour - seconds(tests::monday) / 3600 << " window " << alarm.window_hours << " tickets " << alarm.tickets
                     << " expected " << alarm.expected);
    office.now += 10h;
    for (int i = 0; i < 12; ++i) office.link(office.ticket(), office.number);
    auto burst_hour = seconds(office.now) / 3600;
    CHECK(office.end_hours().empty()); // the hour has not ended
    office.now += 1h + 10min;
    auto alarms = office.end_hours();
    REQUIRE(alarms.size() == 1);
    CHECK(alarms[0].hour == burst_hour);
    CHECK(alarms[0].alarm.incident == office.number);
    CHECK(office.count("incident_burst WHERE hour = " + std::to_string(burst_hour)) == 1);
    CHECK(office.get(office.number).burst_at == at_seconds((burst_hour + 1) * 3600));
    CHECK(office.write([&](soci::session& sql) { return escalation_rules::apply(sql, office.number, {}, office.now); }));
    CHECK(office.count("escalation WHERE rule = 'burst' AND numbers LIKE '%\"expected\"%'") == 1);
    // Another node that takes over reads the same weeks and says the same, once.
    incident_bursts again;
    auto hours = office.read([&](soci::session& sql) { return again.due(sql, office.now); });
    auto same = again.watch(hours);
    office.write([&](soci::session& sql) { incident_bursts::record(sql, same, office.now); });
    CHECK(office.count("incident_burst") == 1);
    CHECK(office.count("event WHERE action = 'incident.burst'") == 1);
    CHECK(office.end_hours().empty()); // nothing new
}
