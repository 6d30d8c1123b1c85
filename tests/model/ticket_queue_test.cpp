// SPDX-License-Identifier: EUPL-1.2
#include "model/ticket_queue.hpp"

#include "model/error.hpp"
#include "model/sql.hpp"
#include "model/ticket.hpp"
#include "tests/support/incident_office.hpp"
#include "tests/support/temporary_database.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <numeric>
#include <set>

using namespace relais;
using namespace relais::model;
using std::chrono::hours;
using tests::monday;

namespace {

// 130 tickets over three departments, several due at the same second.
void fill(tests::temporary_database& database) {
    database->write_now([](soci::session& sql) {
        for (int i = 1; i <= 130; ++i) {
            auto contact = tests::sample_contact(i);
            contact.due_at = monday + hours((i * 7) % 20);
            contact.department = i % 3 == 0 ? "974" : i % 3 == 1 ? "08" : "2A";
            contact.procedure = i % 2 == 0 ? "RENEWAL" : "LOSS";
            tickets::open(sql, contact, tests::citizen_actor(), monday + hours(i % 5));
        }
        sql::change(sql, "UPDATE ticket SET status = 'closed', is_active = 0 WHERE id <= 20");
        sql::change(sql, "UPDATE ticket SET status = 'waiting', is_active = 0 WHERE id > 20 AND id <= 30");
    });
}

// Every page, one after the other.
std::vector<queue_line> walk(tests::temporary_database& database, const queue_filter& filter, int size) {
    std::vector<queue_line> out;
    for (std::string after;;) {
        auto page = database->read_now([&](soci::session& sql) { return ticket_queue::list(sql, filter, after, size); });
        CHECK(static_cast<int>(page.lines.size()) <= size);
        out.insert(out.end(), page.lines.begin(), page.lines.end());
        if (page.next.empty()) return out;
        after = page.next;
    }
}

std::set<std::int64_t> ids(const std::vector<queue_line>& lines) {
    std::set<std::int64_t> out;
    for (const auto& each : lines) out.insert(each.id);
    return out;
}

queue_filter with(const std::string& status, const std::string& department = "", const std::string& procedure = "") {
    queue_filter out;
    out.status = status, out.department = department, out.procedure = procedure;
    return out;
}

} // namespace

TEST_CASE("the queue shows new and open tickets, the most urgent first, each once whatever the page", "[queue]") {
    tests::temporary_database database;
    fill(database);
    for (auto size : {1, 7, 50, 200}) {
        INFO(size);
        auto lines = walk(database, {}, size);
        CHECK(lines.size() == 100);
        CHECK(ids(lines).size() == 100);
        CHECK(std::is_sorted(lines.begin(), lines.end(),
                             [](const auto& a, const auto& b) { return std::tie(a.due_at, a.id) < std::tie(b.due_at, b.id); }));
    }
}

TEST_CASE("filters join, and closed tickets come newest first", "[queue]") {
    tests::temporary_database database;
    fill(database);
    CHECK(walk(database, with("closed"), 6).size() == 20);
    auto closed = walk(database, with("closed"), 6);
    CHECK(std::is_sorted(closed.begin(), closed.end(),
                         [](const auto& a, const auto& b) { return std::tie(a.received_at, a.id) > std::tie(b.received_at, b.id); }));
    CHECK(walk(database, with("waiting"), 6).size() == 10);
    CHECK(walk(database, with(""), 6).size() == 130);
    std::size_t sum = 0;
    for (auto department : {"974", "08", "2A"})
        for (auto procedure : {"RENEWAL", "LOSS"}) {
            auto lines = walk(database, with("active", department, procedure), 5);
            for (const auto& each : lines) CHECK((each.department == department && each.procedure_code == procedure));
            sum += lines.size();
            for (auto order : {"legal", "newest", "touched"}) { // the same, in another order
                auto filter = with("active", department, procedure);
                filter.order = order;
                CHECK(ids(walk(database, filter, 5)) == ids(lines));
            }
        }
    CHECK(sum == 100);
    CHECK(walk(database, with("active", "75"), 6).empty());
    CHECK(walk(database, with("' OR 1=1 --"), 6).empty());
}

