// SPDX-License-Identifier: EUPL-1.2
#include "model/dossier_store.hpp"
#include "model/incident_grouper.hpp"
#include "model/registry_health.hpp"
#include "model/registry_lookup.hpp"
#include "model/verification.hpp"
#include "tests/support/incident_office.hpp"

#include <catch2/catch.hpp>

using namespace relais;
using namespace relais::model;
using namespace std::chrono_literals;
using tests::incident_office;

namespace {

// Fixed incidents, each with tickets about dossiers that are stuck.
struct verifying : incident_office {
    std::vector<dossier_news> news;

    std::int64_t ticket_about(const dossier_news& one) {
        return ticket([&](contact& from) {
            from.dossier_number = one.values.number;
            from.requester.name = one.values.first_names + " " + one.values.birth_name, from.requester.birth_name = one.values.birth_name;
            from.requester.first_names = one.values.first_names, from.requester.birth_date = one.values.birth_date;
            from.requester.birth_precision = "day";
        });
    }
    std::int64_t fixed_incident(int dossiers) {
        auto number = incident();
        for (int i = 0; i < dossiers; ++i) {
            auto which = std::to_string(1000 + news.size());
            auto one = tests::some_dossier("D-" + which, "Nom" + which, "Luc", "1980-05-04");
            one.values.error_code = "E-17";
            news.push_back(one);
            write([&](soci::session& sql) { dossiers::store(sql, std::vector{one}, now); });
            link(ticket_about(one), number);
        }
        write([&](soci::session& sql) { incidents::fix(sql, by(number), now, "4.12"); });
        now += 1h;
        return number;
    }
    // All dossiers go on, as the mirror knows.
    void unblock() {
        for (auto& each : news) each.values.error_code.clear(), each.values.status = "ACCEPTED", each.values.updated_at += 1h;
        write([&](soci::session& sql) { dossiers::store(sql, news, now); });
    }
    // A node that asks a registry lives.
    void has_registry() {
        write([&](soci::session& sql) { registry_nodes::keep(sql, "one", "{}", now); });
    }
    // It answers about the next tickets: what the mirror says.
    void answer(int limit) {
        for (const auto& each : write([&](soci::session& sql) { return registry_lookups::take(sql, limit, now); })) {
            registry_news told;
            told.what = registry_news::outcome::answered, told.dossiers = news, told.asked_at = now;
            write([&](soci::session& sql) { registry_lookups::finish(sql, each, told, now); });
        }
    }
    std::int64_t start(std::int64_t number) {
        return write([&](soci::session& sql) { return verifications::start(sql, by(number), "Votre dossier avance."); });
    }
    bool step(std::int64_t run, int limit = verifications::page) {
        return write([&](soci::session& sql) { return verifications::step(sql, run, limit, now); });
    }
    verification_run last(std::int64_t number) {
        return read([&](soci::session& sql) { return *verifications::last(sql, number); });
    }
};

} // namespace

TEST_CASE("a verification whose incident is merged meanwhile stops, and the next one is read", "[verification]") {
    verifying office;
    incident_grouper leader(*office.database, {.engine = {}, .terms = {}, .owner = "one"});
    auto merged = office.fixed_incident(1), other = office.fixed_incident(1), into = office.incident();
    office.unblock();
    office.start(merged), office.start(other);
    office.write([&](soci::session& sql) { incidents::merge(sql, office.by(merged), into); });
    office.now += 2min;
    office.write([](soci::session& sql) { sql::change(sql, "DELETE FROM grouping_queue"); }); // they are placed
    leader.step(office.now);
    CHECK(leader.is_leader());
    CHECK(office.last(merged).state == "stopped");
    CHECK(office.count("event WHERE action = 'incident.verification_stopped'") == 1);
    CHECK(office.last(other).state == "done");
    CHECK(office.get(other).state == "verified");
    CHECK(office.count("outbox WHERE kind = 'closure'") == 1); // nobody of the merged one is told that it is fixed
}

