// SPDX-License-Identifier: EUPL-1.2
#include "model/broadcast.hpp"
#include "model/error.hpp"
#include "model/incident_follower.hpp"
#include "tests/support/broadcast_office.hpp"

#include <catch2/catch.hpp>

using namespace relais;
using namespace relais::model;
using namespace std::chrono_literals;
using tests::broadcast_office;

TEST_CASE("a regression is told to those who were told that it was fixed, and to nobody else", "[broadcast]") {
    broadcast_office office;
    office.report_by("a@example.test");
    office.write([&](soci::session& sql) { incidents::fix(sql, office.by(office.number), office.now, "4.12"); });
    office.begin();
    office.queue();
    office.now += 24h;
    office.deliver();
    office.report_by("late@example.test");
    office.regress();
    office.queue();
    CHECK(office.count("outbox WHERE kind = 'incident_regression'") == 1);
    CHECK(office.count("outbox WHERE kind = 'incident_regression' AND recipient = 'a@example.test'") == 1);
}

TEST_CASE("a regression stops the fix that is still being told, for good, and is told to those it had reached", "[broadcast]") {
    for (const std::string state : {"sending", "queueing", "stopped"}) {
        INFO(state);
        broadcast_office office;
        for (int i = 0; i < 4; ++i) office.report_by("p" + std::to_string(i) + "@example.test");
        office.write([&](soci::session& sql) { incidents::fix(sql, office.by(office.number), office.now, "4.12"); });
        office.begin("fix", 1); // one a minute
        office.queue();
        office.now += 90s;
        office.deliver();
        auto fix = office.id;
        if (state == "stopped") office.write([&](soci::session& sql) { broadcasts::stop(sql, office.by(office.number), fix); });
        if (state == "queueing")
            office.write([&](soci::session& sql) {
                sql::change(sql, "UPDATE broadcast SET state = 'queueing', phase = 'tickets' WHERE id = :id", fix);
            });
        office.regress();
        auto of_fix = office.read([&](soci::session& sql) { return broadcasts::get(sql, fix); });
        CHECK(of_fix.state == "withdrawn");
        CHECK_FALSE(office.write([&](soci::session& sql) { return broadcasts::queue_next(sql, fix, 10, office.now); }));
        CHECK_THROWS_WITH(office.write([&](soci::session& sql) { broadcasts::resume(sql, office.by(office.number), fix); }),
                          "conflict.broadcast");
        CHECK(office.read([&](soci::session& sql) { return broadcasts::progress_of(sql, of_fix); }).stopped == 2);
        office.queue();
        CHECK(office.count("outbox WHERE kind = 'incident_regression'") == 2);
        CHECK(office.count("outbox WHERE kind = 'incident_regression' AND recipient IN ('p0@example.test', 'p1@example.test')") == 2);
    }
}

TEST_CASE("a fix that everybody was told stays told when the incident is opened again", "[broadcast]") {
    broadcast_office office;
    office.report_by("a@example.test");
    office.write([&](soci::session& sql) { incidents::fix(sql, office.by(office.number), office.now, "4.12"); });
    office.begin();
    office.queue();
    office.now += 1h;
    office.deliver();
    office.write([&](soci::session& sql) { incidents::reopen(sql, office.by(office.number), "Pas fini"); });
    CHECK(office.read([&](soci::session& sql) { return broadcasts::get(sql, office.id); }).state == "sending");
}

TEST_CASE("a fix that is still being told when its incident is merged or dismissed is told to nobody else, other news are", "[broadcast]") {
    for (auto is_merged : {true, false})
        for (const std::string kind : {"fix", "news"}) {
            INFO(kind << (is_merged ? ", merged" : ", dismissed"));
            broadcast_office office;
            for (int i = 0; i < 4; ++i) office.report_by("p" + std::to_string(i) + "@example.test");
            office.begin(kind, 1); // one a minute
            CHECK(office.next(2));
            office.deliver();
            auto into = office.incident();
            office.write([&](soci::session& sql) {
                auto by = office.by(office.number);
                is_merged ? incidents::merge(sql, by, into) : incidents::dismiss(sql, by);
            });
            auto is_fix = kind == "fix";
            auto of = office.read([&](soci::session& sql) { return broadcasts::get(sql, office.id); });
            CHECK(of.state == (is_fix ? "withdrawn" : "queueing"));
            CHECK(office.count("outbox WHERE state = 'sent'") == 1);
            CHECK(office.count("outbox WHERE state = 'waiting' AND " + office.key()) == (is_fix ? 0 : 1));
            CHECK(office.next(2) == !is_fix);
        }
}

