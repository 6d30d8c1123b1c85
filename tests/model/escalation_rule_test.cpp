// SPDX-License-Identifier: EUPL-1.2
#include "model/escalation_rule.hpp"
#include "model/incident_figures.hpp"
#include "model/sql.hpp"
#include "tests/support/incident_office.hpp"

#include <catch2/catch.hpp>

using namespace relais;
using namespace relais::model;
using namespace std::chrono_literals;
using tests::incident_office;

namespace {

struct rule_case {
    const char* what;
    escalation_rules::counts counted;
    const char* rule; // empty: none fires
};

// Whoever looked first knew whether it would do something.
template <class Rule> bool act(incident_office& office, std::int64_t number, Rule rule) {
    auto would = office.read([&](soci::session& sql) { return escalation_rules::would_act(sql, number, {}, office.now); });
    auto did = office.write([&](soci::session& sql) { return rule(sql, number, {}, office.now); });
    CHECK(would == did);
    return did;
}
bool apply(incident_office& office, std::int64_t number) { return act(office, number, escalation_rules::apply); }
bool regress(incident_office& office, std::int64_t number) { return act(office, number, escalation_rules::apply_regression); }
bool propose(incident_office& office, std::int64_t number) { return act(office, number, escalation_rules::apply_proposal); }
void fix(incident_office& office, std::int64_t number) {
    office.write([&](soci::session& sql) { incidents::fix(sql, office.by(number), office.now, "4.12"); });
}

} // namespace

TEST_CASE("each rule fires at its threshold and not one below", "[escalation]") {
    const rule_case cases[] = {
        {"nothing", {}, ""},
        {"nine tickets", {9, 0, 1, 1, false}, ""},
        {"ten tickets, growing", {10, 9, 1, 1, false}, "growth"},
        {"ten tickets, as many as before", {10, 10, 1, 1, false}, ""},
        {"four departments", {4, 4, 4, 1, false}, ""},
        {"five departments", {4, 4, 5, 1, false}, "departments"},
        {"the first recurrence", {3, 3, 1, 2, false}, ""},
        {"the second recurrence", {3, 3, 1, 3, false}, "recurrence"},
        {"a burst", {3, 3, 1, 1, true, {{"tickets", 12}}}, "burst"},
    };
    for (const auto& each : cases) {
        INFO(each.what);
        auto fired = escalation_rules::judge(each.counted, {});
        CHECK((fired ? fired->rule : "") == each.rule);
        if (fired) CHECK_FALSE(fired->numbers.empty());
    }
}

TEST_CASE("a confirmed incident is handed over by itself at the tenth ticket of a growing week, once", "[escalation]") {
    incident_office office;
    auto number = office.incident_with(9);
    CHECK_FALSE(apply(office, number));
    office.link(office.ticket(), number);
    CHECK(apply(office, number));
    CHECK(office.get(number).state == "escalated");
    CHECK_FALSE(apply(office, number)); // one hand-over
    CHECK(office.count("escalation WHERE rule = 'growth'") == 1);
    CHECK(office.read([&](soci::session& sql) {
        return *sql::first<std::string>(sql, "SELECT numbers FROM escalation WHERE rule = 'growth'");
    }) == R"({"threshold":10,"tickets_7d":10,"tickets_before":0})");
}

TEST_CASE("tickets older than a week do not make a growing week, nor does an incident that nobody confirmed escalate", "[escalation]") {
    incident_office office;
    auto number = office.incident_with(10);
    office.now += 7 * 24h + 1s;
    CHECK_FALSE(apply(office, number));
    auto proposed = office.incident_with(12, "proposed");
    CHECK_FALSE(apply(office, proposed));
}

TEST_CASE("five departments hand an incident over, four do not", "[escalation]") {
    incident_office office;
    auto number = office.incident();
    for (auto code : {"01", "2A", "75", "971"}) office.link(office.ticket([&](contact& from) { from.department = code; }), number);
    office.link(office.ticket([&](contact& from) { from.department = "75"; }), number);
    CHECK_FALSE(apply(office, number));
    office.link(office.ticket([&](contact& from) { from.department = "33"; }), number);
    CHECK(apply(office, number));
    CHECK(office.count("escalation WHERE rule = 'departments'") == 1);
}

