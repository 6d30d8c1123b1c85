// SPDX-License-Identifier: EUPL-1.2
#include "model/error.hpp"
#include "model/incident.hpp"
#include "model/reply_recall.hpp"
#include "model/sql.hpp"
#include "model/staff_notice.hpp"
#include "model/ticket_merge.hpp"
#include "tests/support/clock_centre.hpp"

#include <catch2/catch.hpp>

using namespace relais;
using namespace relais::model;
using namespace std::chrono_literals;
using tests::clock_centre;
using tests::monday;

TEST_CASE("the answer's clock counts the centre's hours, warns, then tells that it is late, each once", "[clock]") {
    clock_centre centre;
    centre.open();
    centre.act([&](soci::session& sql, const auto& act) { tickets::assign(sql, act, centre.agent); });
    centre.run();
    // Monday 10 h in Paris; sixteen open hours end on Wednesday at 10 h.
    CHECK(centre.clock("answer")->due_at == monday + 48h);
    CHECK(centre.seen().due_at == monday + 48h);
    centre.pass(27h); // twelve hours of work are three quarters: Tuesday 14 h
    CHECK(centre.count("staff_notice") == 0);
    centre.pass(1h);
    centre.run();
    CHECK(centre.count("staff_notice WHERE kind = 'clock_warning' AND user_id = " + std::to_string(centre.agent)) == 1);
    CHECK(centre.count("staff_notice") == 1);
    centre.pass(20h);
    CHECK(centre.count("event WHERE action = 'ticket.clock_breach'") == 1);
    CHECK(centre.count("staff_notice WHERE kind = 'clock_breach'") == 3); // the agent, and both supervisors: the ticket has no team
    CHECK(centre.count("outbox WHERE kind = 'staff_notice'") == 0);
    centre.pass(48h); // twice the time: those who lead are written to
    CHECK(centre.count("outbox WHERE kind = 'staff_notice' AND recipient = 'chief@centre.test'") == 1);
    centre.act([](soci::session& sql, const auto& act) { tickets::reply(sql, act, "Bonjour"); });
    centre.run();
    CHECK(centre.clock("answer")->stopped_at == centre.now);
    CHECK_FALSE(centre.clock("answer")->next_at);
    CHECK(centre.seen().due_at > monday + 24h * 4); // what is due next is the announced day
}

TEST_CASE("an alert goes to the supervisors of the team", "[clock]") {
    clock_centre centre;
    centre.open();
    centre.database->write_now([](soci::session& sql) { sql::change(sql, "UPDATE ticket SET team_id = 2"); });
    centre.run();
    centre.pass(28h); // nobody's: the warning goes to those who lead
    CHECK(centre.count("staff_notice WHERE user_id = " + std::to_string(centre.other)) == 1);
    CHECK(centre.count("staff_notice") == 1);
}

TEST_CASE("while the citizen is awaited the answer's clock stands still; while others are, it runs", "[clock]") {
    clock_centre centre;
    centre.open();
    centre.pass(1h);
    centre.act([](soci::session& sql, const auto& act) { ticket_waits::begin(sql, act, "citizen", ""); });
    centre.pass(24h);
    CHECK_FALSE(centre.clock("answer")->due_at);
    CHECK(centre.clock("answer")->spent_s == 3600);
    centre.act([](soci::session& sql, const auto& act) { tickets::write_back(sql, act, "Voici", ""); });
    centre.pass(1min);
    CHECK(centre.clock("answer")->due_at == monday + 72h);
    centre.act([](soci::session& sql, const auto& act) { ticket_waits::begin(sql, act, "external_owner", "Préfecture du Rhône"); });
    centre.pass(1h);
    CHECK(centre.clock("answer")->due_at == monday + 72h);
    centre.act([](soci::session& sql, const auto& act) { ticket_waits::end(sql, act); });
    CHECK(centre.seen().status == "open");
    CHECK_THROWS_AS(centre.act([](soci::session& sql, const auto& act) { ticket_waits::end(sql, act); }), conflict);
    CHECK_THROWS_AS(centre.act([](soci::session& sql, const auto& act) { ticket_waits::begin(sql, act, "godot", ""); }), invalid);
    CHECK_THROWS_AS(centre.act([](soci::session& sql, const auto& act) { ticket_waits::begin(sql, act, "incident", "99"); }), invalid);
    CHECK_THROWS_AS(centre.act([](soci::session& sql, const auto& act) { ticket_waits::begin(sql, act, "external_owner", ""); }), invalid);
}

