// SPDX-License-Identifier: EUPL-1.2
#include "model/clock_job.hpp"
#include "model/legal_clock.hpp"
#include "model/ticket_wait.hpp"
#include "tests/support/rule_office.hpp"

#include <catch2/catch.hpp>

#include <functional>

using namespace relais;
using namespace relais::model;
using namespace std::chrono_literals;
using tests::monday;
using tests::noting;
using tests::rule_office;

namespace {

rule_moment some_moment() {
    rule_moment out;
    out.at = monday, out.events = {"opened"}, out.words = rule_words("Ma photo, refusée deux fois : n’avance plus");
    out.facts = {"open",  "", "web_form",       "LOSS", "974", "PHO-01", "AWAITING_PHOTO", "neph_suspect mail_bounced",
                 "north", 7,  monday + 24h * 10};
    return out;
}

struct condition_case {
    const char* name;
    std::function<void(rule_conditions&)> holding, failing;
};

} // namespace

TEST_CASE("a rule looks at each thing it is asked to look at", "[rule]") {
    using list = std::vector<std::string>;
    const std::vector<condition_case> cases = {
        {"procedure",
         [](auto& to) {
             to.procedures = list{"RENEWAL", "LOSS"};
         },
         [](auto& to) { to.procedures = list{"RENEWAL"}; }},
        {"category", [](auto& to) { to.categories = list{"PHO-01"}; }, [](auto& to) { to.categories = list{"PHO-02"}; }},
        {"department", [](auto& to) { to.departments = list{"974"}; }, [](auto& to) { to.departments = list{"97"}; }},
        {"channel", [](auto& to) { to.channels = list{"web_form"}; }, [](auto& to) { to.channels = list{"phone"}; }},
        {"status", [](auto& to) { to.statuses = list{"open"}; },
         [](auto& to) {
             to.statuses = list{"new", "waiting"};
         }},
        {"waiting reason", [](auto&) {}, [](auto& to) { to.waiting_reasons = list{"citizen"}; }},
        {"dossier", [](auto& to) { to.dossier_statuses = list{"AWAITING_PHOTO"}; },
         [](auto& to) { to.dossier_statuses = list{"REFUSED"}; }},
        {"flag", [](auto& to) { to.flags = list{"mail_bounced"}; }, [](auto& to) { to.flags = list{"bounced"}; }},
        {"team", [](auto& to) { to.teams = list{"north"}; }, [](auto& to) { to.teams = list{"south"}; }},
        {"words",
         [](auto& to) {
             to.words = list{"rien", "Photo refusee"};
         },
         [](auto& to) { to.words = list{"phot"}; }},
        {"words over punctuation", [](auto& to) { to.words = list{"N'avance plus"}; }, [](auto& to) { to.words = list{"refusée fois"}; }},
        {"legal deadline", [](auto& to) { to.legal_days = 10; }, [](auto& to) { to.legal_days = 9; }},
        {"urgent", [](auto&) {}, [](auto& to) { to.is_urgent = true; }},
        {"nobody's", [](auto&) {}, [](auto& to) { to.is_unassigned = true; }},
    };
    for (const auto& each : cases) {
        INFO(each.name);
        rule_conditions holding, failing;
        each.holding(holding), each.failing(failing);
        CHECK(rule_decisions::holds(holding, some_moment()));
        CHECK_FALSE(rule_decisions::holds(failing, some_moment()));
    }
    auto other = some_moment();
    other.facts.category = "PHO-04", other.facts.assignee = 0, other.facts.legal_at = at_seconds(legal_clocks::never);
    other.clock = "answer";
    rule_conditions all;
    all.is_urgent = all.is_unassigned = true, all.clocks = {"answer"};
    CHECK(rule_decisions::holds(all, other));
    all.clocks = {"announced"};
    CHECK_FALSE(rule_decisions::holds(all, other));
    all.clocks.clear(), all.legal_days = 400;
    CHECK_FALSE(rule_decisions::holds(all, other)); // no deadline at all is not near
}

