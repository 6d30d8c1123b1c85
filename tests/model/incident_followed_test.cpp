// SPDX-License-Identifier: EUPL-1.2
// What becomes of an incident's tickets after they were placed.
#include "model/escalation_rule.hpp"
#include "model/incident_facts.hpp"
#include "model/registry_health.hpp"
#include "model/registry_lookup.hpp"
#include "model/silent_dossier.hpp"
#include "model/ticket_actions.hpp"
#include "model/verification.hpp"
#include "tests/support/share_office.hpp"

#include <catch2/catch.hpp>

using namespace relais;
using namespace relais::model;
using namespace std::chrono_literals;
using tests::share_office;

namespace {

struct follower : share_office {
    std::vector<std::int64_t> tickets;

    tickets::action on(std::int64_t ticket) {
        return {read([&](soci::session& sql) { return tickets::get(sql, ticket).reference; }), 0, tests::agent_actor(), now};
    }
    template <class Function> void act(std::int64_t ticket, Function f) {
        auto by = on(ticket);
        write([&](soci::session& sql) { f(sql, by); });
    }
    std::int64_t store(const dossier_news& one) {
        write([&](soci::session& sql) { dossiers::store(sql, std::vector{one}, now); });
        return read([&](soci::session& sql) {
            return *sql::first<std::int64_t>(sql, "SELECT id FROM dossier WHERE number = :number", one.values.number);
        });
    }
    static dossier_news stuck(const std::string& number, const std::string& name, const std::string& neph = "") {
        auto one = tests::some_dossier(number, name, "Luc", "1980-05-04", neph);
        one.values.error_code = "E-17";
        return one;
    }
    std::string fact(std::int64_t number, const std::string& name) {
        return read([&](soci::session& sql) { return incident_facts::dominant(incident_facts::read(sql, number), name); });
    }
    std::int64_t ticket_due(const std::string& implicit_on, std::int64_t number) {
        auto made_now = ticket();
        write([&](soci::session& sql) { sql::change(sql, "UPDATE ticket SET implicit_on = :on WHERE id = :id", implicit_on, made_now); });
        link(made_now, number);
        return made_now;
    }
};

} // namespace

TEST_CASE("a dossier that an agent links after a ticket was placed counts in its incident", "[incident][followed]") {
    follower office;
    auto number = office.incident_with(2);
    auto silent = office.store(follower::stuck("D-2000", "Silence"));
    auto dossier = office.store(follower::stuck("D-1000", "Martin", "190300200123"));
    CHECK(office.get(number).citizens == 2);
    CHECK(office.get(number).dossiers == 0);
    auto tickets = office.read([&](soci::session& sql) {
        return sql::all<std::int64_t>(sql, "SELECT ticket_id FROM report WHERE incident_id = :incident ORDER BY ticket_id", number);
    });
    for (auto each : tickets)
        office.act(each, [&](soci::session& sql, const auto& by) { tickets::link_dossier(sql, by, dossier, "par téléphone"); });
    office.count_facts();
    auto of = office.get(number);
    CHECK(of.dossiers == 1);
    CHECK(of.citizens == 1); // the same person, by two mail addresses
    CHECK(of.tickets == 2);
    CHECK(of.stuck_error_code == "E-17"); // and others who are stuck so are known
    CHECK(office.read([&](soci::session& sql) { return silent_dossiers::list(sql, of, 0, 10).at(0).id; }) == silent);
    CHECK(office.fact(number, "error_code") == "E-17");
    office.act(tickets[0], [&](soci::session& sql, const auto& by) { tickets::link_dossier(sql, by, {}, "une erreur"); });
    office.count_facts();
    CHECK(office.get(number).citizens == 2);
    CHECK(office.get(number).dossiers == 1);
    auto counted = office.get(number);
    office.write([&](soci::session& sql) { reports::recount(sql, number); });
    CHECK(office.get(number).citizens == counted.citizens);
    CHECK(office.get(number).dossiers == counted.dossiers);
}

