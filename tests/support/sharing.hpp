// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/share_access.hpp"
#include "model/incident_actions.hpp"
#include "model/report.hpp"
#include "model/share_job.hpp"
#include "model/sql.hpp"
#include "model/ticket.hpp"
#include "tests/support/samples.hpp"
#include "tests/support/test_app.hpp"

#include <map>
#include <string>

namespace relais::tests {

using namespace std::chrono_literals;

// A centre on the Monday after: an incident of six people, shared with two owners.
struct shared_centre {
    test_app app;
    std::int64_t number = 0;
    int made = 0;
    const std::string week = "2026-W48", url = "/console/shares/2026-W48";

    template <class Function> auto write(Function f) { return app.database().write_now(f); }

    shared_centre() {
        number = write([&](soci::session& sql) {
            return model::incidents::open(sql, {"confirmed", "=HYPERLINK(\"Photo\")", "software_defect", "AGENCY_PORTAL", "", false},
                                          agent_actor(), app.now());
        });
        for (int i = 0; i < 6; ++i) ticket("59");
        app.pass(24h * 5);
        run();
    }
    void ticket(const std::string& department) {
        auto contact = sample_contact(++made);
        contact.requester.birth_name.clear(), contact.requester.phone.clear(), contact.department = department;
        write([&](soci::session& sql) {
            auto opened = model::tickets::open(sql, contact, citizen_actor(), app.now());
            model::placement what;
            what.ticket_id = opened.id, what.incident_id = number, what.engine = "test";
            model::reports::place(sql, what, {}, app.now());
        });
    }
    void run() {
        model::share_job::options wanted;
        wanted.owner = "test",
        wanted.recipients = {{"moa@example.test", "Bureau du permis", true}, {"adjointe@example.test", "Adjointe", true}};
        wanted.uses_database_clock = false; // this test lives on days of its own
        wanted.token_hash = [this](const std::string& name, const std::string& to) {
            return api::share_tokens::hash(api::share_tokens::make(app.keys(), name, to));
        };
        model::share_job job(app.database(), wanted);
        while (job.step(app.now())) {
        }
    }
    std::string link(const std::string& to, const std::string& of = "2026-W48") {
        return "/partage/" + api::share_tokens::make(app.keys(), of, to);
    }
    nlohmann::json body() {
        return nlohmann::json::parse(
            app.database().read_now([&](soci::session& sql) { return model::weekly_shares::get(sql, week).body; }));
    }
    std::int64_t count(const std::string& what) {
        return app.database().read_now(
            [&](soci::session& sql) { return *model::sql::first<std::int64_t>(sql, "SELECT COUNT(*) FROM " + what); });
    }
    std::map<std::string, std::string, std::less<>> decision(const std::string& kind, const std::string& text) {
        return {{"incident", std::to_string(number)}, {"decision", kind}, {"text", text}};
    }
};

// Those who look at it. Sessions and tokens do not live for a week.
struct sharing : shared_centre {
    std::int64_t helene = app.add_user("helene", "owner"), paul = app.add_user("paul", "resolver"),
                 sylvie = app.add_user("sylvie", "supervisor");
    browser owner{app}, resolver{app, "192.0.2.11"}, stranger{app, "192.0.2.12"}, supervisor{app, "192.0.2.13"};
    program robot{app, app.add_token("owner")}, team{app, app.add_token("resolver")}, reader{app, app.add_token("supervisor")};

    sharing() { enter(); }
    void enter() { owner.enter_as(helene), resolver.enter_as(paul), supervisor.enter_as(sylvie); }
    void next_monday() {
        app.pass(24h * 7);
        run();
        enter();
    }
};

} // namespace relais::tests