TEST_CASE("a rule does what it says, in its name, through what people do", "[rule]") {
    rule_office office;
    rule_text says;
    says.title = "Photo : équipe nord", says.event = "opened", says.when.words = {"date de naissance"};
    says.then = {"CIV-01", "north", office.anne, "external_owner", "Préfecture", "À vérifier", true};
    auto id = office.add(says);
    office.now += 1s;
    auto reference = office.open();
    office.run();
    auto after = office.get(reference);
    CHECK(after.category == "CIV-01");
    CHECK(after.team_id == office.north);
    CHECK(after.assignee_id == office.anne);
    CHECK(after.status == "waiting");
    CHECK(after.waiting_reason == "external_owner");
    CHECK(office.count("message WHERE kind = 'note' AND body = 'À vérifier'") == 1);
    CHECK(office.count("staff_notice WHERE kind = 'rule' AND user_id = " + std::to_string(office.chief)) == 1);
    CHECK(office.count("ticket_wait WHERE detail = 'Préfecture' AND ended_at IS NULL") == 1);
    // Each in the ticket's history, by the rule.
    CHECK(office.count("event WHERE actor_kind = 'rule' AND actor_name = 'Photo : équipe nord' AND actor_id = " + std::to_string(id)) == 6);
    CHECK(office.count("outbox WHERE kind <> 'acknowledgement'") == 0); // nothing leaves the centre
    auto kept = office.database->read_now([&](soci::session& sql) { return rules::get(sql, id); });
    CHECK(kept.fired == 1);
    CHECK(kept.then == says.then);
    CHECK(kept.when == says.when);
    auto done = office.database->read_now([&](soci::session& sql) { return rule_firings::of(sql, id); });
    REQUIRE(done.size() == 1);
    CHECK(done.front().reference == reference);
    CHECK(done.front().effect.find("vérifier") == std::string::npos);
}

TEST_CASE("what is already so is not done again, and a rule with nothing to do does not act", "[rule]") {
    rule_office office;
    rule_text says;
    says.title = "Nord", says.event = "written_back", says.then.team = "north";
    office.add(says);
    office.now += 1s;
    auto reference = office.open();
    office.run();
    CHECK_FALSE(office.get(reference).team_id);
    for (int i = 0; i < 2; ++i) {
        office.act(reference, [](soci::session& sql, auto act) {
            act.who = tests::citizen_actor();
            tickets::write_back(sql, act, "Alors ?", "");
        });
        office.pass(1min);
    }
    CHECK(office.get(reference).team_id == office.north);
    CHECK(office.count("event WHERE action = 'ticket.entrusted'") == 1);
    CHECK(office.count("rule_firing") == 1);
}

TEST_CASE("rules act in their order, and the order can be changed", "[rule]") {
    rule_office office;
    rule_text first, second;
    first.title = "Nord", first.event = "opened", first.then.team = "north";
    second.title = "Sud si nord", second.event = "opened", second.when.teams = {"north"}, second.then.team = "south";
    office.add(first);
    auto last = office.add(second);
    office.now += 1s;
    auto one = office.open(1);
    office.run();
    CHECK(office.get(one).team_id == office.south);
    office.write([&](soci::session& sql) { rules::move(sql, last, true, office.author, office.now); });
    office.now += 1s;
    auto other = office.open(2);
    office.run();
    CHECK(office.get(other).team_id == office.north);
    office.write([&](soci::session& sql) { rules::move(sql, last, true, office.author, office.now); }); // it is the first already
    auto order = office.database->read_now([](soci::session& sql) { return rules::all(sql); });
    CHECK(order.front().id == last);
}

TEST_CASE("what happened in one second is seen by rules one thing after the other, as each was", "[rule]") {
    rule_office office;
    auto opened = tests::noting("À prendre");
    opened.when.is_unassigned = true, opened.when.statuses = {"new"};
    rule_text waits;
    waits.title = "Attend", waits.event = "status_changed", waits.when.statuses = {"waiting"}, waits.then.note = "Attend";
    auto first = office.add(opened), second = office.add(waits);
    office.now += 1s;
    auto reference = office.open();
    office.act(reference, [&](soci::session& sql, const auto& by) { tickets::assign(sql, by, office.anne); });
    office.act(reference, [](soci::session& sql, const auto& by) { tickets::reply(sql, by, "Bonjour", true); });
    office.act(reference, [](soci::session& sql, const auto& by) { tickets::reply(sql, by, "Bonsoir", false); });
    office.run();
    CHECK(office.get(reference).status == "open"); // long after what the rules were to see
    auto fired = [&](std::int64_t rule) { return office.count("rule_firing WHERE state = 'done' AND rule_id = " + std::to_string(rule)); };
    CHECK(fired(first) == 1);
    CHECK(fired(second) == 1);
}

TEST_CASE("a rule that is off, removed or younger than what happened does nothing", "[rule]") {
    rule_office office;
    office.open(1);
    office.pass(1min);
    auto id = office.add(noting());
    office.pass(1min);
    CHECK(office.count("rule_firing") == 0);
    office.write([&](soci::session& sql) { rules::set_on(sql, id, false, office.author, office.now); });
    office.open(2);
    office.pass(1min);
    office.write([&](soci::session& sql) { rules::set_on(sql, id, true, office.author, office.now); });
    office.pass(1min);
    CHECK(office.count("rule_firing") == 0);
    office.open(3);
    office.pass(1min);
    CHECK(office.count("rule_firing") == 1);
    office.write([&](soci::session& sql) { rules::remove(sql, id, office.author, office.now); });
    office.now += 1s;
    office.open(4);
    office.pass(1min);
    CHECK(office.count("rule_firing") == 1);
    CHECK_THROWS_AS(office.write([&](soci::session& sql) { rules::get(sql, id); }), not_found);
}

