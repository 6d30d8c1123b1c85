// SPDX-License-Identifier: EUPL-1.2
#include "model/error.hpp"
#include "model/incident_corrections.hpp"
#include "model/incident_grouper.hpp"
#include "model/ticket_actions.hpp"
#include "tests/support/grouping_office.hpp"

#include <catch2/catch.hpp>

using namespace relais;
using namespace relais::model;
using namespace std::chrono_literals;
using tests::grouping_office;
using tests::other_words;
using tests::photo_words;

TEST_CASE("the tenth ticket of a confirmed incident hands it over without anybody's click", "[grouper]") {
    grouping_office office;
    office.background();
    for (int i = 0; i < 3; ++i) office.say(photo_words[i], "PHO-22");
    office.run();
    auto number = *office.report(office.made).incident_id;
    office.write([&](soci::session& sql) { incidents::confirm(sql, office.by(number), {}); });
    for (int i = 3; i < 9; ++i) office.say(photo_words[i % 4], "PHO-22");
    office.run();
    REQUIRE(office.get(number).tickets == 9);
    CHECK(office.get(number).state == "confirmed");
    office.say(photo_words[0], "PHO-22");
    office.run();
    CHECK(office.get(number).state == "escalated");
    CHECK(office.count("escalation WHERE rule = 'growth' AND actor_name = ''") == 1);
}

TEST_CASE("each rule hands a confirmed incident over without a click, at its threshold and not one below, once", "[grouper][escalation]") {
    grouping_office office;
    office.background();
    office.run();
    auto step = [&] {
        office.write([](soci::session& sql) { sql::change(sql, "DELETE FROM grouping_queue"); }); // they are placed
        office.now += 6s; // the rules are looked at every few seconds
        office.run();
        office.now += 6s;
        office.run();
    };
    auto attach = [&](std::int64_t number, const std::string& department) {
        office.link(office.ticket([&](contact& from) { from.department = department; }), number);
    };
    auto set = [&](std::int64_t number, const std::string& what) {
        office.write([&](soci::session& sql) { sql::change(sql, "UPDATE incident SET " + what + " WHERE id = :id", number); });
    };
    auto growing = office.incident(), spread = office.incident(), back = office.incident(), bursting = office.incident();
    for (int i = 0; i < 9; ++i) attach(growing, "33");
    for (auto department : {"01", "2A", "75", "974"}) attach(spread, department);
    set(back, "episode = 2");
    set(bursting, "burst_at = " + std::to_string(seconds(office.now - 25h)));
    step();
    for (auto number : {growing, spread, back, bursting}) CHECK(office.get(number).state == "confirmed");
    attach(growing, "33");
    attach(spread, "33");
    set(back, "episode = 3");
    set(bursting, "burst_at = " + std::to_string(seconds(office.now)));
    step();
    const std::pair<std::int64_t, const char*> rules[] = {
        {growing, "growth"}, {spread, "departments"}, {back, "recurrence"}, {bursting, "burst"}};
    for (const auto& [number, rule] : rules) {
        INFO(rule);
        CHECK(office.get(number).state == "escalated");
        attach(number, "44");
        step();
        CHECK(office.count("escalation WHERE incident_id = " + std::to_string(number)) == 1);
        CHECK(office.count("escalation WHERE incident_id = " + std::to_string(number) + " AND rule = '" + rule + "' AND numbers <> ''") ==
              1);
        CHECK(office.count("event WHERE action = 'incident.escalated' AND object_id = " + std::to_string(number)) == 1);
    }
}

TEST_CASE("the third ticket after a fix reopens the incident without a click, the second does not, and the fourth not again",
          "[grouper][escalation]") {
    grouping_office office;
    office.background();
    for (int i = 0; i < 4; ++i) office.say(photo_words[i], "PHO-22");
    office.run();
    auto number = *office.report(office.made).incident_id;
    office.write([&](soci::session& sql) { incidents::confirm(sql, office.by(number), {}); });
    office.now += 10 * 24h;
    office.write([&](soci::session& sql) { incidents::fix(sql, office.by(number), office.now, "4.12"); });
    office.now += 2 * 24h;
    auto comes_back = [&](int which) {
        office.now += 60s;
        auto ticket = office.say(photo_words[which], "PHO-22");
        office.run();
        REQUIRE(office.incident_of(ticket) == number);
    };
    comes_back(0), comes_back(1);
    CHECK(office.get(number).state == "fixed");
    comes_back(2);
    CHECK(office.get(number).state == "regressed");
    CHECK(office.get(number).episode == 2);
    comes_back(3);
    CHECK(office.get(number).episode == 2);
    CHECK(office.count("escalation WHERE rule = 'regression'") == 1);
}