TEST_CASE("a burst hands a confirmed incident over, and a return brings a day of calm", "[escalation]") {
    incident_office office;
    auto number = office.incident_with(1);
    office.write([&](soci::session& sql) { sql::change(sql, "UPDATE incident SET burst_at = :at WHERE id = :id", office.now, number); });
    CHECK(apply(office, number));
    office.write([&](soci::session& sql) { incidents::send_back(sql, office.by(number), "Pas assez d'éléments"); });
    office.now += 24h - 1s;
    CHECK_FALSE(apply(office, number));
    office.write([&](soci::session& sql) { sql::change(sql, "UPDATE incident SET burst_at = :at WHERE id = :id", office.now, number); });
    office.now += 1s;
    CHECK(apply(office, number));
    CHECK(office.count("escalation WHERE rule = 'burst'") == 2);
}

TEST_CASE("a group of three tickets of three people is proposed, smaller ones are watched, starred ones at the first ticket",
          "[escalation]") {
    incident_office office;
    auto number = office.incident_with(2, "watched");
    CHECK_FALSE(propose(office, number));
    auto same = office.ticket([](contact& from) { from.requester.email = "zoe1@example.test"; }); // the first one again
    office.link(same, number);
    CHECK_FALSE(propose(office, number)); // three tickets of two people
    office.link(office.ticket(), number);
    CHECK(propose(office, number));
    CHECK(office.get(number).state == "proposed");
    auto starred = office.incident("watched");
    office.link(office.ticket([](contact& from) { from.category = "CIV-06"; }), starred);
    CHECK(propose(office, starred));
    CHECK(office.get(starred).is_security);
    auto hardship = office.incident("watched");
    office.link(office.ticket([](contact& from) { from.category = "SAN-01"; }), hardship);
    CHECK(propose(office, hardship));
    CHECK(office.get(hardship).is_hardship);
    CHECK_FALSE(office.get(hardship).is_security);
    CHECK(office.get(hardship).cause_owner == "PREFECTURE");
}

TEST_CASE("a group of ordinary contacts is watched, unless a code, a burst or a day of many says otherwise", "[escalation]") {
    incident_office office;
    auto group = [&](int tickets, const std::string& code) {
        auto number = office.incident("watched");
        for (int i = 0; i < tickets; ++i)
            office.link(office.ticket([&](contact& from) { from.category = "GEN-02", from.portal.error_code = code; }), number);
        return number;
    };
    auto many = group(9, "");
    CHECK_FALSE(propose(office, many));
    CHECK(propose(office, group(3, "E-17"))); // the portal says that something broke
    auto bursting = group(3, "");
    office.write([&](soci::session& sql) { sql::change(sql, "UPDATE incident SET burst_at = :now WHERE id = :id", office.now, bursting); });
    CHECK(propose(office, bursting));
    office.link(office.ticket([](contact& from) { from.category = "GEN-01"; }), many);
    CHECK(propose(office, many)); // the tenth within a day
    auto slow = group(9, "");
    office.now += 24h;
    office.link(office.ticket([](contact& from) { from.category = "GEN-01"; }), slow);
    CHECK_FALSE(propose(office, slow));
}

TEST_CASE("a proposal that the engine made too small is taken back, one that people read is not", "[escalation]") {
    incident_office office;
    auto look = [&](std::int64_t number) {
        office.write([&](soci::session& sql) { escalation_rules::apply_proposal(sql, number, {}, office.now); });
        return office.get(number);
    };
    auto number = office.incident_with(2, "watched");
    auto third = office.ticket();
    office.link(third, number);
    CHECK(look(number).state == "proposed");
    office.write([&](soci::session& sql) {
        placement alone;
        alone.ticket_id = third, alone.engine = "test";
        reports::place(sql, alone, {}, office.now);
    });
    CHECK(office.read([&](soci::session& sql) { return escalation_rules::would_act(sql, number, {}, office.now); }));
    CHECK(look(number).state == "watched");
    CHECK_FALSE(look(number).proposed_at);
    CHECK(office.count("event WHERE action = 'incident.withdrawn'") == 1);
    auto opened = office.incident("proposed"); // by a person, without a ticket
    office.write([&](soci::session& sql) { sql::change(sql, "UPDATE incident SET is_reviewed = 1 WHERE id = :id", opened); });
    CHECK(look(opened).state == "proposed");
}

