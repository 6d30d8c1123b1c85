// SPDX-License-Identifier: EUPL-1.2
#include "model/dossier_pace.hpp"
#include "tests/support/office.hpp"

#include <catch2/catch.hpp>

#include <set>

using namespace relais;
using tests::office;
using tests::program;

TEST_CASE("the page of a dossier tells everything that happened, and how long it has waited beside its like", "[dossier]") {
    office office;
    program api(office.app, office.app.add_token("agent"));
    auto id = office.add_dossier("0011223344556677");
    office.app.database().write_now([&](soci::session& sql) {
        model::sql::change(sql, "UPDATE dossier SET status = 'UNDER_ASSESSMENT', status_since = '2026-11-01', centre = 'CERT de Nantes', "
                                "procedure_code = 'TITLE_AFTER_EXAM'");
        for (int i = 0; i < 8; ++i) {
            auto news = tests::some_dossier("00112233445566" + std::to_string(80 + i), "Autre", "Personne", "1980-01-01");
            model::dossiers::store(sql, std::span(&news, 1), office.app.now());
        }
        model::sql::change(sql, "UPDATE dossier SET status = 'UNDER_ASSESSMENT', status_since = '2026-11-15', centre = 'CERT de Nantes', "
                                "procedure_code = 'TITLE_AFTER_EXAM' WHERE birth_name = 'Autre'");
    });
    CHECK(model::dossier_paces::refresh(office.app.database(), office.app.now()));
    CHECK_FALSE(model::dossier_paces::refresh(office.app.database(), office.app.now())); // once a night
    auto ticket = "/api/v1/tickets/" + office.reference;
    CHECK(api.post(ticket + "/dossier", {{"dossier", id}, {"reason", "au téléphone"}}).status == 200);
    CHECK(api.post(ticket + "/messages", {{"kind", "reply"}, {"body", "Bonjour"}}).status == 200);
    CHECK(api.post("/api/v1/calls", {{"direction", "in"},
                                     {"phone", "+33639981234"},
                                     {"started_at", "2026-11-25T09:00:00Z"},
                                     {"ended_at", "2026-11-25T09:05:00Z"},
                                     {"outcome", "answered"},
                                     {"ticket", office.reference},
                                     {"note", "rappelle demain"}})
              .status == 201);
    // Others write about the same dossier: one who is answered by letter, whom an incident concerns, and one who can only be called back.
    auto second = office.open(2, "", "", "3 rue de l’Église\n97400 Saint-Denis");
    CHECK(api.post("/api/v1/tickets/" + second + "/dossier", {{"dossier", id}, {"reason", "par courrier"}}).status == 200);
    auto incident = program(office.app, office.app.add_token("resolver"))
                        .post("/api/v1/incidents", {{"title", "Photo refusée"}, {"nature", "software_defect"}})
                        .data["number"];
    CHECK(api.post("/api/v1/tickets/" + second + "/incident", {{"incident", incident}}).status == 200);
    CHECK(api.post("/api/v1/tickets/" + office.open(3, "", "") + "/dossier", {{"dossier", id}, {"reason", "au téléphone"}}).status == 200);
    auto sheet = api.get("/api/v1/dossiers/" + id).data;
    std::vector<std::string> kinds;
    for (const auto& each : sheet["timeline"]) kinds.push_back(each["kind"]);
    for (const auto* kind : {"state", "ticket", "reply", "call", "callback", "letter", "told", "incident"}) {
        INFO(kind);
        CHECK(std::count(kinds.begin(), kinds.end(), kind) >= 1);
    }
    for (const auto& each : sheet["timeline"]) {
        if (each["kind"] == "told") CHECK(each["channel"] == "phone"); // the third has no address of any kind
        if (each["kind"] == "letter") CHECK(each["channel"] == "letter");
    }
    CHECK(kinds.back() == "state"); // the oldest
    CHECK(sheet["days_in_status"] == 24);
    CHECK(sheet["median_days"] == 10);
    CHECK(sheet["deadlines"][0]["kind"] == "provisional_certificate");
    CHECK(sheet["deadlines"][0]["on"] == "2027-03-01");
    CHECK(sheet["deadlines"][0]["is_assumed"] == true);
    auto shown = office.agent.get("/console/dossiers/" + id);
    CHECK(shown.status == 200);
    CHECK(office.app.html().find("<svg class=\"relais-strip\"") != std::string::npos);
    CHECK(office.count("event WHERE action = 'dossier.read'") == 2);

    // The data-protection officer sees that there was a message, and none of its words.
    program dpo(office.app, office.app.add_token("dpo"));
    auto silent = dpo.get("/api/v1/dossiers/" + id);
    REQUIRE_FALSE(silent.data["timeline"].empty());
    for (const auto& each : silent.data["timeline"]) CHECK_FALSE(each.contains("excerpt"));
}