TEST_CASE("a rule on time acts when a ticket has stayed so many open hours in one status, once", "[rule]") {
    rule_office office;
    rule_text says;
    says.title = "Oubliée", says.event = "waited", says.after_hours = 4, says.when.statuses = {"new", "open"}, says.then.note = "Oubliée";
    office.add(says);
    auto reference = office.open();
    office.pass(4h - 1s); // Monday, the centre is open
    CHECK(office.count("rule_firing") == 0);
    office.act(reference, [](soci::session& sql, const auto& act) { tickets::note(sql, act, "Je regarde"); }); // changes no status
    office.pass(1s);
    CHECK(office.count("rule_firing") == 1);
    office.pass(24h);
    CHECK(office.count("rule_firing") == 1);
    office.act(reference, [&](soci::session& sql, const auto& act) { tickets::assign(sql, act, office.anne); });
    office.pass(1h);
    CHECK(office.count("rule_firing") == 1);
    office.pass(24h);
    CHECK(office.count("rule_firing") == 2); // open is another stay
    office.act(reference, [](soci::session& sql, const auto& act) { tickets::close(sql, act, "no_dossier_needed", ""); });
    office.pass(48h);
    CHECK(office.count("rule_firing") == 2);
}

TEST_CASE("what had waited before the rule was there is left alone", "[rule]") {
    rule_office office;
    office.open(1);
    office.pass(5h);
    rule_text says;
    says.title = "Oubliée", says.event = "waited", says.after_hours = 4, says.then.note = "Oubliée";
    office.add(says);
    office.pass(2h);
    CHECK(office.count("rule_firing") == 0);
    office.open(2);
    office.pass(24h);
    CHECK(office.count("rule_firing") == 1);
}

TEST_CASE("a clock that warns and is breached calls the rules that listen to it", "[rule]") {
    rule_office office;
    auto book = std::make_shared<clock_book>(clock_books::load("config/clocks.json", office.centre));
    clock_job clocks(*office.database, book, "node-1");
    rule_text warned, breached, other;
    warned.title = "Bientôt", warned.event = "clock_warning", warned.when.clocks = {"answer"}, warned.then.team = "north";
    breached.title = "Trop tard", breached.event = "clock_breach", breached.then.team = "south";
    other.title = "Autre", other.event = "clock_breach", other.when.clocks = {"announced"}, other.then.note = "Jamais";
    office.add(warned), office.add(breached), office.add(other);
    auto from = tests::sample_contact();
    from.is_silent = true;
    auto reference = office.open(from);
    auto pass = [&](std::chrono::seconds time) {
        office.now += time;
        while (clocks.step(office.now)) {
        }
        office.run();
    };
    pass(1min), pass(28h);
    CHECK(office.get(reference).team_id == office.north);
    pass(20h);
    CHECK(office.get(reference).team_id == office.south);
    CHECK(office.count("rule_firing") == 2);
}

TEST_CASE("rules that undo each other stop after one turn: each acts once for what a person did", "[rule]") {
    rule_office office;
    auto swing = [](const char* title, const char* event, const char* from, const char* to) {
        rule_text out;
        out.title = title, out.event = event, out.after_hours = 1;
        if (*from != 0) out.when.teams = {from};
        out.then.team = to;
        return out;
    };
    office.add(swing("1", "opened", "", "north"));
    office.add(swing("2", "waited", "north", "south"));
    office.add(swing("3", "waited", "south", "north"));
    office.add(swing("4", "status_changed", "north", "south"));
    office.add(swing("5", "status_changed", "south", "north"));
    auto reference = office.open();
    for (int i = 0; i < 24 * 7; ++i) office.pass(1h);
    CHECK(office.count("rule_firing") == 3); // on opening, and each of those on time, once
    office.act(reference, [&](soci::session& sql, const auto& act) { tickets::assign(sql, act, office.anne); });
    for (int i = 0; i < 24 * 7; ++i) office.pass(1h);
    auto last = office.count("rule_firing");
    CHECK(last <= 3 + 4);
    CHECK(last > 3);
}

