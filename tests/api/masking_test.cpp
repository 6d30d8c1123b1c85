// SPDX-License-Identifier: EUPL-1.2
#include "model/sql.hpp"
#include "tests/support/callback_site.hpp"
#include "tests/support/contact_walk.hpp"

#include <catch2/catch.hpp>

using namespace relais;
using namespace relais::tests;

namespace {

// Numbers whose keys are right: only such are masked. One of each kind.
const std::string written = "carte 4111 1111 1111 1111, sécu 1 84 12 76 451 089 46, IBAN FR76 3000 6000 0112 3456 7890 189, "
                            "code photo K8WDO3F0RT6YHBN2ME9QZA";
const std::string kept = "carte **** **** **** 1111, sécu * ** ** ** *** *** **, IBAN FR** **** **** **** **** **** ***, "
                         "code photo K8..............ZA";

// Every column that holds what somebody wrote, and how many of its rows hold it masked.
constexpr std::pair<const char*, const char*> columns[] = {{"ticket", "subject"},
                                                           {"ticket", "portal_message"},
                                                           {"ticket", "satisfaction_text"},
                                                           {"ticket", "neph_typed"},
                                                           {"citizen", "postal_address"},
                                                           {"ticket", "portal_step"},
                                                           {"ticket", "portal_error_code"},
                                                           {"ticket", "portal_browser"},
                                                           {"ticket", "closure_text"},
                                                           {"message", "body"},
                                                           {"callback", "subject"},
                                                           {"callback", "access_need"},
                                                           {"phone_call", "note"},
                                                           {"outbox", "payload"},
                                                           {"event", "data"},
                                                           {"idempotency_key", "answer"}};

struct written_down {
    callback_site site;
    program desk{site.app, site.app.add_token("agent")};

    std::int64_t count(const std::string& table, const std::string& column, const std::string& text) {
        return site.app.database().read_now([&](soci::session& sql) {
            return *model::sql::first<std::int64_t>(sql, "SELECT COUNT(*) FROM " + table + " WHERE " + column + " LIKE :text",
                                                    "%" + text + "%");
        });
    }
    // Nothing that was to be masked lies anywhere in the base.
    void check_nothing_is_clear() {
        for (const auto& [table, column] : columns)
            for (auto clear : {"1111 1111 1111", "84 12 76 451", "3000 6000 0112", "RT6YHBN2"}) {
                INFO(table << "." << column << " " << clear);
                CHECK(count(table, column, clear) == 0);
            }
    }
    std::string reference() {
        return site.app.database().read_now([](soci::session& sql) {
            return *model::sql::first<std::string>(sql, "SELECT reference FROM ticket ORDER BY id DESC LIMIT 1");
        });
    }
};

} // namespace

TEST_CASE("the form masks card, social security, IBAN and photo code before anything is kept", "[masking]") {
    written_down here;
    send_contact_form(here.site.app, here.site.citizen, {{"subject", written}, {"body", written}, {"portal.message", written}});
    CHECK(here.count("ticket", "subject", kept) == 1);
    CHECK(here.count("ticket", "portal_message", kept) == 1);
    CHECK(here.count("message", "body", kept) == 1);
    here.check_nothing_is_clear();
}

TEST_CASE("so does what a program sends of the portal, in whatever box it was typed", "[masking]") {
    written_down here;
    nlohmann::json sent = {{"procedure", "RENEWAL"},
                           {"department", "33"},
                           {"subject", "Paiement refusé"},
                           {"body", written},
                           {"neph", "1 84 12 76 451 089 46"}, // its number of social security
                           {"requester", {{"name", "Camille Dupont"}, {"email", "camille@example.test"}, {"postal_address", written}}},
                           {"portal", {{"step", written}, {"error_code", written}, {"browser", written}, {"release", "r IBAN"}}}};
    CHECK(here.desk.post("/api/v1/tickets", sent).status == 201);
    for (auto column : {"portal_step", "portal_error_code", "portal_browser"}) CHECK(here.count("ticket", column, kept) == 1);
    here.check_nothing_is_clear();
}

TEST_CASE("so do the page of the request, the callback, the call and the agents", "[masking]") {
    written_down here;
    auto& site = here.site;
    send_contact_form(site.app, site.citizen);
    auto reference = here.reference();
    auto page = site.citizen.get("/suivi");
    auto write = [&](const std::string& path, std::map<std::string, std::string, std::less<>> form) {
        form["form_token"] = page.data["form_token"], form["form_id"] = path;
        return site.citizen.post(path, form).status;
    };
    CHECK(write("/suivi/messages", {{"body", written}}) == 303);
    CHECK(write("/suivi/satisfaction", {{"score", "3"}, {"word", written}}) == 303);
    CHECK(here.count("message", "body", kept) == 1);
    CHECK(here.count("ticket", "satisfaction_text", kept) == 1);

    for (auto kind : {"note", "reply"})
        CHECK(here.desk.post("/api/v1/tickets/" + reference + "/messages", {{"kind", kind}, {"body", written}}).status == 200);
    CHECK(here.count("message", "body", kept) == 3);

    auto call = location(site.agent.post("/console/calls", {{"phone", "06 39 98 12 34"}, {"direction", "in"}}));
    auto report = site.agent.post(call + "/report", {{"ticket", reference}, {"said", written}, {"answered", written}, {"note", written}});
    CHECK(report.status == 303);
    CHECK(here.count("message", "body", kept) == 5);
    CHECK(here.count("phone_call", "note", kept) == 1);
    CHECK(here.count("outbox", "payload", "carte **** **** **** 1111") == 1); // the trace tells what was said
    CHECK(here.desk
              .post("/api/v1/calls", {{"direction", "in"},
                                      {"phone", "0639981234"},
                                      {"started_at", "2026-11-25T09:00:00Z"},
                                      {"outcome", "answered"},
                                      {"note", written}})
              .status == 201);
    CHECK(here.count("phone_call", "note", kept) == 2);

    CHECK(here.desk.post("/api/v1/tickets/" + reference + "/closure", {{"reason", "answered"}, {"text", written}}).status == 200);
    CHECK(here.count("ticket", "closure_text", kept) == 1);
    CHECK(here.count("message", "body", kept) == 6);

    auto wish = site.person();
    wish["subject"] = wish["access_need"] = written;
    site.post(site.citizen, "/rappel", wish);
    site.app.pass(std::chrono::seconds(5));
    site.post(site.citizen, "/rappel/creneau", {{"go", "book"}, {"slot_start", thursday_nine_there}});
    CHECK(here.count("callback", "subject", kept) == 1);
    CHECK(here.count("callback", "access_need", kept) == 1);
    here.check_nothing_is_clear();
}
