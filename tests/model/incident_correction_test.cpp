// SPDX-License-Identifier: EUPL-1.2
#include "model/error.hpp"
#include "model/incident.hpp"
#include "model/ticket_facts.hpp"
#include "model/ticket_wait.hpp"
#include "tests/support/incident_office.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <functional>
#include <iostream>

using namespace relais;
using namespace relais::model;
using namespace std::chrono_literals;
using tests::incident_office;

TEST_CASE("attaching and detaching are undone once", "[incident]") {
    incident_office office;
    auto one = office.incident_with(1), other = office.incident_with(1);
    auto ticket = office.ticket();
    office.link(ticket, one);
    office.write([&](soci::session& sql) { incidents::attach(sql, office.by(other), ticket); });
    auto event = office.event(other, "incident.attached");
    auto undo = [&](std::int64_t number, std::int64_t which) {
        office.write([&](soci::session& sql) { incidents::undo(sql, office.by(number), which); });
    };
    CHECK_THROWS_AS(undo(one, event), invalid); // another incident's event
    undo(other, event);
    CHECK(office.report(ticket).incident_id == one);
    CHECK(office.get(other).tickets == 1);
    CHECK_THROWS_WITH(undo(other, event), "conflict.undone");
    office.write([&](soci::session& sql) { incidents::detach(sql, office.by(one), ticket); });
    undo(one, office.event(one, "incident.detached"));
    CHECK(office.report(ticket).incident_id == one);
    CHECK(office.count("report_refusal") == 0);
    CHECK_THROWS_AS(undo(one, office.event(one, "incident.opened")), invalid); // tells no correction
}

TEST_CASE("whatever people correct in the grouping is undone from the history, and leaves no refusal behind", "[incident]") {
    incident_office office;
    auto number = office.incident_with(3), other = office.incident_with(2);
    auto inside = office.ticket(), alone = office.ticket(), suggested = office.ticket();
    office.link(inside, number);
    office.write([&](soci::session& sql) {
        placement what;
        what.ticket_id = suggested, what.suggested_id = number, what.score = 0.5, what.engine = "test";
        reports::place(sql, what, {}, office.now);
    });
    auto picture = [&] {
        std::string out;
        for (auto ticket : {inside, alone, suggested}) {
            auto found = office.read([&](soci::session& sql) { return reports::find(sql, ticket); });
            out += std::to_string(found ? found->incident_id.value_or(0) : 0) + "/" +
                   std::to_string(found ? found->suggested_id.value_or(0) : 0) + " ";
        }
        for (auto each : {number, other}) {
            auto of = office.get(each);
            out += of.state + std::to_string(of.tickets) + "/" + std::to_string(of.citizens) + (of.merged_into ? "merged " : " ");
        }
        return out + std::to_string(office.count("report_refusal"));
    };
    using correct = std::function<void(soci::session&, const incidents::action&)>;
    const std::pair<const char*, correct> corrections[] = {
        {"attached", [&](auto& sql, auto& act) { incidents::attach(sql, act, alone); }},
        {"detached", [&](auto& sql, auto& act) { incidents::detach(sql, act, inside); }},
        {"suggestion_refused", [&](auto& sql, auto& act) { incidents::refuse_suggestion(sql, act, suggested); }},
        {"merged", [&](auto& sql, auto& act) { incidents::merge(sql, act, other); }},
        {"split", [&](auto& sql, auto& act) { incidents::split(sql, act, std::vector{inside}); }},
        {"dismissed", [&](auto& sql, auto& act) { incidents::dismiss(sql, act); }},
    };
    const auto before = picture();
    for (const auto& each : corrections) {
        const auto& done = each.first; // no structured binding: clang 14 lets no lambda see one
        const auto& carry_out = each.second;
        INFO(done);
        office.write([&](soci::session& sql) { carry_out(sql, office.by(number)); });
        CHECK(picture() != before);
        auto undo = [&] {
            office.write([&](soci::session& sql) {
                incidents::undo(sql, office.by(number), office.event(number, std::string("incident.") + done));
            });
        };
        undo();
        CHECK(picture() == before);
        CHECK_THROWS_WITH(undo(), "conflict.undone");
    }
}