TEST_CASE("what is to be done and what waits make one list, each ticket once whatever the page", "[queue]") {
    tests::temporary_database database;
    fill(database);
    auto filter = with("unclosed");
    for (auto size : {1, 7, 200}) {
        INFO(size);
        auto lines = walk(database, filter, size);
        CHECK(ids(lines).size() == 110);
        CHECK(lines.size() == 110);
        CHECK(std::is_sorted(lines.begin(), lines.end(),
                             [](const auto& a, const auto& b) { return std::tie(a.due_at, a.id) < std::tie(b.due_at, b.id); }));
    }
    filter.order = "newest";
    auto newest = walk(database, filter, 7);
    CHECK(newest.size() == 110);
    CHECK(std::is_sorted(newest.begin(), newest.end(),
                         [](const auto& a, const auto& b) { return std::tie(a.received_at, a.id) > std::tie(b.received_at, b.id); }));
    auto counted = database->read_now([&](soci::session& sql) { return ticket_queue::count(sql, filter); });
    CHECK(counted == 110);
    std::vector<std::int64_t> all(130);
    std::iota(all.begin(), all.end(), 1);
    CHECK(database->read_now([&](soci::session& sql) { return ticket_queue::among(sql, filter, all); }).size() == 110);
}

TEST_CASE("what changed since then comes in the order in which it changed", "[queue]") {
    tests::temporary_database database;
    fill(database);
    queue_filter filter = with("");
    filter.updated_since = monday + hours(3);
    auto lines = walk(database, filter, 9);
    CHECK(lines.size() == 52);
    CHECK(std::is_sorted(lines.begin(), lines.end(),
                         [](const auto& a, const auto& b) { return std::tie(a.updated_at, a.id) < std::tie(b.updated_at, b.id); }));
}

TEST_CASE("the tickets of an incident come in every order, page by page", "[queue]") {
    tests::incident_office office;
    auto number = office.incident(), other = office.incident();
    std::vector<std::int64_t> linked;
    for (int i = 0; i < 12; ++i) {
        if (i % 3) office.now += std::chrono::minutes(1); // some at the same second
        auto id = office.ticket();
        office.link(id, i % 4 ? number : other);
        if (i % 4) linked.push_back(id);
    }
    office.write([&](soci::session& sql) {
        sql::change(sql, "UPDATE ticket SET status = 'closed', is_active = 0 WHERE id IN (:one, :two)", linked[1], linked[5]);
    });
    auto found = [&](const std::string& status, const std::string& order) {
        auto filter = with(status);
        filter.incident = number, filter.order = order;
        std::vector<std::int64_t> out;
        for (const auto& each : walk(office.database, filter, 2)) out.push_back(each.id);
        return out;
    };
    CHECK(found("", "oldest") == linked);
    CHECK(found("", "newest") == std::vector(linked.rbegin(), linked.rend()));
    CHECK(found("closed", "oldest") == std::vector{linked[1], linked[5]});
    for (const auto* order : {"due", "legal", "oldest", "newest", "touched"}) {
        INFO(order);
        CHECK(found("", order).size() == linked.size());
        CHECK(found("active", order).size() == linked.size() - 2);
    }
}

TEST_CASE("tickets of somebody, of nobody, of a search", "[queue]") {
    tests::temporary_database database;
    fill(database);
    database->write_now([](soci::session& sql) { sql::change(sql, "UPDATE ticket SET assignee_id = 5 WHERE id > 120"); });
    queue_filter filter;
    filter.assignee = 5;
    CHECK(walk(database, filter, 3).size() == 10);
    filter = {}, filter.unassigned = true;
    CHECK(walk(database, filter, 30).size() == 90);
    auto among = [&](const queue_filter& which, const std::vector<std::int64_t>& found) {
        std::vector<std::int64_t> out;
        for (const auto& line : database->read_now([&](soci::session& sql) { return ticket_queue::among(sql, which, found); }))
            out.push_back(line.id);
        return out;
    };
    CHECK(among(with(""), {}).empty());
    CHECK(among(with(""), {130, 1, 40, 5000}) == std::vector<std::int64_t>{130, 1, 40}); // in the order of the search
    filter = with(""), filter.assignee = 5;
    CHECK(among(filter, {1, 125}) == std::vector<std::int64_t>{125});
}

TEST_CASE("a cursor that is not one of ours is a fault", "[queue]") {
    tests::temporary_database database;
    for (auto after : {"x", "u", "u1", "u1.", "u.1", "u1.2x", "u1 .2", "n1.2", "u9999999999999999999999.1"}) {
        INFO(after);
        CHECK_THROWS_AS(database->read_now([&](soci::session& sql) { ticket_queue::list(sql, {}, after, 10); }), invalid);
    }
}

TEST_CASE("counting stops at a thousand", "[queue]") {
    tests::temporary_database database;
    fill(database);
    auto count = [&](const queue_filter& filter) {
        return database->read_now([&](soci::session& sql) { return ticket_queue::count(sql, filter); });
    };
    CHECK(count({}) == 100);
    CHECK(count(with("active", "974")) == 33);
    database->write_now([](soci::session& sql) {
        for (int i = 1000; i < 2000; ++i) tickets::open(sql, tests::sample_contact(i), tests::citizen_actor(), monday);
    });
    CHECK(count({}) == 1000);
}
