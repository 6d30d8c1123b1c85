// SPDX-License-Identifier: EUPL-1.2
#include "model/dossier_store.hpp"
#include "model/sql.hpp"
#include "model/ticket.hpp"
#include "tests/support/contact_walk.hpp"
#include "tests/support/dossiers.hpp"
#include "tests/support/test_app.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <set>
#include <thread>
#include <vector>

using namespace relais;
using namespace relais::tests;
using nlohmann::json;

namespace {

json body() {
    return {{"requester", {{"name", "Camille Dupont"}, {"email", "camille@example.test"}}},
            {"procedure", "RENEWAL"},
            {"department", "33"},
            {"subject", "Photo refusée"},
            {"body", "Ma photo est refusée."},
            {"portal", {{"error_code", "E-1042"}}}};
}

std::set<std::string> fields_of(const api::reply& reply) {
    std::set<std::string> out;
    for (const auto& each : reply.data["errors"]) out.insert(each["field"].get<std::string>());
    return out;
}

std::int64_t tickets(test_app& app) {
    return app.database().read_now([](soci::session& sql) { return *model::sql::first<std::int64_t>(sql, "SELECT COUNT(*) FROM ticket"); });
}

} // namespace

TEST_CASE("a program opens a ticket without a token, and learns nothing of any dossier", "[intake]") {
    test_app app;
    program anybody(app, "");
    auto opened = anybody.post("/api/v1/tickets", body());
    REQUIRE(opened.status == 201);
    CHECK(opened.data["status"] == "new");
    CHECK(opened.data["received_at"] == "2026-11-25T09:46:40Z");
    CHECK(opened.data["answer_before"] == "2026-12-02");
    CHECK(opened.data["dossier"].is_null());
    CHECK(opened.data["incident"].is_null());
    CHECK(opened.data["service"]["phone"] == "34 00");
    CHECK(opened.data["follow_up_url"].get<std::string>().starts_with("http://127.0.0.1:8080/suivi/"));
    auto claimed = body();
    claimed["channel"] = "phone"; // without a token it is the public form
    auto second = anybody.post("/api/v1/tickets", claimed);
    auto ticket =
        app.database().read_now([&](soci::session& sql) { return model::tickets::get(sql, second.data["reference"].get<std::string>()); });
    CHECK(ticket.channel == "web_form");
    CHECK(ticket.portal_error_code == "E-1042");
}

namespace {

// A base with one dossier of Luc Durand, and two homonyms who cannot be told apart.
void add_dossiers(test_app& app) {
    app.database().write_now([&](soci::session& sql) {
        std::vector<model::dossier_news> news = {some_dossier("0011223344556601", "Durand", "Luc", "1980-05-04"),
                                                 some_dossier("0011223344556602", "Martin", "Marie", "1975-02-03"),
                                                 some_dossier("0011223344556603", "Martin", "Marie", "1975-02-03")};
        model::dossiers::store(sql, news, app.now());
    });
}

// Who writes, and what becomes of the link.
struct somebody {
    std::string birth_name, first_names, birth_date, linked;
};
const somebody people[] = {
    {"Durand", "Luc", "1980-05-04", "linked"}, {"Martin", "Marie", "1975-02-03", "several"}, {"Personne", "Jean", "1960-01-02", "none"}};

json body_of(const somebody& who) {
    auto out = body();
    out["requester"]["name"] = who.first_names + " " + who.birth_name;
    out["subject_person"] = {
        {"birth_name", who.birth_name}, {"first_names", who.first_names}, {"birth_date", who.birth_date}, {"relation", "self"}};
    return out;
}

std::string without(std::string text, const std::string& part) {
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part)) text.erase(at, part.size());
    return text;
}

} // namespace

TEST_CASE("a stranger's answer is the same for a dossier found, several or none; staff are told which", "[intake]") {
    std::set<std::string> answers, forms;
    for (const auto& who : people) {
        INFO(who.linked);
        test_app app; // each begins at the same minute
        add_dossiers(app);
        program anybody(app, ""), agent(app, app.add_token("agent"));
        auto opened = anybody.post("/api/v1/tickets", body_of(who));
        REQUIRE(opened.status == 201);
        auto reference = opened.data["reference"].get<std::string>();
        auto ticket = app.database().read_now([&](soci::session& sql) { return model::tickets::get(sql, reference); });
        CHECK(ticket.dossier_link == who.linked); // the base does know the difference
        auto shown = opened.data;
        shown.erase("reference"), shown.erase("follow_up_url");
        for (const auto& [name, value] : opened.headers) shown["headers"].push_back(name + without(value, reference));
        answers.insert(shown.dump());
        auto told = agent.post("/api/v1/tickets", body_of(who));
        CHECK(told.data["dossier"]["linked"] == who.linked);

        browser person(app);
        auto sent = send_contact_form(app, person,
                                      {{"requester.name", who.first_names + " " + who.birth_name},
                                       {"subject_person.birth_name", who.birth_name},
                                       {"subject_person.first_names", who.first_names},
                                       {"subject_person.birth_date", who.birth_date}});
        CHECK(header_of(sent, "Location") == "/contact/recu");
        auto received = person.get("/contact/recu");
        auto link = received.data["link"].get<std::string>();
        forms.insert(without(without(app.html(), link), received.data["reference"].get<std::string>()));
    }
    CHECK(answers.size() == 1);
    CHECK(forms.size() == 1);
}

