// SPDX-License-Identifier: EUPL-1.2
#include "model/incident_corrections.hpp"
#include "model/incident_grouper.hpp"
#include "model/reviewed_link.hpp"
#include "tests/support/grouping_office.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <atomic>
#include <future>
#include <thread>

using namespace relais;
using namespace relais::model;
using namespace std::chrono_literals;
using tests::grouping_office;
using tests::photo_words;

TEST_CASE("tickets of one bug are grouped in order, watched at two, proposed at the third person's", "[grouper]") {
    grouping_office office;
    office.background();
    auto first = office.say(photo_words[0], "PHO-22");
    office.run();
    CHECK_FALSE(office.incident_of(first)); // alone: nothing like it
    CHECK(office.report(first).decided_by == "engine");
    auto second = office.say(photo_words[1], "PHO-22");
    office.run();
    REQUIRE(office.incident_of(second));
    auto number = *office.incident_of(second);
    CHECK(office.incident_of(first) == number);
    CHECK(office.get(number).state == "watched");
    auto third = office.say(photo_words[2], "PHO-22");
    CHECK(office.run() == 1);
    CHECK(office.incident_of(third) == number);
    CHECK(office.get(number).state == "proposed");
    CHECK(office.get(number).tickets == 3);
    CHECK(office.count("grouping_queue") == 0);
    CHECK(office.count("incident WHERE state <> 'watched'") == 1);
    auto kept = office.report(third);
    CHECK(kept.engine == grouping::engine_version);
    CHECK(kept.score >= 0.9);
    CHECK(kept.reasons.find("\"terms\"") != std::string::npos);
}

