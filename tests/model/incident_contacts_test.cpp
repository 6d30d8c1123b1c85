// SPDX-License-Identifier: EUPL-1.2
// What people said in an incident's tickets, against the messages themselves.
#include "model/call.hpp"
#include "model/call_report.hpp"
#include "model/ticket_actions.hpp"
#include "model/ticket_merge.hpp"
#include "tests/support/share_office.hpp"

#include <catch2/catch.hpp>

#include <random>

using namespace relais;
using namespace relais::model;
using namespace std::chrono_literals;
using tests::next_monday;
using tests::share_office;

namespace {

struct counter : share_office {
    std::string reference_of(std::int64_t ticket) {
        return read([&](soci::session& sql) { return tickets::get(sql, ticket).reference; });
    }
    // Once the job has followed the tickets.
    std::int64_t contacts(std::int64_t number) {
        count_facts();
        return get(number).contacts;
    }
    std::int64_t said_in(std::int64_t number) {
        return count("message WHERE kind = 'citizen' AND ticket_id IN (SELECT ticket_id FROM report WHERE incident_id = " +
                     std::to_string(number) + ")");
    }
    void call_again(std::int64_t ticket, const std::string& said) {
        call what;
        what.direction = "in", what.state = "ended", what.outcome = "answered", what.started_at_us = seconds(now) * 1'000'000;
        call_report told;
        told.reference = reference_of(ticket), told.said = said, told.answered = "Nous regardons.";
        write([&](soci::session& sql) {
            auto id = calls::add(sql, what, tests::agent_actor(), now).public_id;
            call_reports::write(sql, id, told, tests::agent_actor(), now);
        });
    }
    std::int64_t part_in_two(std::int64_t ticket) {
        auto on = reference_of(ticket);
        auto draw = [this] { return ticket_name{"26-AAAA-" + std::to_string(1000 + ++made), "hash-" + std::to_string(made)}; };
        return write([&](soci::session& sql) {
            auto last = *sql::first<std::int64_t>(sql, "SELECT MAX(id) FROM message WHERE ticket_id = :ticket", ticket);
            return tickets::get(sql, tickets::split(sql, {on, 0, tests::agent_actor(), now}, {last}, {}, draw)).id;
        });
    }
};

} // namespace

TEST_CASE("an incident's contacts are all that people said in its tickets, whenever they said it", "[incident][share]") {
    counter office;
    auto number = office.incident(), other = office.incident();
    std::vector<std::int64_t> tickets;
    for (int i = 0; i < 6; ++i) office.link(tickets.emplace_back(office.ticket()), number);
    CHECK(office.contacts(number) == 6);
    office.write_again(tickets[0]); // after the engine read it
    office.call_again(tickets[1], "Je rappelle");
    office.call_again(tickets[2], ""); // of whose words nothing was written down
    auto late = office.ticket();
    office.write_again(late); // before
    office.link(late, number);
    CHECK(office.contacts(number) == 10);
    CHECK(office.contacts(number) == office.said_in(number));
    office.link(late, other);
    CHECK(office.contacts(other) == 2);
    CHECK(office.contacts(number) == office.said_in(number));
    auto parted = office.part_in_two(tickets[0]);
    CHECK(office.contacts(number) == office.said_in(number));
    office.link(parted, other);
    CHECK(office.contacts(other) == 3);
    office.write([&](soci::session& sql) { incidents::merge(sql, office.by(other), number); });
    CHECK(office.contacts(number) == office.said_in(number));
    office.write_again(parted);
    CHECK(office.contacts(number) == office.said_in(number));
}

TEST_CASE("contacts stay true whatever happens to tickets", "[incident]") {
    counter office;
    std::mt19937 random(11);
    std::vector<std::int64_t> incidents = {office.incident(), office.incident()}, tickets;
    for (int i = 0; i < 120; ++i) {
        if (tickets.size() < 8) tickets.push_back(office.ticket());
        auto ticket = tickets[random() % tickets.size()];
        switch (random() % 4) {
        case 0:
            office.write_again(ticket);
            break;
        case 1:
            if (office.count("message WHERE ticket_id = " + std::to_string(ticket)) > 1) tickets.push_back(office.part_in_two(ticket));
            break;
        case 2:
            office.call_again(ticket, random() % 2 ? "Je rappelle" : "");
            break;
        default:
            office.link(ticket, incidents[random() % 2]);
        }
        for (auto each : incidents) REQUIRE(office.contacts(each) == office.said_in(each));
    }
}

TEST_CASE("a share tells an incident's contacts, those of the tickets' first words and the others", "[share]") {
    counter office;
    auto number = office.incident();
    std::vector<std::int64_t> tickets;
    for (int i = 0; i < 8; ++i) office.link(tickets.emplace_back(office.ticket()), number);
    auto told = [&](const char* week) { return share_office::incident_in(office.share(week), number)["counts"]; };
    for (int i = 0; i < 6; ++i) office.write_again(tickets[static_cast<std::size_t>(i)]);
    office.now = next_monday;
    auto first = told("2026-W48");
    CHECK(first["tickets"] == 8);
    CHECK(first["contacts"] == 14);
    CHECK(first["contacts"] == office.said_in(number));
    for (int i = 0; i < 4; ++i) office.write_again(tickets[0]); // four more are told with those that follow
    office.now += 24h * 7;
    CHECK(told("2026-W49")["contacts"] == 14);
    office.write_again(tickets[0]);
    office.now += 24h * 7;
    CHECK(told("2026-W50")["contacts"] == 19);
}
