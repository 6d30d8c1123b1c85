// SPDX-License-Identifier: EUPL-1.2
#include "model/broadcast.hpp"
#include "model/dossier_store.hpp"
#include "model/error.hpp"
#include "model/incident_follower.hpp"
#include "model/outgoing_mail.hpp"
#include "model/verification.hpp"
#include "tests/support/incident_office.hpp"

#include <catch2/catch.hpp>

#include <set>

using namespace relais;
using namespace relais::model;
using namespace std::chrono_literals;
using tests::incident_office;

namespace {

// An incident whose people are told, page after page.
struct telling : incident_office {
    std::int64_t number = incident(), id = 0;

    std::int64_t report_by(const std::string& email, const std::string& address = "") {
        auto made_by = ticket([&](contact& from) { from.requester.email = email, from.requester.postal_address = address; });
        link(made_by, number);
        return made_by;
    }
    void begin(const std::string& kind = "fix", std::int64_t per_minute = 60) {
        id = write([&](soci::session& sql) { return broadcasts::start(sql, by(number), kind, "C’est corrigé.", per_minute); });
    }
    bool next(int limit) {
        return write([&](soci::session& sql) { return broadcasts::queue_next(sql, id, limit, now); });
    }
    void queue(int limit = 2) {
        while (next(limit)) {
        }
    }
    std::string key() const { return "unique_key LIKE 'broadcast:" + std::to_string(id) + ":%'"; }
    // As the mailer does for those that are due.
    void deliver() {
        write([&](soci::session& sql) {
            sql::change(sql,
                        "UPDATE outbox SET state = 'sent', sent_at = next_at WHERE " + key() + " AND state = 'waiting' AND next_at <= :t",
                        now);
        });
    }
    // The broadcast that a regression begins.
    void regress() {
        write([&](soci::session& sql) { incidents::regress(sql, by(number), {{"tickets", 3}}); });
        id = read([&](soci::session& sql) { return broadcasts::of_incident(sql, number).at(0).id; });
    }
    broadcasts::progress progress() {
        return read([&](soci::session& sql) { return broadcasts::progress_of(sql, broadcasts::get(sql, id)); });
    }
};

} // namespace

TEST_CASE("everyone attached is told once, by the means they chose, and sees nobody else", "[broadcast]") {
    telling office;
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
    telling office;
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
    telling office;
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
    telling office;
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
    telling office;
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

TEST_CASE("a regression is told to those who were told that it was fixed, and to nobody else", "[broadcast]") {
    telling office;
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
        telling office;
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
    telling office;
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
            telling office;
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
    telling office;
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
    telling office;
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
    telling office;
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
    telling office;
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
    telling office;
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
        telling office;
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
    telling office;
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
    telling office;
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

TEST_CASE("five recipients are drawn, each of the incident and each once", "[broadcast]") {
    telling office;
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
    telling office;
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