TEST_CASE("killed between two steps, a node has done all of a rule or nothing, and another does it once", "[rule]") {
    rule_office office;
    auto says = noting();
    says.then.team = "north";
    office.add(says);
    office.now += 1s;
    auto reference = office.open();
    // The power fails after the team was given and before the note is written.
    office.write([](soci::session& sql) { sql::change(sql, "ALTER TABLE message RENAME TO message_away"); });
    CHECK_THROWS(office.run());
    office.write([](soci::session& sql) { sql::change(sql, "ALTER TABLE message_away RENAME TO message"); });
    CHECK_FALSE(office.get(reference).team_id);
    CHECK(office.count("rule_firing") == 0);
    office.job.stop();
    office.database.reopen();
    rule_job other(*office.database, office.centre, "node-2");
    rule_job third(*office.database, office.centre, "node-3");
    for (int i = 0; i < 3; ++i) {
        office.run(other);
        CHECK_FALSE(third.step(office.now)); // the lease is the other's
    }
    CHECK(office.get(reference).team_id == office.north);
    CHECK(office.count("message WHERE kind = 'note'") == 1);
    CHECK(office.count("rule_firing") == 1);
    other.stop();
    office.now += 2min; // the feed gives nothing twice to whoever comes next either
    office.run(third);
    CHECK(office.count("message WHERE kind = 'note'") == 1);
    third.stop();
}

TEST_CASE("what a ticket refuses undoes the rule for this ticket, is told, and holds up no other", "[rule]") {
    rule_office office;
    rule_text says;
    says.title = "Anne", says.event = "opened", says.then.team = "north", says.then.assignee = office.anne;
    auto id = office.add(says);
    office.add(noting());
    office.now += 1s;
    office.write([&](soci::session& sql) { sql::change(sql, "UPDATE user_account SET disabled_at = 1 WHERE id = :id", office.anne); });
    auto reference = office.open();
    office.run();
    CHECK_FALSE(office.get(reference).team_id);
    CHECK(office.count("message WHERE kind = 'note'") == 1);
    auto done = office.database->read_now([&](soci::session& sql) { return rule_firings::of(sql, id); });
    REQUIRE(done.size() == 1);
    CHECK(done.front().state == "refused");
    CHECK(done.front().reason == "fault.assignee.unknown");
    office.pass(1min);
    CHECK(office.count("rule_firing") == 2);
}

TEST_CASE("an import of old tickets moves no rule", "[rule]") {
    rule_office office;
    office.add(noting());
    office.pass(24h * 3);
    office.write([&](soci::session& sql) {
        return tickets::open(sql, tests::sample_contact(), {"system", {}, {}, {}}, office.now - 24h).id;
    });
    office.pass(1min);
    CHECK(office.count("rule_firing") == 0);
}

TEST_CASE("every mistake of a rule is told at once, by its field", "[rule]") {
    rule_office office;
    rule_text wrong;
    wrong.event = "waited", wrong.after_hours = 0;
    wrong.when.procedures = {"NOTHING"}, wrong.when.departments = {"2C"}, wrong.when.teams = {"east"}, wrong.when.legal_days = -1;
    wrong.when.words = {"a"};
    wrong.then.category = "ZZZ", wrong.then.hold = "citizen", wrong.then.assignee = 99, wrong.then.team = "east";
    try {
        office.add(wrong);
        FAIL("it was taken");
    } catch (const invalid& why) {
        std::set<std::string> fields;
        for (const auto& each : why.faults) fields.insert(each.field);
        CHECK(fields == std::set<std::string>{"title", "after_hours", "procedures", "departments", "teams", "legal_days", "words",
                                              "set_category", "hold", "set_assignee", "set_team"});
    }
    rule_text empty;
    empty.title = "Rien", empty.event = "never";
    CHECK_THROWS_AS(office.add(empty), invalid);
    auto owner = noting();
    owner.then.hold = "external_owner";
    CHECK_THROWS_AS(office.add(owner), invalid); // which one?
}

TEST_CASE("a rule that a colleague changed meanwhile is not overwritten", "[rule]") {
    rule_office office;
    auto id = office.add(noting());
    auto change = [&](std::int64_t seen, const char* note) {
        office.write([&](soci::session& sql) { rules::change(sql, id, seen, noting(note), office.author, office.now); });
    };
    change(1, "Un");
    CHECK_THROWS_AS(change(1, "Deux"), conflict);
    CHECK(office.database->read_now([&](soci::session& sql) { return rules::get(sql, id).then.note; }) == "Un");
}

TEST_CASE("occasions are forgotten when no trial looks at them any more", "[rule]") {
    rule_office office;
    auto living = office.open(1), closed = office.open(2);
    office.pass(1min);
    for (const auto& each : {living, closed}) office.act(each, [](soci::session& sql, const auto& act) { tickets::note(sql, act, "Vu"); });
    office.act(closed, [](soci::session& sql, const auto& act) { tickets::close(sql, act, "no_dossier_needed", ""); });
    office.run();
    CHECK(office.count("rule_occasion") == 5);
    office.now += 24h * 9;
    office.write([&](soci::session& sql) { rule_occasions::purge(sql, office.now); });
    CHECK(office.count("rule_occasion") == 1); // the living ticket's last
    office.run();
    CHECK(office.count("rule_occasion") == 1);
}