TEST_CASE("incidents merge, and come apart again with what each had", "[incident]") {
    incident_office office;
    auto one = office.incident_with(2), other = office.incident_with(3);
    office.write([&](soci::session& sql) { incidents::merge(sql, office.by(one), other); });
    CHECK(office.get(one).merged_into == other);
    CHECK(office.get(one).tickets == 0);
    CHECK(office.get(other).tickets == 5);
    CHECK_THROWS_WITH(office.write([&](soci::session& sql) { incidents::escalate(sql, office.by(one), "person", {}); }), "conflict.merged");
    CHECK_THROWS_AS(office.write([&](soci::session& sql) { incidents::merge(sql, office.by(other), one); }), invalid);
    CHECK_THROWS_AS(office.write([&](soci::session& sql) { incidents::merge(sql, office.by(other), other); }), invalid);
    auto late = office.ticket();
    office.link(late, other);
    office.write([&](soci::session& sql) { incidents::unmerge(sql, office.by(one)); });
    CHECK(office.get(one).state == "confirmed");
    CHECK(office.get(one).tickets == 2);
    CHECK(office.get(other).tickets == 4); // its own three and the late one
    CHECK_THROWS_WITH(office.write([&](soci::session& sql) { incidents::unmerge(sql, office.by(one)); }), "conflict.not_merged");
}

TEST_CASE("merges in a row come apart in any order, each incident with what it had", "[incident]") {
    for (bool is_first_undone_first : {true, false}) {
        incident_office office;
        auto a = office.incident_with(2), b = office.incident_with(3), c = office.incident_with(1);
        auto merge = [&](std::int64_t from, std::int64_t into) {
            office.write([&](soci::session& sql) { incidents::merge(sql, office.by(from), into); });
        };
        auto unmerge = [&](std::int64_t number) { office.write([&](soci::session& sql) { incidents::unmerge(sql, office.by(number)); }); };
        auto moved = office.ticket(), late = office.ticket(), elsewhere = office.incident();
        office.link(moved, a);
        merge(a, b), merge(b, c);
        office.link(late, c);
        office.write([&](soci::session& sql) { incidents::attach(sql, office.by(elsewhere), moved); }); // somebody's later word
        unmerge(is_first_undone_first ? a : b), unmerge(is_first_undone_first ? b : a);
        CHECK(office.get(a).tickets == 2);
        CHECK(office.get(b).tickets == 3);
        CHECK(office.get(c).tickets == 2); // its own and the late one
        CHECK(office.get(elsewhere).tickets == 1);
    }
}

TEST_CASE("a merge that is undone brings back by one's word what nobody moved since, and tells each ticket's history", "[incident]") {
    incident_office office;
    auto a = office.incident_with(1), b = office.incident_with(2), c = office.incident_with(1), elsewhere = office.incident();
    auto stays = office.ticket(), moved = office.ticket(), left = office.ticket();
    for (auto each : {stays, moved, left}) office.link(each, a);
    office.write([&](soci::session& sql) { incidents::merge(sql, office.by(a), b); });
    office.write([&](soci::session& sql) { incidents::attach(sql, office.by(elsewhere), moved); });
    office.write([&](soci::session& sql) { incidents::merge(sql, office.by(b), c); });
    office.write([&](soci::session& sql) { incidents::detach(sql, office.by(c), left); });
    office.now += 1h;
    office.write([&](soci::session& sql) { incidents::unmerge(sql, office.by(a)); });
    auto back = office.report(stays);
    CHECK(back.incident_id == a);
    CHECK(back.decided_by == "person");
    CHECK(back.actor_name == "Paul Renard");
    CHECK(back.updated_at == office.now);
    CHECK(office.report(moved).incident_id == elsewhere);
    CHECK_FALSE(office.report(left).incident_id);
    CHECK(office.get(a).tickets == 2);
    CHECK(office.get(a).citizens == 2);
    CHECK(office.get(c).tickets == 3);
    auto told = [&](std::int64_t ticket) {
        return office.count("event WHERE action = 'ticket.attached' AND object_kind = 'ticket' AND object_id = " + std::to_string(ticket));
    };
    CHECK(told(stays) == 1);
    CHECK(told(moved) == 1); // where somebody put it
    CHECK(told(left) == 0);
    auto [kept, written] = office.read([&](soci::session& sql) {
        return std::pair{nlohmann::json::parse(events::of(sql, "ticket", stays).back().data),
                         ticket_facts::write(*ticket_facts::of(sql, stays))};
    });
    CHECK(kept == nlohmann::json({{"from", c}, {"to", a}, {ticket_facts::key, written}})); // as events::record() would
}

