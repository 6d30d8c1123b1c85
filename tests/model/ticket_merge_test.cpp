// SPDX-License-Identifier: EUPL-1.2
#include "model/ticket_merge.hpp"

#include "model/call_report.hpp"
#include "model/error.hpp"
#include "model/message.hpp"
#include "model/sql.hpp"
#include "model/ticket_wait.hpp"
#include "tests/support/samples.hpp"
#include "tests/support/temporary_database.hpp"

#include <catch2/catch.hpp>

using namespace relais;
using namespace relais::model;
using tests::monday;

namespace {

struct desk {
    tests::temporary_database database;
    std::string one = open(1, "zoe@example.test"), two = open(2, "Zoe@Example.test"), other = open(3, "jean@example.test", "+33639980000");

    std::string open(int number, const std::string& email, const std::string& phone = "+33639981234") {
        auto contact = tests::sample_contact(number);
        contact.requester.email = email, contact.requester.phone = phone;
        return database->write_now(
            [&](soci::session& sql) { return tickets::open(sql, contact, tests::citizen_actor(), monday).reference; });
    }
    tickets::action act(const std::string& on, std::int64_t version = 0) { return {on, version, tests::agent_actor(), monday}; }
    ticket get(const std::string& reference) {
        return database->read_now([&](soci::session& sql) { return tickets::get(sql, reference); });
    }
    void merge(const std::string& from, const std::string& into, std::int64_t version = 0) {
        database->write_now([&](soci::session& sql) { tickets::merge(sql, act(from, version), into); });
    }
    void unmerge(const std::string& reference, std::chrono::sys_seconds now = monday) {
        database->write_now([&](soci::session& sql) { tickets::unmerge(sql, {reference, 0, tests::agent_actor(), now}); });
    }
    void close(const std::string& reference, std::chrono::sys_seconds now) {
        database->write_now([&](soci::session& sql) { tickets::close(sql, {reference, 0, tests::agent_actor(), now}, "answered", ""); });
    }
    std::vector<ticket_wait> waits(const std::string& reference) {
        return database->read_now([&](soci::session& sql) { return ticket_waits::of(sql, tickets::get(sql, reference).id); });
    }
    std::vector<message> thread(const std::string& reference) {
        return database->read_now([&](soci::session& sql) { return messages::of(sql, tickets::get(sql, reference).id, true); });
    }
    std::optional<ticket> follow(const std::string& reference) {
        return database->read_now([&](soci::session& sql) { return tickets::find_by_follow_up(sql, "hash-" + reference, 30, monday); });
    }
    std::string split(const std::string& on, std::vector<std::int64_t> messages) {
        auto draw = [] { return ticket_name{"26-AAAA-BBB9", "hash-26-AAAA-BBB9"}; };
        return database->write_now([&](soci::session& sql) { return tickets::split(sql, act(on), messages, {}, draw); });
    }
};

} // namespace

TEST_CASE("two tickets of one person become one thread, and the link of either opens it", "[merge]") {
    desk desk;
    desk.merge(desk.two, desk.one);
    CHECK(desk.get(desk.two).status == "merged");
    CHECK(desk.thread(desk.one).size() == 2);
    CHECK(desk.follow(desk.two)->reference == desk.one);
    CHECK(desk.get(desk.one).version == 2); // whoever looked at it must see the change
    desk.database->write_now([&](soci::session& sql) { tickets::unmerge(sql, desk.act(desk.two)); });
    CHECK(desk.get(desk.two).status == "new");
    CHECK(desk.thread(desk.one).size() == 1);
    CHECK(desk.follow(desk.two)->reference == desk.two);
}

