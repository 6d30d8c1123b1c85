// SPDX-License-Identifier: EUPL-1.2
#include "model/ticket_lease.hpp"

#include "model/error.hpp"
#include "model/lease_clock.hpp"
#include "model/sql_bulk.hpp"
#include "model/ticket.hpp"
#include "tests/support/samples.hpp"
#include "tests/support/temporary_database.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <mutex>
#include <set>
#include <thread>

using namespace relais;
using namespace relais::model;
using std::chrono::hours;
using tests::monday;

namespace {

// A queue, and colleagues who ask for the next ticket.
struct queue {
    tests::temporary_database database;
    queue() {
        for (const auto* login : {"anne", "paul"})
            database->write_now([&](soci::session& sql) {
                sql::change(sql,
                            "INSERT INTO user_account (login, name, role, password_hash, created_at, password_changed_at) "
                            "VALUES (:login, :name, 'agent', 'x', 0, 0)",
                            login, login);
            });
    }
    std::string open(int number, std::chrono::sys_seconds due, const std::string& department = "08") {
        auto contact = tests::sample_contact(number);
        contact.due_at = due, contact.department = department;
        return database->write_now(
            [&](soci::session& sql) { return tickets::open(sql, contact, tests::citizen_actor(), monday).reference; });
    }
    // Many more, the most urgent of all: a colleague's.
    void open_others(int from, std::size_t count) {
        database->write_now([&](soci::session& sql) {
            constexpr std::size_t columns = 17;
            std::vector<std::string> values;
            for (std::size_t i = 0; i < count; ++i) {
                auto name = std::to_string(from) + "o" + std::to_string(i);
                values.insert(values.end(), {name, "phone", "1", "1", "LOSS", "08", "Un autre", "open", "1", "information", "2", "none",
                                             name, "0", "0", "2026-12-01", "0"});
            }
            sql::change_bulk(
                sql,
                "INSERT INTO ticket (reference, channel, requester_id, subject_person_id, procedure_code, department, subject, "
                "status, is_active, legal_nature, assignee_id, dossier_link, follow_up_hash, received_at, due_at, "
                "answer_before, updated_at) VALUES " +
                    sql::placeholder_rows(count, columns),
                values);
        });
    }
    std::optional<std::string> next(std::int64_t user, const queue_filter& filter = {}) {
        return database->write_now([&](soci::session& sql) {
            return ticket_leases::take_next(sql, filter, actor{"staff", user, "Anne"}, "department=08", monday);
        });
    }
};

} // namespace

TEST_CASE("the next ticket is the most urgent one that is nobody's, and is given once", "[next]") {
    queue queue;
    auto later = queue.open(1, monday + hours(2)), urgent = queue.open(2, monday + hours(1)), far = queue.open(3, monday, "974");
    queue.database->write_now([&](soci::session& sql) { sql::change(sql, "UPDATE ticket SET assignee_id = 2 WHERE reference = :r", far); });
    CHECK(queue.next(1) == urgent);
    CHECK(queue.next(2) == far); // it is Paul's already
    CHECK(queue.next(2) == later);
    CHECK_FALSE(queue.next(1));
    auto lease = queue.database->read_now([&](soci::session& sql) { return ticket_leases::find(sql, tickets::get(sql, urgent).id); });
    REQUIRE(lease);
    CHECK(lease->holder == "anne");
    CHECK(lease->view == "department=08");
    CHECK(queue.database->read_now([](soci::session& sql) { return ticket_leases::held_by(sql, 2); }).size() == 2);
}

TEST_CASE("the next ticket is found behind any number of colleagues' tickets", "[next]") {
    queue queue;
    auto free = queue.open(1, monday + hours(2)), own = queue.open(2, monday + hours(1));
    for (int i = 0; i < 3; ++i) queue.open_others(i, 700);
    queue.database->write_now([&](soci::session& sql) { sql::change(sql, "UPDATE ticket SET assignee_id = 1 WHERE reference = :r", own); });
    CHECK(queue.next(1) == own);
    CHECK(queue.next(1) == free);
    CHECK_FALSE(queue.next(1));
    CHECK(queue.next(2)); // they are Paul's
}

TEST_CASE("the next ticket of a view is its most urgent one, however the view is sorted, and of whom the view is", "[next]") {
    queue queue;
    auto urgent = queue.open(1, monday + hours(1)), newest = queue.open(2, monday + hours(2)), pauls = queue.open(3, monday);
    queue.database->write_now(
        [&](soci::session& sql) { sql::change(sql, "UPDATE ticket SET assignee_id = 2 WHERE reference = :r", pauls); });
    queue_filter view;
    view.order = "newest", view.unassigned = true;
    CHECK(queue.next(2, view) == urgent);
    view.unassigned = false, view.assignee = 2;
    CHECK_FALSE(queue.next(1, view)); // a colleague's are not given
    CHECK(queue.next(2, view) == pauls);
    CHECK_FALSE(queue.next(2, view));
    CHECK(queue.next(1) == newest);
}

TEST_CASE("a ticket given back, or kept too long, is given again", "[next]") {
    queue queue;
    auto only = queue.open(1, monday);
    queue_filter elsewhere;
    elsewhere.department = "974";
    CHECK_FALSE(queue.next(1, elsewhere));
    CHECK(queue.next(1) == only);
    auto give_back = [&](std::int64_t user) {
        return queue.database->write_now([&](soci::session& sql) {
            return ticket_leases::release(sql, tickets::get(sql, only).id, actor{"staff", user, "x"}, monday);
        });
    };
    CHECK_FALSE(give_back(2)); // it is not theirs to give
    CHECK(give_back(1));
    CHECK(queue.next(2) == only);
    queue.database->write_now([](soci::session& sql) { sql::change(sql, "UPDATE ticket_lease SET until_at = 1"); }); // time passes
    CHECK(queue.next(1) == only);
}

TEST_CASE("sixteen colleagues who ask at the same moments are never given the same ticket", "[next][race]") {
    queue queue;
    constexpr int tickets_count = 160, people = 16;
    for (int i = 1; i <= tickets_count; ++i) queue.open(i, monday + std::chrono::minutes(i % 7));
    auto options = queue.database.options();
    options.sessions = people; // many transactions at once
    auto server = options.is_mariadb() ? open_database(options) : nullptr;
    auto& shared = server ? *server : *queue.database;
    std::mutex mutex;
    std::multiset<std::string> given;
    auto ask = [&](std::int64_t user) {
        for (;;) {
            try {
                auto found = shared.write_now([&](soci::session& sql) {
                    return ticket_leases::take_next(sql, {}, actor{"staff", user, "x"}, "", monday);
                });
                if (!found) return;
                std::lock_guard lock(mutex);
                given.insert(*found);
            } catch (const busy&) {
                continue; // nothing was written: the same again
            }
        }
    };
    std::vector<std::thread> all;
    for (int i = 1; i <= people; ++i) all.emplace_back(ask, i);
    for (auto& each : all) each.join();
    CHECK(given.size() == tickets_count);
    CHECK(std::set<std::string>(given.begin(), given.end()).size() == tickets_count);
}