TEST_CASE("of many whom a fix was not told a regression looks at few at a time, and tells none of them", "[broadcast]") {
    broadcast_office office;
    std::vector<std::int64_t> tickets;
    for (int i = 0; i < 6; ++i) tickets.push_back(office.report_by("p" + std::to_string(i) + "@example.test"));
    office.write([&](soci::session& sql) { incidents::fix(sql, office.by(office.number), office.now, "4.12"); });
    office.begin();
    CHECK(office.next(2));
    office.now += 1h;
    office.deliver();
    office.regress(); // the fix goes no further
    for (auto place : {1U, 3U, 5U}) {
        CHECK(office.next(2));
        auto of = office.read([&](soci::session& sql) { return broadcasts::get(sql, office.id); });
        CHECK(of.phase == "tickets");
        CHECK(of.after_id == tickets[place]);
        CHECK(of.queued == 2);
    }
    office.queue();
    CHECK(office.read([&](soci::session& sql) { return broadcasts::get(sql, office.id); }).state == "sending");
    CHECK(office.count("outbox WHERE kind = 'incident_regression'") == 2);
    CHECK(office.count("message WHERE body LIKE 'Le problème dont%'") == 2);
}

TEST_CASE("a fix that everybody was told stays told when its incident is merged", "[broadcast]") {
    broadcast_office office;
    office.report_by("a@example.test");
    office.write([&](soci::session& sql) { incidents::fix(sql, office.by(office.number), office.now, "4.12"); });
    office.begin();
    office.queue();
    office.now += 1h;
    office.deliver();
    auto into = office.incident();
    office.write([&](soci::session& sql) { incidents::merge(sql, office.by(office.number), into); });
    CHECK(office.read([&](soci::session& sql) { return broadcasts::get(sql, office.id); }).state == "sending");
    CHECK(office.count("event WHERE action = 'incident.telling_withdrawn'") == 0);
}

TEST_CASE("those whom a fix was told by telephone are called again, threads say that it is back, and a stopped follower hears no more",
          "[broadcast]") {
    broadcast_office office;
    auto mailed = office.report_by("a@example.test"), called = office.report_by(""), closed = office.report_by("");
    auto follow = [&](const char* email, const char* token) {
        office.write([&](soci::session& sql) { incident_followers::add(sql, office.number, email, "fr", token, office.now); });
    };
    follow("stays@example.test", "t1"), follow("stops@example.test", "t2");
    office.write([&](soci::session& sql) { incidents::fix(sql, office.by(office.number), office.now, "4.12"); });
    office.begin(), office.queue();
    office.now += 24h;
    office.deliver();
    auto set_status = [&](std::int64_t ticket, const std::string& status) {
        office.write([&](soci::session& sql) {
            sql::change(sql, "UPDATE ticket SET status = :status, is_active = 0, closed_at = 1 WHERE id = :id", status, ticket);
        });
    };
    set_status(closed, "closed"), set_status(mailed, "closed");
    office.write([&](soci::session& sql) { incident_followers::end(sql, "t2", office.now); });
    auto late = office.report_by(""); // was told nothing
    office.regress();
    office.queue(1);
    CHECK(office.count("outbox WHERE kind = 'incident_regression'") == 2);
    CHECK(office.count("outbox WHERE kind = 'incident_regression' AND recipient = 'stays@example.test' AND payload LIKE '%t1%'") == 1);
    CHECK(office.count("outbox WHERE kind = 'incident_regression' AND recipient = 'stops@example.test'") == 0);
    for (auto ticket : {mailed, called, closed}) {
        auto of = " WHERE ticket_id = " + std::to_string(ticket);
        CHECK(office.count("message" + of + " AND body LIKE 'Le problème dont%'") == 1);
    }
    CHECK(office.count("message WHERE body LIKE 'Le problème dont%'") == 3);
    auto is_to_be_called = [&](std::int64_t ticket) {
        auto id = std::to_string(ticket);
        return std::pair{office.count("event WHERE action = 'ticket.to_be_called' AND object_id = " + id),
                         office.count("ticket WHERE status = 'open' AND is_active = 1 AND id = " + id)};
    };
    using two = std::pair<std::int64_t, std::int64_t>;
    CHECK(is_to_be_called(called) == two{2, 1}); // of the fix, and of the regression
    CHECK(is_to_be_called(closed) == two{2, 1});
    CHECK(is_to_be_called(late).first == 0);
    CHECK(office.count("ticket WHERE status = 'closed' AND id = " + std::to_string(mailed)) == 1); // was written to
    CHECK(office.read([&](soci::session& sql) { return broadcasts::get(sql, office.id); }).by_phone == 2);
}

