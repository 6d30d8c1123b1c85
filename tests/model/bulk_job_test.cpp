// SPDX-License-Identifier: EUPL-1.2
#include "model/bulk_job.hpp"

#include "model/error.hpp"
#include "model/sql.hpp"
#include "tests/support/samples.hpp"
#include "tests/support/temporary_database.hpp"

#include <catch2/catch.hpp>

#include <thread>

using namespace relais;
using namespace relais::model;
using tests::monday;

namespace {

// A queue of tickets, and Anne who treats many at once.
struct bulk_office {
    tests::temporary_database database;
    const actor anne{"staff", 1, "Anne", "conseillère"};
    std::vector<std::int64_t> tickets;

    explicit bulk_office(int count) {
        database->write_now([&](soci::session& sql) {
            sql::change(sql, "INSERT INTO user_account (login, name, role, password_hash, created_at, password_changed_at) "
                             "VALUES ('anne', 'Anne', 'agent', 'x', 0, 0)");
            for (int i = 1; i <= count; ++i)
                tickets.push_back(tickets::open(sql, tests::sample_contact(i), tests::citizen_actor(), monday).id);
        });
    }
    std::int64_t start(const std::string& action, nlohmann::json argument, const std::string& key = "k") {
        return database->write_now([&](soci::session& sql) {
            return bulk_jobs::start(sql, {key, action, std::move(argument), tickets}, anne, monday);
        });
    }
    static std::string fill(soci::session&, const ticket& on, const std::string& text, const std::string&) {
        return text + " " + on.reference;
    }
    bool next(std::int64_t job) { return bulk_jobs::do_next(*database, job, fill, monday); }
    void run(std::int64_t job) {
        while (next(job)) {
        }
    }
    std::int64_t count(const std::string& what) {
        return database->read_now([&](soci::session& sql) { return *sql::first<std::int64_t>(sql, "SELECT COUNT(*) FROM " + what); });
    }
    bulk_job get(std::int64_t id) {
        return database->read_now([&](soci::session& sql) { return bulk_jobs::get(sql, id); });
    }
};

} // namespace

TEST_CASE("five hundred answers stopped half-way and taken up after a restart are one message each", "[bulk]") {
    bulk_office office(500);
    auto job = office.start("answer", {{"body", "Bonjour"}});
    CHECK(office.start("answer", {{"body", "Bonjour"}}) == job); // the form was sent twice
    for (int i = 0; i < 250; ++i) REQUIRE(office.next(job));
    auto steer = [&](bool resumes) {
        office.database->write_now([&](soci::session& sql) {
            resumes ? bulk_jobs::resume(sql, job, office.anne, monday) : bulk_jobs::stop(sql, job, office.anne, monday);
        });
    };
    steer(false);
    CHECK_FALSE(office.next(job));
    CHECK_THROWS_AS(steer(false), conflict);
    CHECK(office.count("message WHERE kind = 'reply'") == 250);
    // Killed in the middle of a ticket: its transaction leaves no trace.
    steer(true);
    auto crash = [](soci::session&, const ticket&, const std::string&, const std::string&) -> std::string {
        throw std::runtime_error("the power failed");
    };
    CHECK_THROWS_AS(bulk_jobs::do_next(*office.database, job, crash, monday), std::runtime_error);
    CHECK(office.count("message WHERE kind = 'reply'") == 250);
    office.database.reopen();
    // Taken up by two nodes at once.
    std::thread other([&] { office.run(job); });
    office.run(job);
    other.join();
    CHECK(office.get(job).state == "done");
    CHECK(office.get(job).done == 500);
    CHECK(office.count("message WHERE kind = 'reply'") == 500);
    CHECK(office.count("(SELECT DISTINCT ticket_id FROM message WHERE kind = 'reply') AS each_one") == 500);
    CHECK(office.count("outbox WHERE kind = 'reply'") == 500);
    CHECK_THROWS_AS(steer(true), conflict);
}

TEST_CASE("a ticket that refuses the action is told with its reason, and holds up nobody", "[bulk]") {
    bulk_office office(4);
    office.database->write_now([&](soci::session& sql) {
        auto one = tickets::get(sql, office.tickets[1]);
        tickets::close(sql, {one.reference, 0, office.anne, monday}, "no_dossier", "");
    });
    auto job = office.start("assignment", {{"assignee", 1}});
    office.run(job);
    CHECK(office.get(job).done == 3);
    CHECK(office.get(job).refused == 1);
    auto refused = office.database->read_now([&](soci::session& sql) { return bulk_jobs::refusals(sql, job); });
    REQUIRE(refused.size() == 1);
    CHECK(refused[0].reason == "conflict.status");
    CHECK(office.count("ticket WHERE assignee_id = 1") == 3);
}

TEST_CASE("categories and closings are given to many, and an unknown one to nobody", "[bulk]") {
    bulk_office office(3);
    office.run(office.start("category", {{"category", "CIV-01"}}, "one"));
    CHECK(office.count("ticket WHERE category = 'CIV-01' AND category_state = 'confirmed'") == 3);
    auto wrong = office.start("category", {{"category", "XXX-01"}}, "two");
    office.run(wrong);
    CHECK(office.get(wrong).refused == 3);
    CHECK(office.get(wrong).state == "done");
    office.run(office.start("closure", {{"reason", "no_dossier"}, {"text", "Au revoir"}}, "three"));
    CHECK(office.count("ticket WHERE status = 'closed'") == 3);
    CHECK(office.count("message WHERE body LIKE 'Au revoir %'") == 3);
}

TEST_CASE("the guard against filing again holds for many answers too", "[bulk]") {
    bulk_office office(2);
    office.database->write_now(
        [&](soci::session& sql) { sql::change(sql, "UPDATE ticket SET dossier_id = 1 WHERE id = :id", office.tickets[0]); });
    auto job = office.start("answer", {{"body", "Refaites votre demande."}});
    office.run(job);
    CHECK(office.get(job).done == 1);
    CHECK(office.get(job).refused == 1);
}

TEST_CASE("a job is for at least one ticket, of a view or of references, each once", "[bulk]") {
    bulk_office office(3);
    auto of = [&](const queue_filter& view) {
        return office.database->read_now([&](soci::session& sql) { return bulk_jobs::tickets_of(sql, view); });
    };
    CHECK(of({}).size() == 3);
    queue_filter elsewhere;
    elsewhere.department = "2A";
    CHECK(of(elsewhere).empty());
    auto named = office.database->read_now([&](soci::session& sql) {
        auto reference = tickets::get(sql, office.tickets[0]).reference;
        return bulk_jobs::tickets_of(sql, std::vector<std::string>{reference, reference, "26-0000-0000"});
    });
    CHECK(named.size() == 1);
    office.tickets.clear();
    CHECK_THROWS_AS(office.start("assignment", {{"assignee", 1}}), invalid);
}