TEST_CASE("a dossier that the registry told of after the ticket was placed is no return when it was stuck before the fix",
          "[incident][followed][escalation]") {
    follower office;
    auto number = office.incident_with(1);
    office.now += 30 * 24h;
    office.write([&](soci::session& sql) { incidents::fix(sql, office.by(number), office.now, "4.12"); });
    office.now += 24h;
    std::vector<dossier_news> news;
    for (int i = 0; i < 3; ++i) {
        auto one = follower::stuck("D-300" + std::to_string(i), "Nom" + std::to_string(i));
        one.values.status_since = "2026-11-01";
        news.push_back(one);
        auto writes = [&](contact& from) {
            from.dossier_number = from.dossier_number_typed = one.values.number, from.requester.birth_name = one.values.birth_name;
            from.requester.name = "Luc " + one.values.birth_name, from.requester.first_names = "Luc";
            from.requester.birth_date = "1980-05-04", from.requester.birth_precision = "day";
        };
        office.link(office.tickets.emplace_back(office.ticket(writes)), number);
    }
    auto is_back = [&] {
        return office.write([&](soci::session& sql) { return escalation_rules::apply_regression(sql, number, {}, office.now); });
    };
    CHECK_FALSE(is_back()); // the registry is being asked
    for (const auto& each : office.write([&](soci::session& sql) { return registry_lookups::take(sql, 10, office.now); })) {
        registry_news answer;
        answer.what = registry_news::outcome::answered, answer.dossiers = news, answer.asked_at = office.now;
        office.write([&](soci::session& sql) { registry_lookups::finish(sql, each, answer, office.now); });
    }
    CHECK_FALSE(is_back());
    office.count_facts();
    CHECK_FALSE(is_back());
    CHECK(office.get(number).dossiers == 3);
    // They are read again when the fix is verified.
    office.write([&](soci::session& sql) { registry_nodes::keep(sql, "one", "{}", office.now); });
    office.write([&](soci::session& sql) { verifications::start(sql, office.by(number), "Votre dossier avance."); });
    CHECK(office.count("registry_lookup WHERE state = 'waiting'") == 3);
}

TEST_CASE("a ticket whose dossier nobody knows after some minutes speaks for a return", "[incident][followed][escalation]") {
    follower office;
    auto number = office.incident_with(1);
    office.now += 30 * 24h;
    office.write([&](soci::session& sql) { incidents::fix(sql, office.by(number), office.now, "4.12"); });
    office.now += 24h;
    for (int i = 0; i < 3; ++i) {
        auto writes = [&](contact& from) { from.dossier_number = from.dossier_number_typed = "D-900" + std::to_string(i); };
        office.link(office.ticket(writes), number);
    }
    auto is_back = [&] {
        return office.write([&](soci::session& sql) { return escalation_rules::apply_regression(sql, number, {}, office.now); });
    };
    CHECK_FALSE(is_back());
    office.now += 11min;
    CHECK(is_back());
}

TEST_CASE("the legal clock of an incident is the first of its tickets still open", "[incident][followed]") {
    follower office;
    auto number = office.incident(), other = office.incident();
    auto first = office.ticket_due("2026-11-20", number), second = office.ticket_due("2026-12-10", number);
    auto legal_on = [&](std::int64_t of) {
        office.count_facts();
        return office.get(of).legal_on;
    };
    CHECK(legal_on(number) == "2026-11-20");
    office.act(first, [](soci::session& sql, const auto& by) { tickets::close(sql, by, "answered", ""); });
    CHECK(legal_on(number) == "2026-12-10");
    office.act(first, [](soci::session& sql, const auto& by) { tickets::reopen(sql, by, "pas fini"); });
    CHECK(legal_on(number) == "2026-11-20");
    office.write([&](soci::session& sql) { incidents::detach(sql, office.by(number), first); });
    CHECK(office.get(number).legal_on == "2026-12-10"); // at once
    office.write([&](soci::session& sql) { incidents::attach(sql, office.by(other), first); });
    CHECK(office.get(other).legal_on == "2026-11-20");
    office.write([&](soci::session& sql) { incidents::merge(sql, office.by(other), number); });
    CHECK(legal_on(number) == "2026-11-20");
    for (auto each : {first, second}) office.act(each, [](soci::session& sql, const auto& by) { tickets::close(sql, by, "answered", ""); });
    CHECK(legal_on(number).empty());
}