TEST_CASE("a verification whose incident is back says nothing of the new episode", "[verification]") {
    verifying office;
    auto number = office.fixed_incident(1);
    office.unblock();
    auto run = office.start(number);
    office.write([&](soci::session& sql) { incidents::regress(sql, office.by(number), nlohmann::json::object()); });
    office.now += 2min;
    CHECK_FALSE(office.step(run));
    CHECK(office.last(number).state == "stopped");
    CHECK_FALSE(office.get(number).is_fix_incomplete);
    CHECK(office.count("ticket WHERE status = 'closed'") == 0);
    // Corrected again, it is verified again.
    office.write([&](soci::session& sql) { incidents::fix(sql, office.by(number), office.now, "4.13"); });
    run = office.start(number);
    office.now += 2min;
    CHECK_FALSE(office.step(run));
    CHECK(office.get(number).state == "verified");
}

TEST_CASE("dossiers of which the registry does not tell in time are unread, and the fix is not said incomplete for them",
          "[verification]") {
    verifying office;
    auto number = office.fixed_incident(3);
    office.has_registry();
    auto run = office.start(number);
    CHECK(office.step(run)); // it is given a minute
    CHECK(office.last(number).after_id == 0);
    office.now += 1min;
    CHECK_FALSE(office.step(run));
    CHECK(office.last(number).state == "done");
    CHECK(office.last(number).unread == 3);
    CHECK(office.last(number).stuck == 0);
    CHECK(office.count("report WHERE verification = 'unread'") == 3);
    CHECK(office.get(number).state == "fixed"); // neither verified
    CHECK_FALSE(office.get(number).is_fix_incomplete);
    // Told later, they are stuck indeed; what moves in the mirror has moved without the registry.
    office.has_registry();
    run = office.start(number);
    office.answer(2);
    office.now += 1min;
    office.has_registry();
    auto& third = office.news[2].values;
    third.error_code.clear(), third.status = "ACCEPTED", third.updated_at += 1h;
    office.write([&](soci::session& sql) { dossiers::store(sql, std::vector{office.news[2]}, office.now); });
    CHECK_FALSE(office.step(run));
    CHECK(office.last(number).stuck == 2);
    CHECK(office.last(number).moved == 1);
    CHECK(office.get(number).is_fix_incomplete);
}

TEST_CASE("each page of a verification has its own minute", "[verification]") {
    verifying office;
    auto number = office.fixed_incident(4);
    office.has_registry();
    auto run = office.start(number);
    office.answer(2);
    office.now += 59s;
    CHECK(office.step(run, 2));
    CHECK(office.last(number).stuck == 2);
    office.now += 30s; // late for the run, not for the page
    office.has_registry();
    CHECK(office.step(run, 2));
    office.answer(10);
    while (office.step(run, 2)) {
    }
    CHECK(office.last(number).stuck == 4);
    CHECK(office.last(number).unread == 0);
}

TEST_CASE("without a registry the mirror is all there is to read", "[verification]") {
    verifying office;
    auto number = office.fixed_incident(2);
    CHECK_FALSE(office.step(office.start(number)));
    CHECK(office.last(number).stuck == 2);
    CHECK(office.get(number).is_fix_incomplete);
}

TEST_CASE("the registry is asked again page by page, and nothing is asked where nobody answers", "[verification]") {
    verifying office;
    auto number = office.fixed_incident(4);
    auto waiting = [&] { return office.count("registry_lookup WHERE state = 'waiting'"); };
    office.write([&](soci::session& sql) { sql::change(sql, "UPDATE registry_lookup SET state = 'done', answered_at = 1"); });
    office.step(office.start(number));
    CHECK(waiting() == 0);
    CHECK(office.last(number).stuck == 4);
    office.has_registry();
    office.write([&](soci::session& sql) {
        sql::change(sql, "DELETE FROM registry_lookup WHERE ticket_id = (SELECT MAX(ticket_id) FROM report)"); // never asked about
    });
    auto run = office.start(number);
    CHECK(waiting() == 4);
    CHECK(office.step(run, 3));
    CHECK(office.last(number).after_id == 0); // they are awaited
    office.answer(10);
    CHECK(waiting() == 0);
    CHECK(office.step(run, 3));
    CHECK(waiting() == 1); // the next page
    CHECK(office.step(run, 3));
    office.answer(10);
    CHECK_FALSE(office.step(run, 3));
    CHECK(office.last(number).stuck == 4);
    CHECK(office.last(number).unread == 0);
}