TEST_CASE("what one person wrote is never joined to another's request, nor to one that has ended", "[merge]") {
    desk desk;
    CHECK_THROWS_AS(desk.merge(desk.two, desk.other), invalid);
    CHECK_THROWS_AS(desk.merge(desk.two, desk.two), invalid);
    CHECK_THROWS_AS(desk.merge(desk.two, "26-0000-0000"), invalid);
    desk.database->write_now([&](soci::session& sql) { tickets::close(sql, desk.act(desk.one), "answered", ""); });
    CHECK_THROWS_AS(desk.merge(desk.two, desk.one), invalid);
    CHECK(desk.get(desk.two).status == "new");
    CHECK(desk.get(desk.two).version == 1); // a refusal leaves no trace
}

TEST_CASE("a merged ticket takes no other action, and cannot be parted twice", "[merge]") {
    desk desk;
    desk.merge(desk.two, desk.one, 1);
    CHECK_THROWS_AS(desk.merge(desk.two, desk.one), conflict);
    CHECK_THROWS_AS(desk.database->write_now([&](soci::session& sql) { tickets::note(sql, desk.act(desk.two), "x"); }), conflict);
    desk.database->write_now([&](soci::session& sql) { tickets::unmerge(sql, desk.act(desk.two)); });
    CHECK_THROWS_AS(desk.database->write_now([&](soci::session& sql) { tickets::unmerge(sql, desk.act(desk.two)); }), conflict);
    CHECK_THROWS_AS(desk.merge(desk.two, desk.one, 1), conflict); // an old version
}

TEST_CASE("tickets merged into a ticket follow it when it is merged in its turn", "[merge]") {
    desk desk;
    auto third = desk.open(4, "zoe@example.test");
    desk.merge(desk.two, desk.one);
    desk.merge(desk.one, third);
    CHECK(desk.thread(third).size() == 3);
    CHECK(desk.follow(desk.two)->reference == third);
    auto reads = [&](const std::string& one, const std::string& other) {
        return desk.database->read_now(
            [&](soci::session& sql) { return tickets::is_read_with(sql, tickets::get(sql, one).id, tickets::get(sql, other).id); });
    };
    CHECK(reads(desk.two, third));
    CHECK(reads(desk.two, desk.one));
    CHECK_FALSE(reads(desk.one, desk.two));
}

TEST_CASE("parting the middle of a chain takes along what was merged into it", "[merge]") {
    desk desk;
    auto third = desk.open(4, "zoe@example.test");
    desk.merge(desk.two, desk.one);
    desk.merge(desk.one, third);
    desk.unmerge(desk.one);
    CHECK(desk.get(desk.one).status == "new");
    CHECK(desk.thread(third).size() == 1);
    CHECK(desk.thread(desk.one).size() == 2);
    CHECK(desk.get(desk.two).status == "merged");
    CHECK(desk.follow(desk.two)->reference == desk.one);
    desk.merge(desk.one, third);
    auto seen = desk.get(third).version;
    desk.unmerge(desk.two); // out of the middle, while the rest stays read together
    CHECK(desk.thread(third).size() == 2);
    CHECK(desk.get(third).version == seen + 1);
    CHECK(desk.follow(desk.two)->reference == desk.two);
}

TEST_CASE("of two closed tickets the one that ended first is read with the other, which stays closed", "[merge]") {
    desk desk;
    desk.close(desk.two, monday), desk.close(desk.one, monday + std::chrono::hours(1));
    CHECK_THROWS_AS(desk.merge(desk.one, desk.two), invalid);
    desk.merge(desk.two, desk.one);
    CHECK(desk.get(desk.one).status == "closed");
    CHECK(desk.thread(desk.one).size() == 2);
    desk.unmerge(desk.two, monday + std::chrono::hours(2));
    CHECK(desk.get(desk.two).status == "closed");
    CHECK(desk.get(desk.two).closed_at == monday);
    REQUIRE(desk.waits(desk.two).size() == 1);
    CHECK(desk.waits(desk.two)[0].began_at == monday);
    CHECK_FALSE(desk.waits(desk.two)[0].ended_at);
}