TEST_CASE("the call of who was identified by a dossier stands in its timeline, once, with a ticket or without", "[dossier]") {
    office office;
    program api(office.app, office.app.add_token("agent"));
    auto id = office.add_dossier("0011223344556677");
    auto calls = [&] {
        auto lines = api.get("/api/v1/dossiers/" + id).data["timeline"];
        std::vector<nlohmann::json> out;
        std::copy_if(lines.begin(), lines.end(), std::back_inserter(out), [](const auto& each) { return each["kind"] == "call"; });
        return out;
    };
    nlohmann::json call = {
        {"direction", "in"},     {"phone", "+33639981234"},  {"started_at", "2026-11-25T09:00:00Z"}, {"ended_at", "2026-11-25T09:05:00Z"},
        {"outcome", "answered"}, {"note", "rappelle demain"}};
    CHECK(api.post("/api/v1/calls", call).status == 201);
    CHECK(calls().empty()); // somebody else's
    office.app.database().write_now([&](soci::session& sql) {
        model::sql::change(sql, "UPDATE phone_call SET dossier_id = :dossier", model::dossiers::get(sql, id).id);
    });
    REQUIRE(calls().size() == 1);
    CHECK(calls()[0]["excerpt"] == "rappelle demain");
    CHECK(calls()[0]["reference"].is_null());
    office.app.database().write_now([](soci::session& sql) { model::sql::change(sql, "UPDATE phone_call SET ticket_id = 1"); });
    REQUIRE(calls().size() == 1); // its ticket is about no dossier
    CHECK(calls()[0]["reference"] == office.reference);
    CHECK(api.post("/api/v1/tickets/" + office.reference + "/dossier", {{"dossier", id}, {"reason", "au téléphone"}}).status == 200);
    CHECK(calls().size() == 1);
}

