// SPDX-License-Identifier: EUPL-1.2
#include "model/dossier_store.hpp"
#include "model/error.hpp"
#include "model/escalation_rule.hpp"
#include "model/incident.hpp"
#include "model/incident_facts.hpp"
#include "model/silent_dossier.hpp"
#include "tests/support/incident_office.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <functional>

using namespace relais;
using namespace relais::model;
using namespace std::chrono_literals;
using tests::incident_office;

TEST_CASE("an incident goes from proposed to closed, each step recorded with who and when", "[incident]") {
    incident_office office;
    auto number = office.incident("proposed");
    auto step = [&](const std::string& state, auto what) {
        office.now += 1h;
        office.write([&](soci::session& sql) { what(sql, office.by(number)); });
        CHECK(office.get(number).state == state);
    };
    step("confirmed", [](auto& sql, const auto& act) { incidents::confirm(sql, act, {"Titre", "data_error", "CERT", "major"}); });
    step("escalated", [](auto& sql, const auto& act) { incidents::escalate(sql, act, "person", {{"why", "test"}}); });
    step("accepted", [](auto& sql, const auto& act) { incidents::accept(sql, act); });
    step("fix_scheduled", [](auto& sql, const auto& act) { incidents::schedule(sql, act, act.now + 24h, "4.12"); });
    step("fixed", [](auto& sql, const auto& act) { incidents::fix(sql, act, act.now, "4.12"); });
    step("verified", [](auto& sql, const auto& act) { incidents::verify(sql, act); });
    step("closed", [](auto& sql, const auto& act) { incidents::close(sql, act); });
    auto after = office.get(number);
    CHECK(after.title == "Titre");
    CHECK(after.cause_owner == "CERT");
    CHECK(after.accepted_at == tests::monday + 3h);
    CHECK(after.closed_at == tests::monday + 7h);
    CHECK(office.count("event WHERE object_kind = 'incident' AND actor_name = 'Paul Renard'") == 8); // the opening and seven steps
    CHECK(office.count("escalation WHERE outcome = 'accepted' AND outcome_by = 'Paul Renard'") == 1);
}

