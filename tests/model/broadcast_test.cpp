// SPDX-License-Identifier: EUPL-1.2
#include "model/broadcast.hpp"
#include "model/dossier_store.hpp"
#include "model/error.hpp"
#include "model/incident_follower.hpp"
#include "model/outgoing_mail.hpp"
#include "model/verification.hpp"
#include "tests/support/broadcast_office.hpp"

#include <catch2/catch.hpp>

#include <set>

using namespace relais;
using namespace relais::model;
using namespace std::chrono_literals;
using tests::broadcast_office;
using tests::incident_office;

TEST_CASE("everyone attached is told once, by the means they chose, and sees nobody else", "[broadcast]") {
    broadcast_office office;
    office.report_by("a@example.test"), office.report_by("b@example.test"), office.report_by("A@example.test");
    office.report_by("", "1 rue des Lilas, 08000 Charleville"), office.report_by("", "");
    office.write([&](soci::session& sql) { incident_followers::add(sql, office.number, "c@example.test", "en", "t1", office.now); });
    office.write([&](soci::session& sql) { incident_followers::add(sql, office.number, "b@example.test", "fr", "t2", office.now); });
    office.begin();
    office.queue();
    CHECK(office.count("outbox WHERE " + office.key()) == 4); // a, b, a letter, c
    CHECK(office.count("outbox WHERE medium = 'mail' AND recipient = 'c@example.test' AND language = 'en' AND " + office.key()) == 1);
    CHECK(office.count("outbox WHERE medium = 'letter' AND " + office.key()) == 1);
    CHECK(office.count("message WHERE kind = 'reply' AND body = 'C’est corrigé.'") == 5); // each thread shows it
    CHECK(office.count("event WHERE action = 'ticket.told'") == 5);
    CHECK(office.count("event WHERE action = 'ticket.to_be_called'") == 1);
    CHECK(office.read([&](soci::session& sql) { return broadcasts::get(sql, office.id); }).state == "sending");
    CHECK_FALSE(office.next(2)); // over is over
    CHECK(office.count("outbox WHERE " + office.key()) == 4);
}

TEST_CASE("mails leave at the pace that was set, stop and go on where they stopped", "[broadcast]") {
    broadcast_office office;
    for (int i = 0; i < 5; ++i) office.report_by("p" + std::to_string(i) + "@example.test");
    office.begin("fix", 60); // one a second
    office.queue();
    auto times = office.read([&](soci::session& sql) {
        return sql::all<sys_seconds>(sql, "SELECT next_at FROM outbox WHERE " + office.key() + " ORDER BY id");
    });
    REQUIRE(times.size() == 5);
    CHECK(times[4] - times[0] == 4s);
    office.write([&](soci::session& sql) {
        sql::change(sql, "UPDATE outbox SET state = 'sent' WHERE " + office.key() + " AND next_at <= :t", times[1]);
    });
    office.now += 2s;
    office.write([&](soci::session& sql) { broadcasts::stop(sql, office.by(office.number), office.id); });
    CHECK(office.progress().sent == 2);
    CHECK(office.progress().stopped == 3);
    CHECK_THROWS_WITH(office.write([&](soci::session& sql) { broadcasts::stop(sql, office.by(office.number), office.id); }),
                      "conflict.broadcast");
    office.now += 1h;
    office.write([&](soci::session& sql) { broadcasts::resume(sql, office.by(office.number), office.id); });
    CHECK(office.progress().waiting == 3);
    auto again = office.read([&](soci::session& sql) {
        return sql::all<sys_seconds>(sql, "SELECT next_at FROM outbox WHERE " + office.key() + " ORDER BY id");
    });
    CHECK(again[4] == times[4] + 1h);
    auto close = [&] {
        for (const auto& each : office.read(broadcasts::arrived))
            office.write([&each](soci::session& sql) { broadcasts::close(sql, each); });
        return office.read([&](soci::session& sql) { return broadcasts::get(sql, office.id); }).state;
    };
    CHECK(close() == "sending"); // three wait
    office.write([&](soci::session& sql) {
        sql::change(sql, "UPDATE outbox SET state = 'sent' WHERE " + office.key() + " AND next_at < :t", again[4]);
        sql::change(sql, "UPDATE outbox SET state = 'failed' WHERE " + office.key() + " AND next_at = :t", again[4]);
    });
    CHECK(close() == "sent");
    office.write([&](soci::session& sql) { sql::change(sql, "DELETE FROM outbox WHERE " + office.key()); }); // after years
    CHECK(office.progress().sent == 4);
    CHECK(office.progress().failed == 1);
    CHECK_THROWS_WITH(office.write([&](soci::session& sql) { broadcasts::stop(sql, office.by(office.number), office.id); }),
                      "conflict.broadcast");
}