TEST_CASE("a citizen who is awaited is reminded twice, a week apart, then the ticket is closed and they are told", "[clock]") {
    clock_centre centre;
    centre.open();
    centre.act([](soci::session& sql, const auto& act) { tickets::reply(sql, act, "Quelle est votre adresse ?", true); });
    centre.pass(24h * 7 - 1s);
    CHECK(centre.count("outbox WHERE kind = 'waiting_reminder'") == 0);
    centre.pass(1s);
    CHECK(centre.count("outbox WHERE kind = 'waiting_reminder' AND recipient = 'zoe1@example.test'") == 1);
    centre.pass(24h * 7);
    CHECK(centre.count("outbox WHERE kind = 'waiting_reminder'") == 2);
    CHECK(centre.seen().status == "waiting");
    centre.pass(24h * 7);
    CHECK(centre.seen().status == "closed");
    CHECK(centre.seen().closure_reason == "no_answer");
    CHECK(centre.count("outbox WHERE kind = 'waiting_closure'") == 1);
    centre.pass(24h * 30);
    CHECK(centre.count("outbox WHERE kind LIKE 'waiting_%'") == 3);
}

TEST_CASE("a citizen who answers is not reminded, and a new question begins anew", "[clock]") {
    clock_centre centre;
    centre.open();
    centre.act([](soci::session& sql, const auto& act) { tickets::reply(sql, act, "Quelle est votre adresse ?", true); });
    centre.pass(24h * 6);
    centre.act([](soci::session& sql, const auto& act) { tickets::write_back(sql, act, "Rue Haute", ""); });
    centre.pass(24h * 2);
    CHECK(centre.count("outbox WHERE kind = 'waiting_reminder'") == 0);
    centre.act([](soci::session& sql, const auto& act) { tickets::reply(sql, act, "Et le code postal ?", true); });
    centre.pass(24h * 6);
    CHECK(centre.count("outbox WHERE kind = 'waiting_reminder'") == 0);
    centre.pass(48h);
    CHECK(centre.count("outbox WHERE kind = 'waiting_reminder'") == 1);
}

TEST_CASE("an external owner who is awaited makes colleagues be reminded, then the ticket comes back", "[clock]") {
    clock_centre centre;
    centre.open();
    centre.act([&](soci::session& sql, const auto& act) { tickets::assign(sql, act, centre.agent); });
    centre.act([](soci::session& sql, const auto& act) { ticket_waits::begin(sql, act, "external_owner", "CERT de Nantes"); });
    centre.pass(24h * 10);
    CHECK(centre.count("staff_notice WHERE kind = 'waiting' AND user_id = " + std::to_string(centre.agent)) == 1);
    CHECK(centre.count("outbox WHERE kind = 'staff_notice' AND recipient = 'camille@centre.test'") == 1);
    centre.pass(24h * 11);
    centre.pass(24h * 11);
    CHECK(centre.seen().status == "open");
    CHECK(centre.count("event WHERE action = 'ticket.resumed'") == 1);
}

TEST_CASE("two nodes tell and remind once", "[clock]") {
    clock_centre centre;
    clock_job second(*centre.database, centre.clocks, "node-2");
    centre.open(tests::sample_contact());
    centre.run();
    CHECK_FALSE(second.step(centre.now));
    centre.job.stop();
    for (auto at = monday; at < monday + 24h * 8; at += 1h) {
        while (second.step(at)) {
        }
        second.stop();
        centre.now = at;
        centre.run();
        centre.job.stop();
    }
    CHECK(centre.count("event WHERE action = 'ticket.clock_warning'") == 3); // every clock
    CHECK(centre.count("event WHERE action = 'ticket.clock_breach'") == 3);  // the acknowledgement never left
    CHECK(centre.count("event WHERE action = 'ticket.clock_escalation'") == 1);
    CHECK(centre.count("outbox WHERE kind = 'staff_notice'") == 4); // two supervisors: the acknowledgement, and twice the answer's time
}

TEST_CASE("what was late before clocks were kept is told to nobody", "[clock]") {
    clock_centre centre;
    centre.open();
    centre.pass(24h * 60);
    CHECK(centre.clock("answer")->is_breached(centre.now));
    CHECK(centre.count("staff_notice") == 0);
}

TEST_CASE("a ticket that an import brought waiting is reminded of from today on", "[clock]") {
    clock_centre centre;
    centre.open();
    centre.database->write_now(
        [](soci::session& sql) { sql::change(sql, "UPDATE ticket SET status = 'waiting', waiting_reason = 'citizen', is_active = 0"); });
    centre.pass(24h * 30);
    CHECK(centre.count("outbox WHERE kind = 'waiting_reminder'") == 0);
    centre.pass(24h * 7);
    CHECK(centre.count("outbox WHERE kind = 'waiting_reminder'") == 1);
}