TEST_CASE("an announcement is taken back once: a fix that nobody was told of is taken back from nobody", "[broadcast]") {
    broadcast_office office;
    office.report_by("a@example.test");
    auto fix = [&](bool is_told) {
        office.write([&](soci::session& sql) { incidents::fix(sql, office.by(office.number), office.now, "4.12"); });
        if (is_told) office.begin(), office.queue();
        office.now += 24h;
        office.deliver();
    };
    auto regressions = [&] { return office.count("broadcast WHERE kind = 'regression'"); };
    fix(true), office.regress(), office.queue();
    CHECK(regressions() == 1);
    fix(false), office.regress();
    CHECK(regressions() == 1); // the second fix was told to nobody
    fix(true);
    office.write([&](soci::session& sql) { incidents::reopen(sql, office.by(office.number), "Pas fini"); });
    fix(false), office.regress();
    CHECK(regressions() == 2); // what was announced before a person opened it again was not taken back yet
}

TEST_CASE("who was told that it is fixed before their incident became part of another is told once when that one comes back",
          "[broadcast]") {
    broadcast_office office;
    auto told = office.number, between = office.incident(), left = office.incident();
    auto fix = [&](std::int64_t number) {
        office.write([&](soci::session& sql) { incidents::fix(sql, office.by(number), office.now, "4.12"); });
    };
    auto merge = [&](std::int64_t from, std::int64_t into) {
        office.write([&](soci::session& sql) { incidents::merge(sql, office.by(from), into); });
    };
    auto regressions = [&](const std::string& who = "") {
        return office.count("outbox WHERE kind = 'incident_regression'" + (who.empty() ? "" : " AND recipient = '" + who + "'"));
    };
    office.report_by("a@example.test");
    auto called = office.report_by("");
    office.report_by("twice@example.test");
    office.write([&](soci::session& sql) { incident_followers::add(sql, told, "follows@example.test", "fr", "t1", office.now); });
    fix(told), office.begin(), office.queue();
    office.now += 1h, office.deliver();
    office.report_by("late@example.test"); // after the announcement
    merge(told, between);
    office.number = between;
    for (const auto* each : {"twice@example.test", "b@example.test", "waits@example.test"}) office.report_by(each);
    fix(between), office.begin("fix", 1), office.queue(); // one a minute
    office.now += 90s, office.deliver();
    auto reached = office.count("outbox WHERE state = 'sent' AND " + office.key());
    REQUIRE(reached == 2); // a and twice again; not the others
    merge(between, left);
    office.number = left;
    office.report_by("c@example.test");
    fix(left); // nobody is told
    office.regress(), office.queue();
    CHECK(regressions() == 3);
    for (const auto* each : {"a@example.test", "twice@example.test", "follows@example.test"}) CHECK(regressions(each) == 1);
    CHECK(office.count("event WHERE action = 'ticket.to_be_called' AND object_id = " + std::to_string(called)) == 3);
    CHECK(office.count("message WHERE ticket_id = " + std::to_string(called) + " AND body LIKE 'Le problème dont%'") == 1);
    fix(left);
    office.write([&](soci::session& sql) { incidents::regress(sql, office.by(left), {{"tickets", 3}}); });
    CHECK(office.count("broadcast WHERE kind = 'regression'") == 1); // taken back once
}