TEST_CASE("a merge and its undoing go by pages, and leave nobody behind", "[incident]") {
    for (auto at_once : {1, 2, 3, 4}) {
        INFO(at_once);
        incident_office office;
        auto from = office.incident_with(1), into = office.incident_with(1), last = office.incident_with(1);
        office.link(office.ticket(), into);
        for (int i = 0; i < 2; ++i) office.link(office.ticket(), from);
        office.write([&](soci::session& sql) { incidents::merge(sql, office.by(from), into, at_once); });
        CHECK(office.get(into).tickets == 5);
        CHECK(office.count("report WHERE incident_id = " + std::to_string(from)) == 0);
        office.write([&](soci::session& sql) { incidents::merge(sql, office.by(into), last, at_once); });
        CHECK(office.get(last).tickets == 6);
        auto merged = office.event(from, "incident.merged");
        office.write([&](soci::session& sql) { incidents::undo(sql, office.by(from), merged, at_once); });
        CHECK(office.count("report WHERE incident_id = " + std::to_string(from)) == 3);
        CHECK(office.get(from).tickets == 3);
        CHECK(office.get(last).tickets == 3);
        CHECK(office.count("event WHERE action = 'ticket.attached' AND object_kind = 'ticket'") == 3);
    }
}

TEST_CASE("a ticket that is placed while its incident is merged goes along, and comes back", "[incident]") {
    incident_office office;
    if (!office.database->is_mariadb()) return; // SQLite has one writer
    auto from = office.incident_with(2), into = office.incident_with(1);
    auto late = office.ticket();
    bool is_placed = false;
    office.write([&](soci::session& sql) {
        incidents::get(sql, from); // what this transaction sees begins here
        if (!is_placed) office.link(late, from);
        is_placed = true;
        incidents::merge(sql, office.by(from), into);
    });
    CHECK(office.report(late).incident_id == into);
    CHECK(office.get(into).tickets == 4);
    office.write([&](soci::session& sql) { incidents::unmerge(sql, office.by(from)); });
    CHECK(office.report(late).incident_id == from);
    CHECK(office.get(from).tickets == 3);
}

TEST_CASE("a ticket is not put into an incident that became part of another meanwhile", "[incident]") {
    incident_office office;
    auto from = office.incident_with(1), into = office.incident_with(1);
    auto late = office.ticket();
    auto merge = [&] { office.write([&](soci::session& sql) { incidents::merge(sql, office.by(from), into); }); };
    if (!office.database->is_mariadb()) merge(); // SQLite has one writer: nobody comes between
    auto place = [&](soci::session& sql) {
        auto is_standing = !incidents::get(sql, from).merged_into;
        if (is_standing) merge();
        CHECK(is_standing == office.database->is_mariadb());
        placement what;
        what.ticket_id = late, what.incident_id = from, what.engine = "test";
        reports::place(sql, what, {}, office.now);
    };
    CHECK_THROWS_WITH(office.write(place), "conflict.merged");
    CHECK(office.count("report WHERE ticket_id = " + std::to_string(late) + " AND incident_id IS NOT NULL") == 0);
    CHECK(office.get(from).tickets == 0);
    CHECK(office.get(into).tickets == 2);
}