TEST_CASE("two people never overwrite each other on an incident, and a state refuses what the table does not say", "[incident]") {
    incident_office office;
    auto number = office.incident("proposed");
    auto seen = office.get(number).version;
    office.write([&](soci::session& sql) { incidents::confirm(sql, office.by(number, seen), {}); });
    CHECK_THROWS_WITH(office.write([&](soci::session& sql) { incidents::dismiss(sql, office.by(number, seen)); }), "conflict.version");
    CHECK_THROWS_WITH(office.write([&](soci::session& sql) { incidents::accept(sql, office.by(number)); }), "conflict.incident_state");
    CHECK_THROWS_AS(office.write([&](soci::session& sql) { incidents::accept(sql, office.by(999'999)); }), not_found);
    CHECK(office.get(number).state == "confirmed");
    CHECK_THROWS_AS(office.write([&](soci::session& sql) { incidents::set_cause(sql, office.by(number), "NOBODY", ""); }), invalid);
}

TEST_CASE("a return has a reason, is counted, and brings a day of calm to the rules but not to people", "[incident]") {
    incident_office office;
    auto number = office.incident();
    auto escalate = [&](const char* rule) {
        office.write([&](soci::session& sql) { incidents::escalate(sql, office.by(number), rule, nlohmann::json::object()); });
    };
    escalate("person");
    CHECK_THROWS_AS(office.write([&](soci::session& sql) { incidents::send_back(sql, office.by(number), "  "); }), invalid);
    office.write([&](soci::session& sql) { incidents::send_back(sql, office.by(number), "Pas reproductible"); });
    CHECK(office.get(number).returned == 1);
    CHECK(office.count("escalation WHERE outcome = 'returned' AND reason = 'Pas reproductible'") == 1);
    office.now += 24h - 1s;
    CHECK_THROWS_WITH(escalate("growth"), "conflict.calm");
    office.now += 1s;
    escalate("growth");
    office.write([&](soci::session& sql) { incidents::send_back(sql, office.by(number), "Encore"); });
    escalate("person");
    CHECK(office.get(number).state == "escalated");
    CHECK(office.get(number).returned == 2);
}

TEST_CASE("persons, dossiers and tickets are counted apart, and by what they say", "[incident]") {
    incident_office office;
    auto number = office.incident();
    auto same = [](contact& from) { from.requester.email = "meme@example.test", from.portal.error_code = "E-17"; };
    office.link(office.ticket(same), number), office.link(office.ticket(same), number);
    auto third = office.ticket([](contact& from) { from.department = "75", from.portal.error_code = "E-17"; });
    office.link(third, number);
    auto now = office.get(number);
    CHECK(now.tickets == 3);
    CHECK(now.citizens == 2);
    CHECK(now.dossiers == 0);
    CHECK(now.first_ticket_at == tests::monday);
    auto facts = office.read([&](soci::session& sql) { return incident_facts::read(sql, number); });
    CHECK(incident_facts::dominant(facts, "error_code") == "E-17");
    CHECK(incident_facts::dominant(facts, "department") == "974");
    CHECK(office.read([&](soci::session& sql) { return incident_facts::hours(sql, number); }).begin()->second == 3);
    office.write([&](soci::session& sql) { incidents::detach(sql, office.by(number), third); });
    CHECK(office.get(number).citizens == 1);
    auto kept = office.get(number);
    office.write([&](soci::session& sql) { reports::recount(sql, number); });
    CHECK(office.get(number).tickets == kept.tickets);
    CHECK(office.get(number).citizens == kept.citizens);
    CHECK(office.count("incident_fact WHERE incident_id = " + std::to_string(number) + " AND value = '75' AND tickets > 0") == 0);
}

TEST_CASE("a person's word on a ticket is never replaced by the engine's, and what was refused is never attached again", "[incident]") {
    incident_office office;
    auto one = office.incident_with(2), other = office.incident();
    auto ticket = office.ticket();
    CHECK(office.link(ticket, one));
    office.write([&](soci::session& sql) { incidents::detach(sql, office.by(one), ticket); });
    CHECK_FALSE(office.report(ticket).incident_id);
    CHECK_FALSE(office.link(ticket, one)); // refused for ever
    CHECK(office.link(ticket, other));     // but it may be something else
    office.write([&](soci::session& sql) { incidents::attach(sql, office.by(one), ticket); });
    CHECK(office.report(ticket).incident_id == one);
    CHECK_FALSE(office.link(ticket, other));
    CHECK(office.report(ticket).incident_id == one);
    CHECK(office.get(one).tickets == 3);
    CHECK(office.get(other).tickets == 0);
    CHECK(office.get(one).is_reviewed);
    CHECK_THROWS_WITH(office.write([&](soci::session& sql) { incidents::detach(sql, office.by(other), ticket); }), "conflict.not_attached");
}

TEST_CASE("whatever a person says of a proposed incident reviews it, so that the machine leaves it as it is", "[incident]") {
    using say = std::function<void(soci::session&, const incidents::action&)>;
    const say words[] = {
        [](auto& sql, auto& act) {
            incidents::set_workaround(sql, act, {"Photo", "Attendez.", "", true});
        },
        [](auto& sql, auto& act) { incidents::set_cause(sql, act, "CERT", "Une file arrêtée"); },
        [](auto& sql, auto& act) {
            incidents::describe(sql, act, {"Photo refusée", "", "software_defect", "", "", "", "", false, false});
        },
        [](auto& sql, auto& act) {
            incidents::set_stuck_state(sql, act, {"", "", "E-17", ""});
        },
    };
    for (const auto& each : words) {
        incident_office office;
        auto number = office.incident_with(1, "proposed");
        CHECK_FALSE(office.get(number).is_reviewed);
        office.write([&](soci::session& sql) { each(sql, office.by(number)); });
        CHECK(office.get(number).is_reviewed);
        office.write([&](soci::session& sql) { escalation_rules::apply_proposal(sql, number, {}, office.now); });
        CHECK(office.get(number).state == "proposed"); // one ticket is too few for a group that nobody read
    }
    incident_office office;
    auto number = office.incident_with(1, "watched");
    office.write([&](soci::session& sql) { incidents::propose(sql, {number, 0, {}, office.now}); });
    CHECK_FALSE(office.get(number).is_reviewed); // by the machine
    office.write([&](soci::session& sql) { escalation_rules::apply_proposal(sql, number, {}, office.now); });
    CHECK(office.get(number).state == "watched");
}

TEST_CASE("a regression is a new episode, in the resolution team's hands at once", "[incident]") {
    incident_office office;
    auto number = office.incident_with(1);
    office.write([&](soci::session& sql) { incidents::fix(sql, office.by(number), office.now - 1h, "4.12"); });
    CHECK_THROWS_AS(office.write([&](soci::session& sql) { incidents::reopen(sql, office.by(number), ""); }), invalid);
    office.now += 48h;
    office.write([&](soci::session& sql) { incidents::regress(sql, office.by(number), {{"tickets", 3}}); });
    auto after = office.get(number);
    CHECK(after.state == "regressed");
    CHECK(after.episode == 2);
    CHECK_FALSE(after.fixed_at);
    auto episodes = office.read([&](soci::session& sql) { return incidents::episodes(sql, number); });
    REQUIRE(episodes.size() == 2);
    CHECK(episodes[0].fixed_at == tests::monday - 1h);
    CHECK(episodes[1].reason == "regression");
    CHECK(episodes[1].evidence == R"({"tickets":3})");
    CHECK(office.count("escalation WHERE rule = 'regression' AND episode = 2") == 1);
}

TEST_CASE("a full column of the board leaves the others their place, the law's clocks first", "[incident]") {
    incident_office office;
    std::vector<std::int64_t> proposed;
    for (int i = 0; i < 5; ++i) proposed.push_back(office.incident("proposed"));
    auto regressed = office.incident_with(1);
    office.write([&](soci::session& sql) {
        sql::change(sql, "UPDATE incident SET legal_on = '2026-12-01' WHERE id = :id", proposed[3]);
        sql::change(sql, "UPDATE incident SET legal_on = '2026-11-20' WHERE id = :id", proposed[4]);
        incidents::fix(sql, office.by(regressed), office.now, "");
        incidents::regress(sql, office.by(regressed), {});
    });
    auto shown = office.read([](soci::session& sql) { return incidents::board(sql, 3); });
    std::vector<std::int64_t> ids;
    for (const auto& each : shown) ids.push_back(each.id);
    CHECK(ids == std::vector{proposed[4], proposed[3], proposed[0], regressed});
    auto counts = office.read(incidents::board_counts);
    CHECK(counts["proposed"] == 5);
    CHECK(counts["regressed"] == 1);
}

TEST_CASE("an incident that was handed over is not by the rules for a day, whatever became of it, but by people it is", "[incident]") {
    incident_office office;
    auto number = office.incident();
    auto escalate = [&](const char* rule) {
        office.write([&](soci::session& sql) { incidents::escalate(sql, office.by(number), rule, {}); });
    };
    auto reopen = [&] {
        office.write([&](soci::session& sql) {
            incidents::fix(sql, office.by(number), office.now, "");
            incidents::reopen(sql, office.by(number), "pas fini");
        });
    };
    escalate("departments");
    office.now += 2h;
    reopen();
    CHECK_THROWS_WITH(escalate("departments"), "conflict.calm");
    escalate("person");
    reopen();
    office.now += 23h + 59min;
    CHECK_THROWS_WITH(escalate("departments"), "conflict.calm");
    office.now += 1min;
    escalate("departments");
    CHECK(office.get(number).state == "escalated");
}

TEST_CASE("lists of incidents go by pages without losing or repeating one", "[incident]") {
    incident_office office;
    std::vector<std::int64_t> made;
    for (int i = 0; i < 7; ++i) made.push_back(office.incident(i % 2 ? "proposed" : "confirmed"));
    office.incident("watched");
    for (auto rising : {false, true}) {
        std::vector<std::int64_t> seen;
        incidents::filter wanted;
        if (rising) wanted.updated_since = tests::monday - 1h;
        std::string after;
        do {
            auto page = office.read([&](soci::session& sql) { return incidents::list(sql, wanted, after, 3); });
            for (const auto& each : page.items) seen.push_back(each.id);
            after = page.next;
        } while (!after.empty());
        auto expected = made;
        if (!rising) std::reverse(expected.begin(), expected.end());
        CHECK(seen == expected);
    }
    CHECK(office.read([](soci::session& sql) { return incidents::list(sql, {"proposed", {}}, "", 10); }).items.size() == 3);
    CHECK_THROWS_AS(office.read([](soci::session& sql) { return incidents::list(sql, {}, "x", 10); }), invalid);
}

TEST_CASE("the silent victims of an incident are the dossiers stuck the same way that nobody wrote about", "[incident]") {
    incident_office office;
    std::vector<dossier_news> news;
    for (int i = 0; i < 40; ++i) {
        auto one = tests::some_dossier("D-" + std::to_string(1000 + i), "Nom" + std::to_string(i), "Luc", "1980-05-04");
        one.values.error_code = i % 3 == 0 ? "E-17" : "E-18", one.values.status = i % 2 ? "UNDER_ASSESSMENT" : "SUBMITTED";
        news.push_back(one);
    }
    office.write([&](soci::session& sql) { dossiers::store(sql, news, office.now); });
    auto number = office.incident();
    for (auto which : {3, 9, 15}) {
        auto name = "Nom" + std::to_string(which);
        auto writes = [&](contact& from) {
            from.dossier_number = "D-" + std::to_string(1000 + which);
            from.requester.name = "Luc " + name, from.requester.birth_name = name, from.requester.first_names = "Luc";
            from.requester.birth_date = "1980-05-04", from.requester.birth_precision = "day";
        };
        office.link(office.ticket(writes), number);
    }
    office.write([&](soci::session& sql) { silent_dossiers::guess(sql, number); });
    auto incident = office.get(number);
    CHECK(incident.stuck_error_code == "E-17");
    CHECK(incident.stuck_status == "UNDER_ASSESSMENT");
    CHECK(incident.dossiers == 3);
    auto count = office.read([&](soci::session& sql) { return silent_dossiers::count(sql, incident); });
    // Counted another way: every dossier in the same state, less those that tickets name.
    auto independent = office.count("dossier WHERE procedure_code = 'RENEWAL' AND status = 'UNDER_ASSESSMENT' AND error_code = 'E-17'") -
                       office.count("dossier WHERE id IN (SELECT dossier_id FROM ticket WHERE dossier_id > 0)");
    CHECK(count == independent);
    CHECK(count == 4);
    auto listed = office.read([&](soci::session& sql) { return silent_dossiers::list(sql, incident, 0, 3); });
    REQUIRE(listed.size() == 3);
    CHECK(office.read([&](soci::session& sql) { return silent_dossiers::list(sql, incident, listed.back().id, 3); }).size() == 1);
    office.write([&](soci::session& sql) { incidents::set_stuck_state(sql, office.by(number), {"RENEWAL", "", "E-17", ""}); });
    office.write([&](soci::session& sql) { silent_dossiers::guess(sql, number); }); // leaves a person's word alone
    CHECK(office.read([&](soci::session& sql) { return silent_dossiers::count(sql, incidents::get(sql, number)); }) == 11);
    for (auto most : {10, 11, 12})
        CHECK(office.read([&](soci::session& sql) { return silent_dossiers::count(sql, incidents::get(sql, number), most); }) ==
              std::min(most, 11));
    incident.stuck_error_code.clear(), incident.stuck_release.clear();
    CHECK(office.read([&](soci::session& sql) { return silent_dossiers::count(sql, incident); }) == 0); // too vague to accuse anything
}

TEST_CASE("what the dossiers of an incident do not agree on does not tell its silent victims apart", "[incident]") {
    incident_office office;
    constexpr const char* procedures[] = {"RENEWAL", "LOSS", "THEFT"};
    std::vector<dossier_news> news;
    for (int i = 0; i < 30; ++i) {
        auto one = tests::some_dossier("D-" + std::to_string(1000 + i), "Nom" + std::to_string(i), "Luc", "1980-05-04");
        one.values.error_code = i < 24 ? "E-17" : "E-18", one.values.status = "DRAFT", one.values.procedure_code = procedures[i % 3];
        news.push_back(one);
    }
    office.write([&](soci::session& sql) { dossiers::store(sql, news, office.now); });
    auto number = office.incident();
    for (int i = 0; i < 6; ++i) {
        auto name = "Nom" + std::to_string(i);
        auto writes = [&](contact& from) {
            from.dossier_number = "D-" + std::to_string(1000 + i);
            from.requester.name = "Luc " + name, from.requester.birth_name = name, from.requester.first_names = "Luc";
            from.requester.birth_date = "1980-05-04", from.requester.birth_precision = "day";
        };
        office.link(office.ticket(writes), number);
    }
    office.write([&](soci::session& sql) { silent_dossiers::guess(sql, number); });
    auto incident = office.get(number);
    CHECK(incident.stuck_procedure.empty());
    CHECK(incident.stuck_error_code == "E-17");
    CHECK(incident.stuck_status == "DRAFT");
    auto independent = office.count("dossier WHERE status = 'DRAFT' AND error_code = 'E-17'") -
                       office.count("dossier WHERE id IN (SELECT dossier_id FROM ticket WHERE dossier_id > 0)");
    CHECK(incident.dossiers > 0);
    CHECK(office.read([&](soci::session& sql) { return silent_dossiers::count(sql, incident); }) == independent);
}

// Prints how long the writer is held (test_model "[.bench]").