TEST_CASE("who was told that it is fixed follows their own incident again when it comes apart", "[broadcast]") {
    for (auto is_back_before : {false, true}) {
        INFO(is_back_before);
        broadcast_office office;
        auto own = office.number, other = office.incident();
        auto fix = [&](std::int64_t number) {
            office.write([&](soci::session& sql) { incidents::fix(sql, office.by(number), office.now, "4.12"); });
        };
        auto regressions = [&] { return office.count("outbox WHERE kind = 'incident_regression' AND recipient = 'a@example.test'"); };
        auto regress = [&](std::int64_t number) {
            office.number = number;
            office.write([&](soci::session& sql) { incidents::regress(sql, office.by(number), {{"tickets", 3}}); });
            for (auto each : office.read(broadcasts::unfinished)) office.id = each, office.queue();
        };
        office.report_by("a@example.test");
        fix(own), office.begin(), office.queue();
        office.now += 1h, office.deliver();
        fix(other);
        office.write([&](soci::session& sql) { incidents::merge(sql, office.by(own), other); });
        if (is_back_before) regress(other);
        office.write([&](soci::session& sql) { incidents::unmerge(sql, office.by(own)); });
        if (!is_back_before) regress(other);
        CHECK(regressions() == (is_back_before ? 1 : 0));
        regress(own);
        CHECK(regressions() == 1);
    }
}

TEST_CASE("incidents neither merge nor come apart while those are looked for whom a regression is told to", "[broadcast]") {
    broadcast_office office;
    auto own = office.number, other = office.incident(), third = office.incident();
    auto unmerge = [&] { office.write([&](soci::session& sql) { incidents::unmerge(sql, office.by(own)); }); };
    auto merge = [&](std::int64_t from, std::int64_t into) {
        office.write([&](soci::session& sql) { incidents::merge(sql, office.by(from), into); });
    };
    for (const auto* each : {"a@example.test", "b@example.test", "c@example.test"}) office.report_by(each);
    office.write([&](soci::session& sql) { incidents::fix(sql, office.by(own), office.now, "4.12"); });
    office.begin(), office.queue();
    office.now += 1h, office.deliver();
    merge(own, other);
    office.number = other;
    office.write([&](soci::session& sql) { incidents::fix(sql, office.by(other), office.now, "4.12"); });
    office.regress();
    CHECK(office.next(1));
    CHECK_THROWS_WITH(unmerge(), "conflict.regression");
    CHECK_THROWS_WITH(merge(other, third), "conflict.regression");
    office.write([&](soci::session& sql) { broadcasts::stop(sql, office.by(other), office.id); });
    CHECK_THROWS_WITH(unmerge(), "conflict.regression");
    office.write([&](soci::session& sql) { broadcasts::resume(sql, office.by(other), office.id); });
    office.queue();
    CHECK(office.count("outbox WHERE kind = 'incident_regression'") == 3);
    unmerge(); // everybody is in the outbox
    CHECK(office.get(own).tickets == 3);
    merge(other, third);
}

TEST_CASE("a fix goes no further to those whose incident comes apart, and those whom it reached are told that it is back", "[broadcast]") {
    broadcast_office office;
    auto own = office.incident(), told = office.number;
    auto stays = office.report_by("stays@example.test");
    office.number = own;
    auto reached = office.report_by("reached@example.test"), waits = office.report_by("waits@example.test");
    office.report_by("both@example.test"), office.report_by("", "1 rue des Lilas, 08000 Charleville");
    office.number = told;
    office.report_by("both@example.test");
    office.write([&](soci::session& sql) { incidents::merge(sql, office.by(own), told); });
    office.write([&](soci::session& sql) { incidents::fix(sql, office.by(told), office.now, "4.12"); });
    office.begin("fix", 1), office.queue(); // one a minute: stays, reached, waits, both, the letter
    office.now += 90s, office.deliver();
    REQUIRE(office.count("outbox WHERE state = 'sent'") == 2);
    office.write([&](soci::session& sql) { incidents::unmerge(sql, office.by(own)); });
    CHECK(office.count("outbox WHERE state = 'waiting' AND " + office.key()) == 1);
    CHECK(office.count("outbox WHERE state = 'waiting' AND recipient = 'both@example.test' AND " + office.key()) ==
          1); // has a ticket there too
    office.regress(), office.queue(1);
    for (const auto* each : {"stays@example.test", "reached@example.test"})
        CHECK(office.count("outbox WHERE kind = 'incident_regression' AND recipient = '" + std::string(each) + "'") == 1);
    CHECK(office.count("outbox WHERE kind = 'incident_regression'") == 2);
    for (auto ticket : {stays, reached, waits}) // the threads said that it was fixed
        CHECK(office.count("message WHERE body LIKE 'Le problème dont%' AND ticket_id = " + std::to_string(ticket)) == 1);
    CHECK(office.count("message WHERE body LIKE 'Le problème dont%'") == 6);
}
