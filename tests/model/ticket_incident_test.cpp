// SPDX-License-Identifier: EUPL-1.2
#include "model/ticket_incident.hpp"

#include "model/error.hpp"
#include "model/incident_grouper.hpp"
#include "model/ticket_wait.hpp"
#include "tests/support/incident_office.hpp"

#include <catch2/catch.hpp>

using namespace relais;
using namespace relais::model;

namespace {

// Tickets that wait for incidents.
struct waiting_room : tests::incident_office {
    tickets::action on(std::int64_t ticket) {
        auto reference =
            read([&](soci::session& sql) { return *sql::first<std::string>(sql, "SELECT reference FROM ticket WHERE id = :id", ticket); });
        return {reference, 0, tests::resolver_actor(), now};
    }
    void wait(std::int64_t ticket, std::int64_t incident) {
        write([&](soci::session& sql) { tickets::await(sql, on(ticket), "incident", std::to_string(incident)); });
    }
    std::int64_t waiting(std::int64_t incident) {
        auto opened = ticket();
        wait(opened, incident);
        return opened;
    }
    // The number waited for; 0: nothing.
    std::int64_t awaited(std::int64_t ticket) {
        return read([&](soci::session& sql) {
            auto status = *sql::first<std::string>(sql, "SELECT status FROM ticket WHERE id = :id", ticket);
            auto wait = ticket_waits::current(sql, ticket);
            return status == "waiting" && wait ? std::stoll(wait->detail) : 0LL;
        });
    }
    template <class Action> void act(std::int64_t number, Action what) {
        write([&](soci::session& sql) { what(sql, by(number)); });
    }
};

} // namespace

TEST_CASE("a ticket that is to wait for an incident is evidence of it, and its fix moves it on", "[waiting]") {
    waiting_room room;
    auto number = room.incident(), other = room.incident();
    auto ticket = room.waiting(number), elsewhere = room.waiting(other);
    CHECK(room.report(ticket).incident_id == number);
    CHECK(room.report(ticket).decided_by == "person");
    CHECK(room.awaited(ticket) == number);
    room.act(number, [&](auto& sql, auto act) { incidents::fix(sql, act, room.now, "4.12"); });
    CHECK(room.awaited(ticket) == 0);
    CHECK(room.awaited(elsewhere) == other);
}

TEST_CASE("what a rule holds for an incident moves on with its fix too, being evidence of it or not", "[waiting]") {
    waiting_room room;
    auto number = room.incident(), into = room.incident(), ticket = room.ticket();
    room.write([&](soci::session& sql) { ticket_waits::begin(sql, room.on(ticket), "incident", std::to_string(number)); });
    room.act(number, [&](auto& sql, auto act) { incidents::merge(sql, act, into); });
    CHECK(room.awaited(ticket) == into);
    room.act(into, [&](auto& sql, auto act) { incidents::fix(sql, act, room.now, "4.12"); });
    CHECK(room.awaited(ticket) == 0);
}

TEST_CASE("what is to wait for an incident that became part of another waits for the other", "[waiting]") {
    waiting_room room;
    auto number = room.incident(), middle = room.incident(), into = room.incident(), ruled = room.ticket(), asked = room.ticket();
    room.act(number, [&](auto& sql, auto act) { incidents::merge(sql, act, middle); });
    room.act(middle, [&](auto& sql, auto act) { incidents::merge(sql, act, into); });
    auto begin = [&](std::int64_t ticket) {
        room.write([&](soci::session& sql) { ticket_waits::begin(sql, room.on(ticket), "incident", std::to_string(number)); });
    };
    begin(ruled);
    CHECK(room.awaited(ruled) == into);
    room.wait(asked, number);
    CHECK(room.awaited(asked) == into);
    CHECK(room.report(asked).incident_id == into);
    room.act(into, [&](auto& sql, auto act) { incidents::fix(sql, act, room.now, "4.12"); });
    CHECK(room.awaited(ruled) == 0);
    CHECK_THROWS_AS(begin(room.ticket()), invalid); // it is over, as the one that is left is
}

TEST_CASE("what a rule holds for an incident waits for what the machine makes it part of", "[waiting]") {
    waiting_room room;
    auto from = room.incident("watched"), into = room.incident("watched"), ticket = room.ticket();
    room.link(room.ticket(), from), room.link(room.ticket(), into);
    room.write([&](soci::session& sql) { ticket_waits::begin(sql, room.on(ticket), "incident", std::to_string(from)); });
    CHECK(room.awaited(ticket) == from);
    grouping::engine engine;
    room.write([&](soci::session& sql) {
        return grouping_batch::consolidate(sql, engine, {{from, into, std::nullopt, std::nullopt, 0.99}}, {}, room.now);
    });
    CHECK(room.awaited(ticket) == into);
}

TEST_CASE("nothing waits for an incident that is over", "[waiting]") {
    waiting_room room;
    auto number = room.incident(), dismissed = room.incident(), ticket = room.ticket();
    room.act(number, [&](auto& sql, auto act) { incidents::fix(sql, act, room.now, "4.12"); });
    room.act(dismissed, [](auto& sql, auto act) { incidents::dismiss(sql, act); });
    CHECK_THROWS_AS(room.wait(ticket, number), invalid);
    CHECK_THROWS_AS(room.wait(ticket, dismissed), invalid);
    room.write([&](soci::session& sql) { tickets::attach_incident(sql, room.on(ticket), number, true); });
    CHECK(room.report(ticket).incident_id == number);
    CHECK(room.awaited(ticket) == 0);
}

TEST_CASE("who waits for an incident waits with their ticket, wherever corrections take it", "[waiting]") {
    waiting_room room;
    auto number = room.incident(), other = room.incident(), fixed = room.incident();
    room.act(fixed, [&](auto& sql, auto act) { incidents::fix(sql, act, room.now, "4.12"); });
    auto split = room.waiting(number), merged = room.waiting(number), taken_out = room.waiting(number);
    auto made = room.write([&](soci::session& sql) { return incidents::split(sql, room.by(number), std::vector{split}); });
    CHECK(room.awaited(split) == made);
    room.act(number, [&](auto& sql, auto act) { incidents::undo(sql, act, room.event(number, "incident.split")); });
    CHECK(room.awaited(split) == number);
    room.act(number, [&](auto& sql, auto act) { incidents::merge(sql, act, other); });
    CHECK(room.awaited(merged) == other);
    room.act(number, [](auto& sql, auto act) { incidents::unmerge(sql, act); });
    CHECK(room.awaited(merged) == number);
    room.write([&](soci::session& sql) { tickets::remove_incident(sql, room.on(taken_out)); });
    CHECK(room.awaited(taken_out) == 0);
    room.act(fixed, [&](auto& sql, auto act) { incidents::attach(sql, act, split); });
    CHECK(room.awaited(split) == 0);
    room.act(number, [&](auto& sql, auto act) { incidents::merge(sql, act, fixed); });
    CHECK(room.awaited(merged) == 0);
}

TEST_CASE("not a bug: its tickets wait no longer", "[waiting]") {
    waiting_room room;
    auto number = room.incident(), ticket = room.waiting(number);
    room.act(number, [](auto& sql, auto act) { incidents::dismiss(sql, act); });
    CHECK(room.awaited(ticket) == 0);
}