TEST_CASE("three tickets soon after the fix are a regression, two are not", "[escalation]") {
    incident_office office;
    auto number = office.incident_with(4);
    office.now += 30 * 24h;
    fix(office, number);
    office.now += 2 * 24h;
    for (int i = 0; i < 2; ++i) office.link(office.ticket(), number);
    CHECK_FALSE(regress(office, number));
    office.link(office.ticket(), number);
    CHECK(regress(office, number));
    CHECK(office.get(number).state == "regressed");
    CHECK_FALSE(regress(office, number));
    CHECK(office.count("escalation WHERE rule = 'regression'") == 1);
}

TEST_CASE("the dossiers of late reporters are looked at when these are many enough, and not one below", "[escalation]") {
    incident_office office;
    auto number = office.incident_with(1);
    office.now += 30 * 24h;
    fix(office, number);
    office.now += 2 * 24h;
    auto counted = [&] {
        return office.read(
            [&](soci::session& sql) { return escalation_rules::read_late(sql, incidents::get(sql, number), {}, office.now); });
    };
    for (int i = 0; i < 2; ++i) office.link(office.ticket(), number);
    CHECK(counted().tickets == 2);
    CHECK(counted().arisen == 0);
    office.link(office.ticket(), number);
    CHECK(counted().tickets == 3);
    CHECK(counted().arisen == 3);
}

TEST_CASE("late reporters are no regression: what the tail allows, and one more", "[escalation]") {
    escalation_terms terms;
    escalation_rules::late_counts counted{0, 1, 20, 24h};
    auto allowed = escalation_rules::late_allowed(counted, terms);
    CHECK(allowed == 23); // Poisson of mean 20 * 2 * (1 - exp(-1/2)) = 15.7
    counted.tickets = allowed;
    CHECK_FALSE(escalation_rules::regression(counted, terms));
    counted.tickets = allowed + 1;
    CHECK(escalation_rules::regression(counted, terms));
    counted.arisen = 0; // every one of them was stuck before the fix
    CHECK_FALSE(escalation_rules::regression(counted, terms));
    counted = {3, 1, 0, 1h};
    CHECK(escalation_rules::late_allowed(counted, terms) == 0);
    CHECK(escalation_rules::regression(counted, terms));
    counted.a_day_before = 100'000; // no overflow, no endless sum
    CHECK(escalation_rules::late_allowed(counted, terms) > 3'000);
}

TEST_CASE("what the resolution team promised is kept until the end of the last working day, and counted only when it is due",
          "[escalation]") {
    incident_office office; // Monday 10:00 in Paris
    auto number = office.incident_with(1);
    office.write([&](soci::session& sql) { incidents::escalate(sql, office.by(number), "person", nlohmann::json::object()); });
    auto figures = [&] {
        return office.read([&](soci::session& sql) { return incident_figures::compute(sql, tests::monday - 24h, office.now); });
    };
    office.now = tests::monday + 20h;
    CHECK(figures().accepted.of == 0); // its time has not come
    office.now = tests::monday + 37h;  // Tuesday 23:00 in Paris
    office.write([&](soci::session& sql) { incidents::accept(sql, office.by(number)); });
    CHECK(figures().accepted.of == 1);
    CHECK(figures().accepted.kept == 1);
    CHECK(figures().workaround.of == 0);
    office.now = tests::monday + 8 * 24h; // the fifth working day was the Monday after
    CHECK(figures().workaround.of == 1);
    CHECK(figures().workaround.kept == 0);
    CHECK(incident_figures::deadline(tests::monday, 1) == tests::monday + 38h - 1s);                          // midnight of Tuesday
    CHECK(incident_figures::deadline(tests::monday + 4 * 24h, 1) == tests::monday + (7 * 24 + 14) * 1h - 1s); // a week-end between
    auto late = office.incident_with(1);
    office.write([&](soci::session& sql) { incidents::escalate(sql, office.by(late), "person", nlohmann::json::object()); });
    office.write([&](soci::session& sql) { incidents::send_back(sql, office.by(late), "Incomplet"); });
    office.now += 1s;
    CHECK(figures().returned == 1);
}