TEST_CASE("a wait goes on where it was when its ticket is parted, and is not hurried when it fell due meanwhile", "[merge]") {
    desk desk;
    using namespace std::chrono_literals;
    desk.database->write_now([&](soci::session& sql) {
        ticket_waits::begin(sql, desk.act(desk.two), "external_owner", "La préfecture");
        sql::change(sql, "UPDATE ticket_wait SET reminders = 1, next_at = :next", monday + 72h); // as the clocks do
    });
    desk.merge(desk.two, desk.one);
    CHECK(desk.waits(desk.two)[0].ended_at == monday);
    desk.unmerge(desk.two, monday + 1h);
    auto waits = desk.waits(desk.two);
    REQUIRE(waits.size() == 1);
    CHECK(std::tie(waits[0].detail, waits[0].reminders) == std::tuple("La préfecture", 1));
    CHECK(waits[0].began_at == monday);
    CHECK(waits[0].next_at == monday + 72h);
    CHECK_FALSE(waits[0].ended_at);
    desk.merge(desk.two, desk.one);
    desk.unmerge(desk.two, monday + 100h);
    waits = desk.waits(desk.two);
    REQUIRE(waits.size() == 2);
    CHECK(std::tie(waits[1].detail, waits[1].reminders) == std::tuple("La préfecture", 1));
    CHECK(waits[1].began_at == monday + 100h);
}

TEST_CASE("what is split off was received when it was written, and its dates are announced from there", "[merge]") {
    using namespace std::chrono_literals;
    desk desk;
    auto later = monday + 21 * 24h;
    desk.database->write_now([&](soci::session& sql) {
        tickets::write_back(sql, {desk.one, 0, tests::citizen_actor(), later}, "Autre chose : ma photo", "");
        tickets::note(sql, {desk.one, 0, tests::agent_actor(), later - 1h}, "À part");
    });
    auto thread = desk.thread(desk.one);
    auto made = desk.get(desk.split(desk.one, {thread[1].id, thread[2].id}));
    CHECK(made.received_at == later); // not when a colleague wrote about it
    CHECK(made.answer_before == "2026-12-21");
    CHECK(made.implicit_on == "2027-02-14");
    CHECK(made.due_at > later);
    auto before = desk.get(desk.one);
    CHECK(std::tie(before.answer_before, before.implicit_on, before.received_at) == std::tuple("2026-11-30", "2027-01-23", monday));
}

TEST_CASE("messages about something else go to a new ticket that is acknowledged", "[merge]") {
    desk desk;
    desk.database->write_now([&](soci::session& sql) { tickets::write_back(sql, desk.act(desk.one), "Autre chose : ma photo", ""); });
    auto thread = desk.thread(desk.one);
    CHECK_THROWS_AS(desk.split(desk.one, {}), invalid);
    CHECK_THROWS_AS(desk.split(desk.one, {thread[0].id, thread[1].id}), invalid);  // nothing would be left
    CHECK_THROWS_AS(desk.split(desk.one, {desk.thread(desk.two)[0].id}), invalid); // another ticket's
    auto made = desk.split(desk.one, {thread[1].id, thread[1].id});
    CHECK(desk.thread(desk.one).size() == 1);
    REQUIRE(desk.thread(made).size() == 1);
    CHECK(desk.thread(made)[0].body == "Autre chose : ma photo");
    CHECK(desk.get(made).requester_id == desk.get(desk.one).requester_id);
    CHECK(desk.follow(made)->reference == made);
    auto waiting = desk.database->read_now([&](soci::session& sql) {
        return *sql::first<std::int64_t>(sql, "SELECT COUNT(*) FROM outbox WHERE kind = 'acknowledgement' AND ticket_id = :id",
                                         desk.get(made).id);
    });
    CHECK(waiting == 1);
}