TEST_CASE("what is on its way when a broadcast is stopped arrives, or is not tried again until it goes on", "[broadcast]") {
    broadcast_office office;
    for (int i = 0; i < 3; ++i) office.report_by("p" + std::to_string(i) + "@example.test");
    office.begin("fix", 600);
    office.queue();
    office.write([&](soci::session& sql) { sql::change(sql, "UPDATE outbox SET state = 'sent' WHERE kind = 'acknowledgement'"); });
    auto claim = [&] { return office.write([&](soci::session& sql) { return outgoing_mails::claim(sql, {"m"}, office.now).groups; }); };
    office.now += 1h;
    auto leased = claim();
    REQUIRE(leased.size() == 3);
    office.write([&](soci::session& sql) { broadcasts::stop(sql, office.by(office.number), office.id); });
    office.write([&](soci::session& sql) {
        CHECK(outgoing_mails::mark_sent(sql, leased[0], "m", "h", "copy", office.now));
        CHECK(outgoing_mails::postpone(sql, leased[1], "m", "451", office.now + 1min));
        outgoing_mails::release(sql, leased[2], "m");
    });
    CHECK(office.progress().sent == 1);
    CHECK(office.progress().stopped == 2);
    office.now += 1h;
    CHECK(claim().empty());
    office.write([&](soci::session& sql) { broadcasts::resume(sql, office.by(office.number), office.id); });
    office.now += 3h;
    CHECK(claim().size() == 2);
}

TEST_CASE("a broadcast that is stopped while it is being queued goes on from there, nobody twice and nobody forgotten", "[broadcast]") {
    broadcast_office office;
    for (int i = 0; i < 7; ++i) office.report_by("p" + std::to_string(i) + "@example.test");
    office.begin();
    office.next(3);
    office.write([&](soci::session& sql) { broadcasts::stop(sql, office.by(office.number), office.id); });
    CHECK_FALSE(office.next(3));
    CHECK(office.count("outbox WHERE " + office.key()) == 3);
    office.now += 10min;
    office.write([&](soci::session& sql) { broadcasts::resume(sql, office.by(office.number), office.id); });
    office.queue(3);
    CHECK(office.count("outbox WHERE " + office.key()) == 7);
    CHECK(office.progress().waiting == 7);
}

TEST_CASE("the template knows the message, the incident and the ticket of each row", "[broadcast]") {
    broadcast_office office;
    office.report_by("a@example.test");
    office.write([&](soci::session& sql) {
        incidents::set_workaround(sql, office.by(office.number), {"Titre public", "Attendez.", "", true});
    });
    office.begin();
    office.queue();
    auto facts = office.read([&](soci::session& sql) {
        auto row = *sql::first<outgoing_mail>(sql, "SELECT id, kind, ticket_id, message_id, recipient, language, payload, is_capped, "
                                                   "mail_message_id, attempts, created_at, participant_id FROM outbox WHERE " +
                                                       office.key());
        return outgoing_mails::facts(sql, row);
    });
    CHECK(facts.body == "C’est corrigé.");
    CHECK(facts.incident_title == "Titre public");
    CHECK(facts.author == "Paul Renard, équipe de résolution");
    CHECK_FALSE(facts.reference.empty());
}