TEST_CASE("what was published is published again when a merge or a dismissal is undone", "[incident]") {
    incident_office office;
    auto number = office.incident_with(1), other = office.incident_with(1);
    office.write([&](soci::session& sql) { incidents::set_workaround(sql, office.by(number), {"Photo", "Attendez.", "", true}); });
    auto is_known = [&] { return office.read([](soci::session& sql) { return incidents::published(sql); }).size() == 1; };
    CHECK(is_known());
    office.write([&](soci::session& sql) { incidents::merge(sql, office.by(number), other); });
    CHECK_FALSE(is_known());
    office.write([&](soci::session& sql) { incidents::unmerge(sql, office.by(number)); });
    CHECK(is_known());
    office.write([&](soci::session& sql) { incidents::dismiss(sql, office.by(number)); });
    CHECK_FALSE(is_known());
    office.write([&](soci::session& sql) { incidents::undo(sql, office.by(number), office.event(number, "incident.dismissed")); });
    CHECK(is_known());
    office.write([&](soci::session& sql) { incidents::dismiss(sql, office.by(number)); });
    office.write([&](soci::session& sql) { incidents::reopen(sql, office.by(number), "C’en est un"); });
    CHECK_FALSE(is_known()); // opened again is not undone: somebody reads the words first
    office.write([&](soci::session& sql) { incidents::set_workaround(sql, office.by(number), {"Photo", "Attendez.", "", true}); });
    office.write([&](soci::session& sql) { incidents::dismiss(sql, office.by(number)); });
    office.write([&](soci::session& sql) { incidents::propose_again(sql, {number, 0, actor{}, office.now}, {{"tickets", 12}}); });
    CHECK(office.get(number).state == "proposed");
    CHECK_FALSE(is_known()); // nor does the machine's second look tell everybody
    CHECK(office.get(number).public_workaround == "Attendez.");
    CHECK_THROWS_WITH(
        office.write([&](soci::session& sql) { incidents::undo(sql, office.by(number), office.event(number, "incident.dismissed")); }),
        "conflict.undone"); // and there is no dismissal left to undo
}

TEST_CASE("a split makes a new incident that the machine never joins again, and can be undone", "[incident]") {
    incident_office office;
    auto number = office.incident_with(3);
    auto ticket = office.ticket(), stranger = office.ticket();
    office.link(ticket, number);
    auto refused = std::vector{ticket, stranger};
    CHECK_THROWS_AS(office.write([&](soci::session& sql) { return incidents::split(sql, office.by(number), refused); }), invalid);
    auto made = office.write([&](soci::session& sql) { return incidents::split(sql, office.by(number), std::vector{ticket}); });
    CHECK(office.get(made).state == "proposed");
    CHECK(office.get(made).tickets == 1);
    CHECK(office.get(number).tickets == 3);
    CHECK(office.read([&](soci::session& sql) { return incidents::is_refused(sql, ticket, number); }));
    office.write([&](soci::session& sql) { incidents::undo(sql, office.by(number), office.event(number, "incident.split")); });
    CHECK(office.report(ticket).incident_id == number);
    CHECK(office.get(number).tickets == 4);
    CHECK(office.get(made).state == "watched"); // nothing is in it
    auto again = office.write([&](soci::session& sql) { return incidents::split(sql, office.by(number), std::vector{ticket}); });
    office.write([&](soci::session& sql) { incidents::confirm(sql, office.by(again), {}); });
    office.write([&](soci::session& sql) { incidents::undo(sql, office.by(number), office.event(number, "incident.split")); });
    CHECK(office.get(again).state == "confirmed"); // somebody read it
}