TEST_CASE("a legal date is noted by the desk, shown on the ticket, and taken back", "[dossier]") {
    office office;
    program api(office.app, office.app.add_token("agent"));
    auto id = office.add_dossier("0011223344556677");
    auto dates = "/api/v1/dossiers/" + id + "/dates";
    CHECK(api.post(dates, {{"kind", "birthday"}, {"day", "2026-12-01"}}).status == 422);
    CHECK(api.post(dates, {{"kind", "medical"}, {"day", "2026-02-30"}}).status == 422);
    CHECK(api.post("/api/v1/dossiers/inconnu/dates", {{"kind", "medical"}, {"day", "2026-12-01"}}).status == 404);
    auto noted = api.post(dates, {{"kind", "medical"}, {"day", "2026-12-01"}});
    CHECK(noted.status == 200);
    CHECK(noted.data["deadlines"][0]["days_left"] == 6);
    auto ticket = "/api/v1/tickets/" + office.reference;
    CHECK(api.post(ticket + "/dossier", {{"dossier", id}, {"reason", "au téléphone"}}).status == 200);
    CHECK(api.get(ticket).data["deadlines"][0]["on"] == "2026-12-01");
    auto version = std::to_string(office.agent.get("/console/dossiers/" + id).data["dates_version"].get<std::int64_t>());
    CHECK(office.agent.post("/console/dossiers/" + id + "/dates", {{"kind", "medical"}, {"day", ""}, {"version", version}}).status == 303);
    CHECK(api.get(ticket).data["deadlines"].empty());
    CHECK(office.count("event WHERE action = 'dossier.date_noted'") == 2);
    // Who noted what, and what stood there before.
    auto history = api.get("/api/v1/dossiers/" + id).data["history"];
    REQUIRE(history.size() == 2);
    CHECK(history[0]["actor"]["name"] == "Nom de anne");
    CHECK((history[0]["kind"] == "medical" && history[0]["from"] == "2026-12-01" && history[0]["to"] == ""));
    CHECK((history[1]["from"] == "" && history[1]["to"] == "2026-12-01"));
    office.agent.get("/console/dossiers/" + id);
    CHECK(office.app.html().find("1er décembre 2026 → -, Nom de anne") != std::string::npos);
}

TEST_CASE("a state that moved in the registry is told in the dossier's history", "[dossier]") {
    office office;
    auto id = office.add_dossier("0011223344556677");
    office.app.database().write_now([&](soci::session& sql) {
        model::events::record(sql, {}, "dossier.moved", "dossier", model::dossiers::get(sql, id).id,
                              {{"from", {{"status", "UNDER_ASSESSMENT"}}}, {"to", {{"status", "REFUSED"}}}}, office.app.now());
    });
    auto history = program(office.app, office.app.add_token("agent")).get("/api/v1/dossiers/" + id).data["history"];
    REQUIRE(history.size() == 1);
    CHECK((history[0]["from"] == "UNDER_ASSESSMENT" && history[0]["to"] == "REFUSED"));
    CHECK(office.agent.get("/console/dossiers/" + id).data["history"][0]["action"] == "dossier.moved");
}

TEST_CASE("a date noted on top of a colleague's is refused, with what was typed, and a program that saw older dates changes nothing",
          "[dossier]") {
    office office;
    program api(office.app, office.app.add_token("agent"));
    auto id = office.add_dossier("0011223344556677");
    auto page = "/console/dossiers/" + id, path = "/api/v1/dossiers/" + id;
    office.agent.get(page);
    auto etag = tests::header_of(api.get(path), "ETag");
    CHECK(etag == "\"1\"");
    CHECK(tests::header_of(api.post(path + "/dates", {{"kind", "exam"}, {"day", "2026-11-02"}}, {{"if-match", etag}}), "ETag") == "\"2\"");
    auto late = api.post(path + "/dates", {{"kind", "exam"}, {"day", "2026-11-03"}}, {{"if-match", etag}});
    CHECK(late.status == 412);
    CHECK(late.data["reason"] == "conflict.dates");
    auto refused = office.agent.post(page + "/dates", {{"kind", "exam"}, {"day", "2026-11-04"}, {"version", "1"}});
    CHECK(refused.status == 409);
    CHECK(office.app.html().find("<option value=\"exam\" selected>") != std::string::npos);
    CHECK(office.app.html().find("value=\"2026-11-04\"") != std::string::npos);
    CHECK(office.app.html().find("Un collègue vient de modifier les dates de ce dossier.") != std::string::npos);
    CHECK(office.agent.post(page + "/dates", {{"kind", "exam"}, {"day", "2026-02-30"}, {"version", "2"}}).status == 422);
    CHECK(office.app.html().find("value=\"2026-02-30\"") != std::string::npos);
    CHECK(api.get(path).data["dates"] == nlohmann::json::array({{{"kind", "exam"}, {"day", "2026-11-02"}}}));
}