TEST_CASE("five recipients are drawn, each of the incident and each once", "[broadcast]") {
    broadcast_office office;
    std::set<std::int64_t> inside;
    inside.insert(office.report_by("first@example.test"));
    for (int i = 0; i < 300; ++i) office.ticket(); // a long time without one of them
    for (int i = 0; i < 12; ++i) inside.insert(office.report_by("p" + std::to_string(i) + "@example.test"));
    office.link(office.ticket(), office.incident());
    auto drawn = office.read([&](soci::session& sql) { return broadcasts::sample(sql, office.number, 5); });
    REQUIRE(drawn.size() == 5);
    std::set<std::int64_t> different;
    for (const auto& each : drawn) {
        CHECK(inside.contains(each.ticket_id.value()));
        different.insert(each.ticket_id.value());
    }
    CHECK(different.size() == 5);
    CHECK(office.read([&](soci::session& sql) { return broadcasts::sample(sql, 999'999, 5); }).empty());
}

TEST_CASE("the same person following twice is counted once, and stops with the link", "[broadcast]") {
    incident_office office;
    auto number = office.incident();
    auto add = [&](const char* email, const char* token) {
        return office.write([&](soci::session& sql) { return incident_followers::add(sql, number, email, "fr", token, office.now); });
    };
    CHECK(add("a@example.test", "t1"));
    CHECK_FALSE(add("A@example.test", "t2"));
    CHECK(add("", "t3")); // only counted
    CHECK(office.get(number).followers == 1);
    CHECK(office.get(number).me_too == 1);
    auto end = [&](const char* token) {
        return office.write([&](soci::session& sql) { return incident_followers::end(sql, token, office.now); });
    };
    CHECK(end("t1"));
    CHECK(end("t1")); // twice is once
    CHECK_FALSE(end("t9"));
    CHECK(office.get(number).followers == 0);
    CHECK(add("a@example.test", "t4"));
    CHECK(office.get(number).followers == 1);
}

TEST_CASE("those who follow an incident follow what it becomes part of, are counted and told there, and come back with it", "[broadcast]") {
    broadcast_office office;
    auto into = office.number, from = office.incident(), far = office.incident();
    auto follow = [&](std::int64_t number, const char* email, const char* token) {
        return office.write([&](soci::session& sql) { return incident_followers::add(sql, number, email, "fr", token, office.now); });
    };
    auto counted = [&](std::int64_t number) { return std::pair{office.get(number).followers, office.get(number).me_too}; };
    auto merge = [&](std::int64_t one, std::int64_t other) {
        office.write([&](soci::session& sql) { incidents::merge(sql, office.by(one), other); });
    };
    using numbers = std::pair<std::int64_t, std::int64_t>;
    follow(from, "a@example.test", "t1"), follow(from, "b@example.test", "t2"), follow(from, "", ""), follow(into, "", "");
    follow(into, "B@example.test", "t3"), follow(into, "c@example.test", "t4"), follow(far, "d@example.test", "t5");
    merge(from, into);
    CHECK(counted(into) == numbers{3, 2}); // b is one person
    CHECK_FALSE(follow(into, "a@example.test", "t6"));
    merge(into, far);
    CHECK(counted(far) == numbers{4, 2});
    CHECK(office.write([&](soci::session& sql) { return incident_followers::end(sql, "t2", office.now); })); // b wants no more mail
    CHECK(counted(far) == numbers{3, 2});
    office.number = far;
    office.begin();
    office.queue();
    CHECK(office.count("outbox WHERE " + office.key()) == 3);
    CHECK(office.count("outbox WHERE recipient = 'a@example.test' AND " + office.key()) == 1);
    CHECK(office.count("outbox WHERE recipient LIKE 'b%' AND " + office.key()) == 0);
    office.write([&](soci::session& sql) { incidents::unmerge(sql, office.by(from)); });
    CHECK(counted(from) == numbers{1, 1});
    CHECK(counted(into) == numbers{1, 1});
    CHECK(counted(far) == numbers{2, 1});
}

TEST_CASE("after the fix the tickets of dossiers that moved are closed with a message, the others stay open and are listed",
          "[verification]") {
    incident_office office;
    auto number = office.incident();
    std::vector<dossier_news> news;
    for (int i = 0; i < 4; ++i) {
        auto one = tests::some_dossier("D-" + std::to_string(1000 + i), "Nom" + std::to_string(i), "Luc", "1980-05-04");
        one.values.error_code = "E-17";
        news.push_back(one);
    }
    office.write([&](soci::session& sql) { dossiers::store(sql, news, office.now); });
    std::vector<std::int64_t> tickets;
    for (int i = 0; i < 4; ++i) {
        auto name = "Nom" + std::to_string(i);
        auto writes = [&](contact& from) {
            from.dossier_number = "D-" + std::to_string(1000 + i);
            from.requester.name = "Luc " + name, from.requester.birth_name = name, from.requester.first_names = "Luc";
            from.requester.birth_date = "1980-05-04", from.requester.birth_precision = "day";
        };
        tickets.push_back(office.ticket(writes));
        office.link(tickets.back(), number);
    }
    office.link(office.ticket(), number); // without a dossier
    office.write([&](soci::session& sql) {
        sql::change(sql, "UPDATE ticket SET status = 'waiting', waiting_reason = 'incident', is_active = 0 WHERE id = :id", tickets[3]);
        incidents::fix(sql, office.by(number), office.now, "4.12");
    });
    office.now += 1h;
    // Two of them move.
    for (auto& each : news) each.values.error_code.clear(), each.values.status = "ACCEPTED", each.values.updated_at += 1h;
    office.write([&](soci::session& sql) { dossiers::store(sql, std::span(news).first(2), office.now); });
    auto id = office.write([&](soci::session& sql) { return verifications::start(sql, office.by(number), "Votre dossier avance."); });
    CHECK_THROWS_WITH(office.write([&](soci::session& sql) { return verifications::start(sql, office.by(number), "x"); }),
                      "conflict.verification");
    auto step = [&] { return office.write([&](soci::session& sql) { return verifications::step(sql, id, 2, office.now); }); };
    while (step()) { // nobody asks a registry: the mirror stands as it is
    }
    auto run = office.read([&](soci::session& sql) { return *verifications::last(sql, number); });
    CHECK(run.state == "done");
    CHECK(run.moved == 2);
    CHECK(run.stuck == 2);
    CHECK(run.no_dossier == 1);
    CHECK(office.count("ticket WHERE status = 'closed' AND closure_reason = 'incident_fixed'") == 2);
    CHECK(office.count("outbox WHERE kind = 'closure'") == 2);
    CHECK(office.count("ticket WHERE status <> 'closed' AND is_active = 1") == 3);
    CHECK(office.report(tickets[0]).verification == "moved");
    CHECK(office.report(tickets[3]).verification == "stuck");
    CHECK(office.get(number).state == "fixed"); // not all: it cannot be closed
    CHECK(office.get(number).is_fix_incomplete);
    CHECK_THROWS_WITH(office.write([&](soci::session& sql) { incidents::close(sql, office.by(number)); }), "conflict.incident_state");
    // The others move too: a second reading verifies the incident.
    office.now += 1h;
    for (auto& each : news) each.values.updated_at += 1h;
    office.write([&](soci::session& sql) { dossiers::store(sql, news, office.now); });
    // Whoever is told has a dossier: to file again needs a reason, which goes with each answer.
    auto again = [&](const char* why) {
        return office.write(
            [&](soci::session& sql) { return verifications::start(sql, office.by(number), "Déposez une nouvelle demande.", why); });
    };
    CHECK_THROWS_AS(again(" "), invalid);
    id = again("la première est perdue");
    office.now += 1min;
    while (step()) {
    }
    CHECK(office.get(number).state == "verified");
    CHECK_FALSE(office.get(number).is_fix_incomplete);
    CHECK(office.count("outbox WHERE kind = 'closure'") == 4); // nobody twice
    CHECK(office.count("event WHERE action = 'incident.refiling_told'") == 1);
    CHECK(office.count("event WHERE action = 'ticket.refiling_told'") == 2);
}
