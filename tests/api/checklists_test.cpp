// SPDX-License-Identifier: EUPL-1.2
#include "tests/support/office.hpp"

#include <catch2/catch.hpp>

#include <map>
#include <string>

using namespace relais;
using tests::office;
using tests::program;

TEST_CASE("the steps of a telephone request are ticked by name, unticked, and kept in the history", "[steps]") {
    office office;
    office.app.database().write_now([](soci::session& sql) { model::sql::change(sql, "UPDATE ticket SET channel = 'phone'"); });
    auto lists = [&] { return office.agent.get(office.path()).data["checklists"]; };
    REQUIRE(lists().size() == 1);
    CHECK(lists()[0]["steps"][0]["is_done"] == false);
    CHECK(office.agent.post(office.path("/steps"), {{"steps[]", "identity.two_facts\nidentity.no_bank\nevil.step"}}).status == 303);
    CHECK(office.count("checklist_step") == 2); // what is on no list of this ticket is not a step
    CHECK(lists()[0]["steps"][0]["by"] == "Nom de anne");
    office.colleague.get(office.path());
    office.colleague.post(office.path("/steps"), {{"shown[]", "identity.two_facts\nidentity.no_bank"}, {"steps[]", "identity.two_facts"}});
    CHECK(office.count("checklist_step") == 1);
    CHECK(office.count("event WHERE action = 'ticket.step_undone'") == 1);
    auto history = office.agent.get(office.path()).data["history"];
    auto told =
        std::any_of(history.begin(), history.end(), [](const auto& each) { return each["detail"] == "Aucune donnée bancaire demandée"; });
    CHECK(told);
}

TEST_CASE("a page read before a colleague ticked a step changes what its reader changed, and nothing else", "[steps]") {
    office office;
    office.app.database().write_now([](soci::session& sql) { model::sql::change(sql, "UPDATE ticket SET channel = 'phone'"); });
    office.agent.get(office.path()), office.colleague.get(office.path());
    CHECK(office.agent.post(office.path("/steps"), {{"steps[]", "identity.two_facts"}}).status == 303);
    CHECK(office.colleague.post(office.path("/steps"), {{"steps[]", "identity.no_bank"}}).status == 303);
    CHECK(office.count("checklist_step") == 2);
    CHECK(office.count("event WHERE action = 'ticket.step_undone'") == 0);
    // Both tick the same step: it is done once, by the first.
    office.agent.get(office.path());
    CHECK(office.agent.post(office.path("/steps"), {{"steps[]", "identity.no_bank"}}).status == 303);
    CHECK(office.count("event WHERE action = 'ticket.step_done'") == 2);
    office.act(office.agent, "closure", {{"reason", "no_dossier"}});
    office.agent.get(office.path());
    CHECK(office.app.html().find("data-relais-key=\"p\"") == std::string::npos); // there is nothing to save
    CHECK(office.agent.post(office.path("/steps"), {{"shown[]", "identity.two_facts\nidentity.no_bank"}}).status == 409);
    CHECK(office.count("checklist_step") == 2);
}

TEST_CASE("the history says of every action what each field was and became", "[steps]") {
    office office;
    office.app.database().write_now(
        [](soci::session& sql) { model::sql::change(sql, "INSERT INTO team (code, name) VALUES ('nord', 'Équipe nord')"); });
    auto dossier = office.add_dossier("0011223344556677");
    const auto other = office.open(2);
    struct row {
        const char* noun;
        std::map<std::string, std::string, std::less<>> fields;
        const char *action, *detail;
    };
    const std::vector<row> rows = {
        {"assignment",
         {{"assignee", std::to_string(office.paul)}},
         "ticket.assigned",
         "Personne → Nom de paul ; État : Nouvelle → En cours"},
        {"team", {{"team", "nord"}}, "ticket.entrusted", "- → Équipe nord"},
        {"category", {{"category", "CIV-01"}}, "ticket.categorised", "- → "},
        {"dossier", {{"dossier", dossier}, {"reason", "au téléphone"}}, "ticket.linked", "au téléphone ; Dossier : - → "},
        {"waiting", {{"reason", "centre"}}, "ticket.waiting", "État : En cours → En attente ("},
        {"resumption", {}, "ticket.resumed", ") → En cours"},
        {"messages", {{"kind", "reply"}, {"body", "Bonjour"}, {"waits", "on"}}, "ticket.replied", "État : En cours → En attente ("},
        {"closure", {{"reason", "answered"}}, "ticket.closed", ") → Close"},
        {"reopening", {{"reason", "encore"}}, "ticket.reopened", "encore ; État : Close → En cours"},
        {"merge", {{"into", other}}, "ticket.merged", "État : En cours → Réunie"},
        {"unmerge", {}, "ticket.unmerged", "→ En cours"},
    };
    for (const auto& each : rows) {
        INFO(each.noun);
        CHECK(office.act(office.agent, each.noun, each.fields).status == 303);
        auto history = office.agent.get(office.path()).data["history"];
        std::string told;
        for (const auto& one : history)
            if (one["action"] == each.action) told = one["detail"];
        INFO(told);
        CHECK(told.find(each.detail) != std::string::npos);
        CHECK_FALSE(history.back()["data"].contains("facts"));
    }
}

TEST_CASE("the history says what each field was and became, and who read a dossier is shown to those who oversee", "[steps]") {
    office office;
    office.act(office.agent, "assignment", {{"assignee", std::to_string(office.paul)}});
    auto history = office.agent.get(office.path()).data["history"];
    auto detail = [&](const std::string& action) -> std::string {
        for (const auto& each : history)
            if (each["action"] == action) return each["detail"];
        return "";
    };
    CHECK(detail("ticket.assigned") == "Personne → Nom de paul ; État : Nouvelle → En cours");
    auto dossier = office.add_dossier("0011223344556677");
    office.agent.get("/console/dossiers/" + dossier);
    CHECK(office.agent.get("/console/dossiers/" + dossier).data["readings"].empty());
    tests::browser chief{office.app, "192.0.2.12"};
    chief.enter_as(office.app.add_user("marc", "supervisor"));
    auto readings = chief.get("/console/dossiers/" + dossier).data["readings"];
    REQUIRE(readings.size() == 1); // opened twice within the hour
    CHECK(readings[0]["actor"]["name"] == "Nom de anne");
    CHECK(readings[0]["via"] == "");

    // However it was seen: found by a search an hour later, or on a ticket.
    for (int third = 0; third < 3; ++third) { // both stay signed in
        office.app.pass(std::chrono::minutes(21));
        office.agent.get("/console/dossiers"), chief.get("/console/dossiers");
    }
    office.agent.get("/console/dossiers");
    CHECK(office.agent.post("/console/dossiers", {{"number", "0011223344556677"}}).data["items"].size() == 1);
    office.act(office.agent, "dossier", {{"dossier", dossier}});
    office.agent.get(office.path());
    tests::program token{office.app, office.app.add_token("supervisor")};
    auto told = token.get("/api/v1/dossiers/" + dossier).data["readings"];
    std::map<std::string, int> ways;
    for (const auto& each : told) ++ways[each["via"].get<std::string>()];
    CHECK(ways["search"] == 1);
    CHECK(ways["ticket"] >= 1);
    CHECK(ways["call"] == 0);
    chief.get("/console/dossiers/" + dossier);
    CHECK(office.app.html().find("par une recherche") != std::string::npos);
    tests::program agent{office.app, office.app.add_token("agent")};
    CHECK_FALSE(agent.get("/api/v1/dossiers/" + dossier).data.contains("readings"));
}