TEST_CASE("what was refused for an incident stays refused when it is split, merged, and comes apart again", "[incident]") {
    incident_office office;
    auto refused_for = [&](std::int64_t ticket, std::int64_t number) {
        return office.read([&](soci::session& sql) { return incidents::is_refused(sql, ticket, number); });
    };
    auto number = office.incident_with(3), ticket = office.ticket();
    office.link(ticket, number);
    office.write([&](soci::session& sql) { incidents::detach(sql, office.by(number), ticket); });
    auto leaves = std::vector{office.ticket()};
    office.link(leaves[0], number);
    auto made = office.write([&](soci::session& sql) { return incidents::split(sql, office.by(number), leaves); });
    CHECK(refused_for(ticket, made));
    CHECK_FALSE(refused_for(leaves[0], made));
    CHECK_FALSE(office.link(ticket, made)); // the engine does not get through

    auto other = office.incident_with(2);
    CHECK(office.link(ticket, other)); // it may go elsewhere, by the engine alone
    office.write([&](soci::session& sql) { incidents::merge(sql, office.by(other), number); });
    CHECK_FALSE(office.report(ticket).incident_id);
    CHECK(office.get(number).tickets == 5);
    CHECK(office.get(other).tickets == 0);
    office.write([&](soci::session& sql) { incidents::unmerge(sql, office.by(other)); });
    CHECK(office.report(ticket).incident_id == other);
    CHECK(office.get(other).tickets == 3);
    CHECK(office.get(number).tickets == 3);

    auto into = office.incident_with(1);
    office.write([&](soci::session& sql) { incidents::merge(sql, office.by(number), into); });
    CHECK(refused_for(ticket, into));
    office.write([&](soci::session& sql) { incidents::unmerge(sql, office.by(number)); });
    CHECK_FALSE(refused_for(ticket, into));
    CHECK(refused_for(ticket, number));
    office.write([&](soci::session& sql) { incidents::attach(sql, office.by(other), ticket); });
    office.write([&](soci::session& sql) { incidents::merge(sql, office.by(other), number); });
    CHECK(office.report(ticket).incident_id == number); // a person's later word
}

TEST_CASE("what is not a bug is dismissed, and comes back as it was", "[incident]") {
    incident_office office;
    auto number = office.incident_with(1, "proposed");
    office.write([&](soci::session& sql) { incidents::dismiss(sql, office.by(number)); });
    CHECK(office.get(number).state == "dismissed");
    CHECK(office.read([](soci::session& sql) { return incidents::board(sql); }).empty());
    office.write([&](soci::session& sql) { incidents::undo(sql, office.by(number), office.event(number, "incident.dismissed")); });
    CHECK(office.get(number).state == "proposed");
    CHECK(office.read([](soci::session& sql) { return incidents::board(sql); }).size() == 1);
}

TEST_CASE("a dismissed incident that was opened again does not go back to before its dismissal", "[incident]") {
    incident_office office;
    auto number = office.incident_with(1);
    auto undo = [&] {
        office.write([&](soci::session& sql) { incidents::undo(sql, office.by(number), office.event(number, "incident.dismissed")); });
    };
    office.write([&](soci::session& sql) { incidents::dismiss(sql, office.by(number)); });
    office.write([&](soci::session& sql) { incidents::reopen(sql, office.by(number), "C’en est un"); });
    office.write([&](soci::session& sql) { incidents::fix(sql, office.by(number), office.now, "4.12"); });
    CHECK_THROWS_WITH(undo(), "conflict.undone");
    CHECK(office.get(number).state == "fixed");
    office.write([&](soci::session& sql) { sql::change(sql, "UPDATE correction SET undone_at = NULL"); }); // as it was kept before
    CHECK_THROWS_WITH(undo(), "conflict.incident_state");
    CHECK(office.get(number).state == "fixed");
}

TEST_CASE("a large incident is merged, and comes apart", "[.bench]") {
    incident_office office;
    constexpr int tickets = 5'000, waiting = 500;
    auto one = office.incident_with(tickets), other = office.incident_with(10);
    office.write([&](soci::session& sql) {
        for (auto each : sql::all<std::int64_t>(sql, "SELECT ticket_id FROM report WHERE incident_id = :id LIMIT :limit", one, waiting))
            ticket_waits::begin(sql, {tickets::get(sql, each).reference, 0, tests::resolver_actor(), office.now}, "incident",
                                std::to_string(one));
    });
    auto timed = [&](const std::string& what, auto visit) {
        auto start = std::chrono::steady_clock::now();
        office.write(visit);
        auto spent = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        std::cout << what << " an incident of " << tickets << " tickets: " << spent << " s\n";
    };
    timed("merge", [&](soci::session& sql) { incidents::merge(sql, office.by(one), other); });
    CHECK(office.get(other).tickets == tickets + 10);
    timed("unmerge", [&](soci::session& sql) { incidents::unmerge(sql, office.by(one)); });
    CHECK(office.get(one).tickets == tickets);
}