TEST_CASE("tickets that people attach or merge after a fix reopen the incident as the engine's own do", "[grouper][escalation]") {
    grouping_office office;
    office.background();
    office.run();
    auto alone = [&](const std::string& words) {
        auto ticket = office.say(words);
        office.run();
        return ticket;
    };
    auto fixed = [&] {
        auto number = office.incident_with(1);
        office.write([](soci::session& sql) { sql::change(sql, "DELETE FROM grouping_queue"); });
        office.now += 10 * 24h;
        office.write([&](soci::session& sql) { incidents::fix(sql, office.by(number), office.now, "4.12"); });
        office.now += 2 * 24h;
        return number;
    };
    auto rules = [&] {
        office.now += 6s; // they are looked at every few seconds
        office.run();
    };
    auto attach = [&](std::int64_t number, std::int64_t ticket) {
        office.write([&](soci::session& sql) { incidents::attach(sql, office.by(number), ticket); });
    };
    SECTION("attached one by one, at the third") {
        auto number = fixed();
        for (int i = 0; i < 3; ++i) {
            CHECK(office.get(number).state == "fixed");
            attach(number, alone(other_words[i]));
            rules();
        }
        CHECK(office.get(number).state == "regressed");
        CHECK(office.count("escalation WHERE rule = 'regression' AND actor_name = ''") == 1);
    }
    SECTION("merged into it, and put back by an undo") {
        auto number = fixed(), other = office.incident();
        for (int i = 0; i < 3; ++i) attach(other, alone(other_words[i]));
        rules();
        CHECK(office.get(number).state == "fixed");
        office.write([&](soci::session& sql) { incidents::merge(sql, office.by(other), number); });
        rules();
        CHECK(office.get(number).state == "regressed");
    }
    SECTION("a group that an agent made large enough is proposed") {
        auto number = office.incident("watched");
        for (int i = 0; i < 3; ++i) {
            CHECK(office.get(number).state == "watched");
            attach(number, alone(other_words[i]));
            rules();
        }
        CHECK(office.get(number).state == "proposed");
    }
}

TEST_CASE("a ticket that stands alone founds an incident when an agent calls it a matter of security", "[grouper]") {
    grouping_office office;
    office.background();
    auto ticket = office.say("Je vois le dossier et la photo d'une autre personne sur mon compte");
    office.run();
    REQUIRE_FALSE(office.incident_of(ticket));
    auto call_it = [&](const char* category) {
        auto on = office.read([&](soci::session& sql) { return tickets::get(sql, ticket).reference; });
        office.write([&](soci::session& sql) { tickets::categorise(sql, {on, 0, tests::agent_actor(), office.now}, category); });
        office.run();
    };
    call_it("GEN-02");
    CHECK_FALSE(office.incident_of(ticket));
    call_it("PHO-04");
    REQUIRE(office.incident_of(ticket));
    auto of = office.get(*office.incident_of(ticket));
    CHECK(of.state == "proposed");
    CHECK(of.is_security);
    auto like_it = office.say("Je vois le dossier et la photo d'une autre personne sur mon compte");
    office.run();
    CHECK(office.incident_of(like_it) == of.id); // the engine knows
}

TEST_CASE("what was dismissed takes what reads like it off the board, until much more comes than before", "[grouper][escalation]") {
    grouping_office office;
    office.background();
    for (int i = 0; i < 3; ++i) office.say(photo_words[i], "PHO-22");
    office.run();
    auto number = *office.report(office.made).incident_id;
    office.write([&](soci::session& sql) { incidents::dismiss(sql, office.by(number)); });
    auto more = [&](int tickets) {
        office.now += 60s;
        for (int i = 0; i < tickets; ++i) office.say(photo_words[i % 4], "PHO-22");
        office.run();
    };
    more(9);
    CHECK(office.get(number).state == "dismissed");
    CHECK(office.count("incident WHERE state <> 'watched'") == 1); // it is remembered: no other group is offered
    more(1);
    CHECK(office.get(number).state == "proposed");
    CHECK(office.count("event WHERE action = 'incident.proposed' AND data LIKE '%\"before\":3%'") == 1);
    // Said again, it takes more than these.
    office.write([&](soci::session& sql) { incidents::dismiss(sql, office.by(number)); });
    more(13);
    CHECK(office.get(number).state == "dismissed");
    more(1);
    CHECK(office.get(number).state == "proposed");
    office.write([&](soci::session& sql) { incidents::dismiss(sql, office.by(number)); });
    auto ticket = office.say(other_words[0]);
    CHECK_THROWS_WITH(office.write([&](soci::session& sql) { incidents::attach(sql, office.by(number), ticket); }),
                      "conflict.incident_state"); // for people it is over
    office.write(
        [&](soci::session& sql) { sql::change(sql, "UPDATE incident SET burst_at = :at WHERE id = :id", office.now + 60s, number); });
    office.now += 120s;
    office.run();
    CHECK(office.get(number).state == "proposed"); // a burst says so by itself
}