TEST_CASE("a ticket joins what its incident became part of while the engine looked", "[grouper]") {
    grouping_office office;
    office.background();
    for (int i = 0; i < 3; ++i) office.say(photo_words[i], "PHO-22");
    office.run();
    grouping::engine engine;
    for (const auto& each : office.read([](soci::session& sql) { return grouping_queue::read(sql, {}, 1'000); }))
        engine.put(each.words, each.incident_id);
    auto late = office.say(photo_words[3], "PHO-22");
    auto tickets = office.read([&](soci::session& sql) { return grouping_batch::load(sql, {late}); });
    grouping_batch::decide(engine, tickets, 0);
    auto number = tickets[0].ticket->incident_id;
    REQUIRE(number);
    auto into = office.incident();
    office.write([&](soci::session& sql) { incidents::merge(sql, office.by(*number), into); });
    office.write([&](soci::session& sql) { return grouping_batch::write(sql, tickets, 0, 1, {}, office.now); });
    CHECK(office.incident_of(late) == into);
    CHECK(office.get(into).tickets == 4);
    CHECK(office.get(*number).tickets == 0);
}

TEST_CASE("a ticket is moved to what the incident of its like became part of", "[grouper]") {
    grouping_office office;
    office.background();
    std::vector<std::int64_t> tickets;
    for (int i = 0; i < 3; ++i) tickets.push_back(office.say(photo_words[i], "PHO-22"));
    office.run();
    auto number = office.incident_of(tickets[0]);
    REQUIRE(number);
    auto alone = office.say("Une toute autre question, sans rapport", "");
    office.run();
    REQUIRE_FALSE(office.incident_of(alone));
    grouping::engine engine;
    for (const auto& each : office.read([](soci::session& sql) { return grouping_queue::read(sql, {}, 1'000); }))
        engine.put(each.words, each.incident_id);
    auto into = office.incident();
    office.write([&](soci::session& sql) { incidents::merge(sql, office.by(*number), into); });
    grouping::proposal change;
    change.ticket = alone, change.beside = tickets[0], change.probability = 0.95;
    auto done = office.write([&](soci::session& sql) { return grouping_batch::consolidate(sql, engine, {change}, {}, office.now); });
    CHECK(done == 1);
    CHECK(office.incident_of(alone) == into);
    CHECK(engine.group_of(alone) == into);
    CHECK(office.get(into).tickets == 4);
}

TEST_CASE("only the node with the lease decides, the others follow and suggest the same", "[grouper]") {
    grouping_office office;
    incident_grouper other(*office.database, {.engine = {}, .terms = {}, .owner = "two"});
    office.background();
    for (int i = 0; i < 3; ++i) office.say(photo_words[i], "PHO-22");
    office.run();
    CHECK(other.step(office.now) == 0);
    CHECK_FALSE(other.is_leader());
    auto late = office.say(photo_words[3], "PHO-22");
    CHECK(other.step(office.now) == 0);
    CHECK(office.count("grouping_queue") == 1);
    office.run();
    office.now += 1s;
    other.step(office.now);
    auto asked = office.read([&](soci::session& sql) { return grouping_queue::load(sql, late)->words; });
    asked.id = 0;
    auto ours = office.leader.suggest(asked, 3), theirs = other.suggest(asked, 3);
    REQUIRE_FALSE(ours.empty());
    REQUIRE_FALSE(theirs.empty());
    CHECK(ours[0].group == theirs[0].group);
    CHECK(ours[0].group == office.incident_of(late));
}

TEST_CASE("a leader that lost its lease writes nothing more", "[grouper]") {
    grouping_office office;
    office.say(photo_words[0]);
    office.run();
    CHECK(office.leader.is_leader());
    office.write([](soci::session& sql) { sql::change(sql, "UPDATE lease SET owner = 'two', token = token + 1 WHERE name = 'grouping'"); });
    office.say(photo_words[1]);
    CHECK(office.run() == 0);
    CHECK_FALSE(office.leader.is_leader());
    CHECK(office.count("grouping_queue") == 1);
}

TEST_CASE("a node that starts again knows the groups and what people said of them", "[grouper]") {
    grouping_office office;
    office.background();
    std::vector<std::int64_t> tickets;
    for (int i = 0; i < 3; ++i) tickets.push_back(office.say(photo_words[i], "PHO-22"));
    office.run();
    auto number = *office.incident_of(tickets[0]);
    office.write([&](soci::session& sql) { incidents::detach(sql, office.by(number), tickets[2]); });
    incident_grouper again(*office.database, {.engine = {}, .terms = {}, .owner = "one"});
    again.rebuild(office.now);
    auto asked = office.read([&](soci::session& sql) { return grouping_queue::load(sql, tickets[1])->words; });
    asked.id = 0;
    auto found = again.suggest(asked, 5);
    REQUIRE_FALSE(found.empty());
    CHECK(found[0].group == number);
    // What a person took out is never put back, whatever is read again.
    again.step(office.now);
    CHECK_FALSE(office.incident_of(tickets[2]) == number);
}

TEST_CASE("what a person says is followed by the engine at once", "[grouper]") {
    grouping_office office;
    office.background();
    for (int i = 0; i < 3; ++i) office.say(photo_words[i], "PHO-22");
    office.run();
    auto number = *office.report(office.made).incident_id;
    auto into = office.incident();
    office.write([&](soci::session& sql) { incidents::merge(sql, office.by(number), into); });
    auto late = office.say(photo_words[3], "PHO-22");
    office.run();
    CHECK(office.incident_of(late) == into); // the merged one takes what comes
    CHECK(office.get(number).tickets == 0);
}

TEST_CASE(
    "what people took out of an incident is not offered a part of it, nor the incident it was merged into, before and after a new start",
    "[grouper]") {
    grouping_office office;
    office.background();
    std::vector<std::int64_t> tickets;
    for (int i = 0; i < 6; ++i) tickets.push_back(office.say(photo_words[i % 4], "PHO-22"));
    office.run();
    auto number = *office.incident_of(tickets[0]);
    REQUIRE(office.get(number).tickets == 6);
    office.write([&](soci::session& sql) { incidents::detach(sql, office.by(number), tickets[5]); });
    office.run();
    auto part = std::vector{tickets[0], tickets[1]};
    auto made = office.write([&](soci::session& sql) { return incidents::split(sql, office.by(number), part); });
    auto into = office.incident();
    office.write([&](soci::session& sql) { incidents::merge(sql, office.by(number), into); });
    office.run();
    auto asked = office.read([&](soci::session& sql) { return grouping_queue::load(sql, tickets[5])->words; });
    auto check_offered = [&](const incident_grouper& node, std::int64_t whole) {
        auto offered = node.suggest(asked, 10);
        CHECK(std::none_of(offered.begin(), offered.end(), [&](const auto& one) { return one.group == whole || one.group == made; }));
        auto again = asked;
        again.id = 0; // the same words of somebody else
        auto others = node.suggest(again, 10);
        CHECK(std::any_of(others.begin(), others.end(), [&](const auto& one) { return one.group == whole; }));
    };
    check_offered(office.leader, into);
    incident_grouper anew(*office.database, {.engine = {}, .terms = {}, .owner = "two"});
    anew.rebuild(office.now);
    check_offered(anew, into);
    office.write([&](soci::session& sql) { incidents::unmerge(sql, office.by(number)); });
    office.run();
    check_offered(office.leader, number);
}

TEST_CASE("many agents may be shown suggestions at once", "[grouper]") {
    grouping_office office;
    office.background();
    for (int i = 0; i < 4; ++i) office.say(photo_words[i], "PHO-22");
    office.run();
    auto asked = [&](int round) {
        grouping::ticket out;
        out.title = "Problème " + std::string(static_cast<std::size_t>(1 + round % 40), 'a') + "tions", out.text = photo_words[round % 4];
        return office.leader.suggest(out, 5).size();
    };
    const auto expected = asked(0);
    std::atomic<int> answered = 0, different = 0; // nothing comes back when the engine was at work for longer than patience
    std::vector<std::thread> agents;
    for (int agent = 0; agent < 4; ++agent)
        agents.emplace_back([&] {
            for (int round = 0; round < 400; ++round)
                if (auto found = asked(round * 4); found > 0) ++(found == expected ? answered : different);
        });
    for (auto& each : agents) each.join();
    CHECK(expected > 0);
    CHECK(answered > 0);
    CHECK(different == 0);
}

TEST_CASE("suggestions come while the grouping waits for the database", "[grouper]") {
    grouping_office office;
    office.background();
    for (int i = 0; i < 4; ++i) office.say(photo_words[i], "PHO-22");
    office.run();
    if (office.database->is_mariadb()) return; // there no write waits for another
    grouping::ticket asked;
    asked.title = "Problème", asked.text = photo_words[1];
    auto alike = office.leader.similar(asked, 50).size();
    office.say(photo_words[0], "PHO-22");
    std::promise<void> begun, release;
    auto slow = std::async(std::launch::async, [&] {
        office.write([&](soci::session&) {
            begun.set_value();
            release.get_future().wait();
        });
    });
    begun.get_future().wait();
    auto job = std::async(std::launch::async, [&] { return office.run(); });
    // It has decided once the ticket is among those that read alike; from then on it waits for the writer.
    auto until = std::chrono::steady_clock::now() + 20s;
    while (office.leader.similar(asked, 50).size() == alike && std::chrono::steady_clock::now() < until) std::this_thread::yield();
    CHECK(office.leader.similar(asked, 50).size() == alike + 1);
    CHECK_FALSE(office.leader.suggest(asked, 5).empty());
    CHECK(job.wait_for(0s) == std::future_status::timeout);
    release.set_value();
    CHECK(job.get() == 1);
}

TEST_CASE("how sure the engine must be follows what people say of its links", "[grouper][calibration]") {
    grouping_office office;
    auto attach_from = [&] { return office.read([](soci::session& sql) { return reviewed_links::attach_from(sql, 0.9); }); };
    auto number = office.incident();
    auto suggest = [&](double probability) {
        placement what;
        what.ticket_id = office.ticket(), what.suggested_id = number, what.score = probability, what.engine = "test";
        office.write([&](soci::session& sql) { return reports::place(sql, what, {}, office.now); });
        return what.ticket_id;
    };
    auto accept = [&](std::int64_t ticket) {
        office.write([&](soci::session& sql) { incidents::attach(sql, office.by(number), ticket); });
    };
    for (int i = 0; i < 49; ++i) accept(suggest(0.7));
    CHECK(attach_from() == 0.9); // too few
    accept(suggest(0.7));
    CHECK(attach_from() == 0.7);
    for (int i = 0; i < 3; ++i) {
        auto ticket = suggest(0.7);
        office.write([&](soci::session& sql) { incidents::refuse_suggestion(sql, office.by(number), ticket); });
    }
    CHECK(attach_from() == 0.9); // 50 of 53 right
    auto last = office.event(number, "incident.suggestion_refused");
    office.write([&](soci::session& sql) { incidents::undo(sql, office.by(number), last); });
    CHECK(attach_from() == 0.7); // 50 of 52, what is undone left out
    auto wrong = office.ticket();
    office.link(wrong, number, 0.95);
    office.write([&](soci::session& sql) { incidents::detach(sql, office.by(number), wrong); });
    CHECK(office.count("reviewed_link WHERE probability = 0.95 AND was_right = 0") == 1);
    accept(wrong); // placed by nobody now: it says nothing of the engine
    CHECK(office.count("reviewed_link WHERE probability = 0.95 OR probability = 1") == 1);
}

TEST_CASE("the leader attaches from the probability that reviews allow", "[grouper][calibration]") {
    grouping_office office;
    office.background();
    auto number = office.incident();
    auto review = [&](double probability, bool is_right) {
        auto ticket = office.ticket();
        office.link(ticket, number, probability);
        office.write([&](soci::session& sql) {
            is_right ? incidents::attach(sql, office.by(number), ticket) : incidents::detach(sql, office.by(number), ticket);
        });
    };
    for (int i = 0; i < 50; ++i) review(0.9999999, true), review(0.9, false);
    auto first = office.say(photo_words[0], "PHO-22"), second = office.say(photo_words[1], "PHO-22");
    while (office.run() > 0) {
    }
    CHECK_FALSE(office.incident_of(second)); // surer than 0.9, yet less sure than what people agreed to
    CHECK(office.report(second).score >= 0.9);
    CHECK_FALSE(office.incident_of(first));
}