TEST_CASE("of two tickets that are split, each was first answered by what it holds", "[merge]") {
    using namespace std::chrono_literals;
    desk desk;
    auto say = [&](const char* words, std::chrono::seconds after) {
        desk.database->write_now([&](soci::session& sql) {
            tickets::reply(sql, {desk.one, 0, tests::agent_actor(), monday + after}, words);
        });
    };
    auto ask = [&](const char* words, std::chrono::seconds after) {
        desk.database->write_now([&](soci::session& sql) {
            tickets::write_back(sql, {desk.one, 0, tests::citizen_actor(), monday + after}, words, "");
        });
    };
    ask("Autre chose : ma photo", 1h), say("Votre photo est bonne.", 2h);
    REQUIRE(desk.get(desk.one).first_reply_at == monday + 2h);
    auto thread = desk.thread(desk.one);
    auto split = [&](std::vector<std::int64_t> messages, std::chrono::seconds after) {
        auto draw = [] { return ticket_name{"26-AAAA-BBB9", "hash-26-AAAA-BBB9"}; };
        tickets::action act{desk.one, 0, tests::agent_actor(), monday + after};
        return desk.database->write_now([&](soci::session& sql) { return tickets::split(sql, act, messages, {}, draw); });
    };
    CHECK_THROWS_AS(split({thread[1].id, thread[2].id}, 2h + 5s), invalid); // its author may still take it back
    SECTION("the answer goes with its question") {
        auto made = split({thread[1].id, thread[2].id}, 3h);
        CHECK(desk.get(made).first_reply_at == monday + 2h);
        CHECK_FALSE(desk.get(desk.one).first_reply_at);
        say("Et voici pour votre date.", 4h);
        CHECK(desk.get(desk.one).first_reply_at == monday + 4h);
    }
    SECTION("the answer stays") {
        auto made = split({thread[1].id}, 3h);
        CHECK_FALSE(desk.get(made).first_reply_at);
        CHECK(desk.get(desk.one).first_reply_at == monday + 2h);
    }
    SECTION("a later answer is the first of what is left") {
        say("Et voici pour votre date.", 4h);
        auto made = split({thread[1].id, thread[2].id}, 5h);
        CHECK(desk.get(made).first_reply_at == monday + 2h);
        CHECK(desk.get(desk.one).first_reply_at == monday + 4h);
    }
    SECTION("what was said before the question answers it not") {
        ask("Et mon adresse ?", 4h);
        auto made = split({thread[2].id, desk.thread(desk.one)[3].id}, 5h);
        CHECK_FALSE(desk.get(made).first_reply_at);
        CHECK_FALSE(desk.get(desk.one).first_reply_at);
    }
    SECTION("merged again and parted, they are what they were") {
        auto made = split({thread[1].id, thread[2].id}, 3h);
        auto before = std::pair(desk.get(desk.one).first_reply_at, desk.get(made).first_reply_at);
        desk.merge(made, desk.one);
        CHECK(desk.thread(desk.one).size() == 3);
        desk.unmerge(made);
        CHECK(std::pair(desk.get(desk.one).first_reply_at, desk.get(made).first_reply_at) == before);
    }
}

TEST_CASE("a call goes with the words that were written of it", "[merge]") {
    using namespace std::chrono_literals;
    desk desk;
    auto called = desk.database->write_now([&](soci::session& sql) {
        call what;
        what.outcome = "answered", what.state = "ended", what.started_at_us = seconds(monday) * 1'000'000;
        auto id = calls::add(sql, what, {}, monday).public_id;
        call_report report;
        report.reference = desk.one, report.said = "Ma photo est refusée.", report.answered = "Elle est acceptée.";
        call_reports::write(sql, id, report, tests::agent_actor(), monday + 1h);
        return id;
    });
    auto thread = desk.thread(desk.one);
    auto made = desk.split(desk.one, {thread[1].id, thread[2].id});
    auto ticket = desk.database->read_now([&](soci::session& sql) { return calls::get(sql, called).ticket_id; });
    CHECK(ticket == desk.get(made).id);
    CHECK(desk.get(made).first_reply_at == monday + 1h);
    CHECK_FALSE(desk.get(desk.one).first_reply_at);
}