TEST_CASE("with a staff token the channel is said and the dossier shown", "[intake]") {
    test_app app;
    program agent(app, app.add_token("agent"));
    auto given = body();
    given["channel"] = "phone";
    auto opened = agent.post("/api/v1/tickets", given);
    REQUIRE(opened.status == 201);
    CHECK(opened.data["dossier"]["linked"] == "none");
    auto ticket =
        app.database().read_now([&](soci::session& sql) { return model::tickets::get(sql, opened.data["reference"].get<std::string>()); });
    CHECK(ticket.channel == "phone");
    given["channel"] = "pigeon";
    CHECK(fields_of(agent.post("/api/v1/tickets", given)) == std::set<std::string>{"channel"});
}

TEST_CASE("every mistake of a body is named at once", "[intake]") {
    test_app app;
    program anybody(app, "");
    auto refused = anybody.post("/api/v1/tickets", {{"requester", {{"name", ""}}},
                                                    {"department", "20"},
                                                    {"procedure", "FLYING"},
                                                    {"neph", "13AA00001"},
                                                    {"subject_person", {{"birth_date", "32/01/1980"}}},
                                                    {"role", "admin"},
                                                    {"body", 12}});
    CHECK(refused.status == 422);
    CHECK(fields_of(refused) == std::set<std::string>{"requester.name", "requester", "department", "procedure", "neph",
                                                      "subject_person.birth_date", "role", "body", "subject"});
    for (const auto& each : refused.data["errors"]) CHECK_FALSE(each["message"].get<std::string>().empty());
    CHECK(tickets(app) == 0);
}

TEST_CASE("what is only odd is accepted and flagged for the agent", "[intake]") {
    test_app app;
    program anybody(app, "");
    auto given = body();
    given["neph"] = "151333200011"; // month 13
    auto opened = anybody.post("/api/v1/tickets", given);
    REQUIRE(opened.status == 201);
    auto ticket =
        app.database().read_now([&](soci::session& sql) { return model::tickets::get(sql, opened.data["reference"].get<std::string>()); });
    CHECK(ticket.flags.find("neph_suspect") != std::string::npos);
    CHECK(ticket.neph_typed == "151333200011");
}

TEST_CASE("the same key and body give the same answer, another body is refused", "[intake]") {
    test_app app;
    program anybody(app, "");
    auto first = anybody.post("/api/v1/tickets", body(), {{"idempotency-key", "0123456789abcdef"}});
    app.pass(std::chrono::seconds(60));
    auto again = anybody.post("/api/v1/tickets", body(), {{"idempotency-key", "0123456789abcdef"}});
    CHECK(again.status == 201);
    CHECK(again.data == first.data);
    auto other = body();
    other["subject"] = "Autre chose";
    CHECK(anybody.post("/api/v1/tickets", other, {{"idempotency-key", "0123456789abcdef"}}).status == 422);
    CHECK(tickets(app) == 1);
    program agent(app, app.add_token("agent"));
    CHECK(agent.post("/api/v1/tickets", body(), {{"idempotency-key", "0123456789abcdef"}}).data["reference"] != first.data["reference"]);
}

TEST_CASE("strangers are limited by address, tokens by their own rate", "[intake][limits]") {
    test_app app;
    program anybody(app, "");
    auto of_mailbox = [](int number) {
        auto out = body();
        out["requester"]["email"] = "camille" + std::to_string(number) + "@example.test";
        return out;
    };
    for (int i = 0; i < 10; ++i) CHECK(anybody.post("/api/v1/tickets", of_mailbox(i)).status == 201);
    auto refused = anybody.post("/api/v1/tickets", of_mailbox(10));
    CHECK(refused.status == 429);
    CHECK_FALSE(header_of(refused, "Retry-After").empty());
    program agent(app, app.add_token("agent"));
    for (int i = 0; i < 12; ++i) CHECK(agent.post("/api/v1/tickets", body()).status == 201);
}

TEST_CASE("a program without a token writes for one mailbox three times a day; with one, as often as it may", "[intake]") {
    test_app app;
    program anybody(app, ""), desk(app, app.add_token("agent"));
    for (int i = 0; i < 3; ++i) CHECK(anybody.post("/api/v1/tickets", body()).status == 201);
    auto refused = anybody.post("/api/v1/tickets", body());
    CHECK(refused.status == 429);
    CHECK(header_of(refused, "Retry-After") == "28800"); // eight hours
    auto other = body();
    other["requester"]["email"] = "autre@example.test";
    CHECK(anybody.post("/api/v1/tickets", other).status == 201);
    CHECK(desk.post("/api/v1/tickets", body()).status == 201);
}

TEST_CASE("contacts sent together for one mailbox pass its limit no more than one after the other", "[intake][limits]") {
    test_app app;
    std::atomic<int> accepted = 0;
    {
        std::vector<std::jthread> programs;
        for (int i = 0; i < 9; ++i)
            programs.emplace_back([&app, &accepted] {
                api::request request;
                request.method = "POST", request.path = "/api/v1/tickets", request.body = body().dump(), request.now = app.now();
                request.headers["content-type"] = "application/json";
                if (app.ask(std::move(request)).status == 201) ++accepted;
            });
    }
    CHECK(accepted == 3);
    CHECK(tickets(app) == 3);
}

TEST_CASE("a contact that was refused does not count for its mailbox", "[intake][limits]") {
    test_app app;
    program anybody(app, "");
    auto wrong = body();
    wrong["procedure"] = "no_such_procedure";
    for (int i = 0; i < 3; ++i) CHECK(anybody.post("/api/v1/tickets", wrong).status == 422);
    CHECK(anybody.post("/api/v1/tickets", body(), {{"idempotency-key", "0123456789abcdef"}}).status == 201);
    auto other = body();
    other["body"] = "Une autre demande sous la même clé.";
    CHECK(anybody.post("/api/v1/tickets", other, {{"idempotency-key", "0123456789abcdef"}}).status == 422);
    for (int i = 0; i < 2; ++i) CHECK(anybody.post("/api/v1/tickets", body()).status == 201);
}