TEST_CASE("a long life is told page by page, the lines of one second together, and an incident leads to its page", "[dossier]") {
    office office;
    program api(office.app, office.app.add_token("agent", 0));
    auto id = office.add_dossier("0011223344556677");
    auto ticket = "/api/v1/tickets/" + office.reference;
    CHECK(api.post(ticket + "/dossier", {{"dossier", id}, {"reason", "au téléphone"}}).status == 200);
    auto incident = program(office.app, office.app.add_token("resolver"))
                        .post("/api/v1/incidents", {{"title", "Photo refusée"}, {"nature", "software_defect"}})
                        .data["number"];
    CHECK(api.post(ticket + "/incident", {{"incident", incident}}).status == 200);
    CHECK(api.get("/api/v1/dossiers/" + id).data["timeline_next"] == nullptr);
    constexpr int many = 450; // three a second, so that a page ends within one
    office.app.database().write_now([&](soci::session& sql) {
        for (int i = 0; i < many; ++i)
            model::sql::change(sql,
                               "INSERT INTO message (ticket_id, kind, channel, author_name, body, created_at) "
                               "SELECT id, 'note', 'console', 'anne', :body, received_at + 1000 + :at FROM ticket",
                               std::to_string(i), i / 3);
    });
    std::multiset<std::string> told;
    std::string after, last = "9999";
    int pages = 0;
    for (; pages < 5; ++pages) {
        auto sheet = api.get("/api/v1/dossiers/" + id + after).data;
        CHECK(sheet["timeline"].size() <= 200);
        for (const auto& each : sheet["timeline"]) {
            CHECK(each["at"].get<std::string>() <= last);
            last = each["at"];
            if (each["kind"] == "note") told.insert(each["excerpt"].get<std::string>());
            CHECK(each["incident"].is_null() == (each["kind"] != "incident"));
        }
        if (sheet["timeline_next"].is_null()) break;
        after = "?after=" + sheet["timeline_next"].get<std::string>();
    }
    CHECK(pages == 2);
    CHECK(told.size() == many);
    CHECK(std::set<std::string>(told.begin(), told.end()).size() == many); // nothing twice
    office.agent.get("/console/dossiers/" + id);
    CHECK(office.app.html().find("Lignes plus anciennes") != std::string::npos);
    office.agent.get("/console/dossiers/" + id + after);
    CHECK(office.app.html().find("Lignes plus anciennes") == std::string::npos);
    CHECK(office.app.html().find("Lignes les plus récentes") != std::string::npos);
    CHECK(office.app.html().find("href=\"/console/incidents/" + std::to_string(incident.get<int>()) + "\"") != std::string::npos);
    for (const auto* bad : {"x", "t", "t-1", "t99999999999999"}) CHECK(api.get("/api/v1/dossiers/" + id + "?after=" + bad).status == 422);
}

TEST_CASE("the queue tells the days left as the dossier does, on the last day and after it", "[dossier]") {
    office office;
    auto api = [&] { return program(office.app, office.app.add_token("agent")); }; // a token lasts a day here
    auto id = office.add_dossier("0011223344556677");
    CHECK(api().post("/api/v1/tickets/" + office.reference + "/dossier", {{"dossier", id}, {"reason", "au téléphone"}}).status == 200);
    CHECK(api().post("/api/v1/dossiers/" + id + "/dates", {{"kind", "medical"}, {"day", "2026-11-26"}}).status == 200);
    auto in_queue = [&] { return api().get("/api/v1/tickets").data["items"].at(0)["legal_days_left"]; };
    auto on_page = [&] { return api().get("/api/v1/dossiers/" + id).data["deadlines"].at(0)["days_left"]; };
    for (auto expected : {1, 0, -1, -2}) { // hours of the morning: less than a whole day before and after the end of the 26th
        CHECK(in_queue() == expected);
        CHECK(on_page() == expected);
        office.app.pass(std::chrono::hours(24));
    }
}
