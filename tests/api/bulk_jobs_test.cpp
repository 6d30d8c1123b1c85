// SPDX-License-Identifier: EUPL-1.2
#include "api/bulk_jobs.hpp"

#include "tests/support/office.hpp"

#include <catch2/catch.hpp>

using namespace relais;
using tests::office;

namespace {

using form = std::map<std::string, std::string, std::less<>>;

form answer_form(const std::string& scope) {
    return {{"scope", scope}, {"view", ""}, {"action", "answer"}, {"body", "Bonjour {nom}, n° {référence}."}};
}

} // namespace

TEST_CASE("many answers are previewed, begun once, and done with their progress", "[bulk]") {
    office office;
    for (int i = 2; i <= 12; ++i) office.open(i);
    office.agent.get("/console/tickets");
    auto seen = office.agent.post("/console/bulk/preview", answer_form("view"));
    REQUIRE(seen.status == 200);
    CHECK(seen.data["count"] == 12);
    CHECK(seen.data["examples"].size() == 5);
    CHECK(seen.data["examples"][0]["text"].get<std::string>().find('{') == std::string::npos);
    CHECK(office.count("message WHERE kind = 'reply'") == 0);
    auto wanted = answer_form("view");
    wanted["form_key"] = seen.data["form_key"].get<std::string>(), wanted["tickets"] = seen.data["tickets"].get<std::string>();
    auto begun = office.agent.post("/console/bulk", wanted);
    auto address = tests::header_of(begun, "Location");
    CHECK(address == "/console/bulk/1");
    CHECK(tests::header_of(office.agent.post("/console/bulk", wanted), "Location") == address);
    CHECK(office.agent.get(address).data["may_stop"] == true);
    CHECK(office.colleague.post(address + "/stop", {}).status == 403);
    CHECK(office.agent.post(address + "/stop", {}).status == 303);
    CHECK_FALSE(api::run_bulk_jobs(*office.app, [] { return false; }));
    office.agent.get(address);
    CHECK(office.agent.post(address + "/resumption", {}).status == 303);
    CHECK(api::run_bulk_jobs(*office.app, [] { return false; }));
    auto after = office.agent.get(address).data;
    CHECK(after["state"] == "done");
    CHECK(after["done"] == 12);
    CHECK(office.count("message WHERE kind = 'reply'") == 12);
    CHECK(office.agent.get("/console/bulk").data["items"].size() == 1);
    CHECK(office.agent.get("/console/bulk/99").status == 404);
    CHECK(office.agent.post(address + "/stop", {}).status == 409);
}

TEST_CASE("a selection is what was ticked, and nothing ticked or nothing asked is refused", "[bulk]") {
    office office;
    auto second = office.open(2);
    office.agent.get("/console/tickets");
    auto wanted = answer_form("ticked");
    CHECK(office.agent.post("/console/bulk/preview", wanted).status == 422);
    wanted["refs[]"] = second;
    CHECK(office.agent.post("/console/bulk/preview", wanted).data["count"] == 1);
    wanted["action"] = "explode";
    CHECK(office.agent.post("/console/bulk/preview", wanted).status == 422);
    wanted["action"] = "category", wanted["category"] = "XXX-01";
    CHECK(office.agent.post("/console/bulk/preview", wanted).status == 422);
    wanted["action"] = "answer", wanted["body"] = " ";
    CHECK(office.agent.post("/console/bulk/preview", wanted).status == 422);
    wanted["body"] = "Bonjour", wanted["tickets"] = "2", wanted["form_key"] = "short";
    CHECK(office.agent.post("/console/bulk", wanted).status == 422);
    wanted["form_key"] = std::string(32, 'k');
    for (const auto* tickets : {"", "2,3", "2..3", "x"}) {
        wanted["tickets"] = tickets;
        CHECK(office.agent.post("/console/bulk", wanted).status == 422);
    }
    CHECK(office.count("bulk_job") == 0);
}

TEST_CASE("many tickets are given to those who treat tickets, and only to them", "[bulk]") {
    office office;
    auto owner = office.app.add_user("moa", "owner");
    office.agent.get("/console/tickets");
    form wanted = {{"scope", "view"}, {"view", ""}, {"action", "assignment"}};
    for (auto nobody : {std::to_string(owner), std::string("abc"), std::string("999"), std::string("-1")}) {
        INFO(nobody);
        wanted["assignee"] = nobody;
        auto refused = office.agent.post("/console/bulk/preview", wanted);
        CHECK(refused.status == 422);
        CHECK(refused.data["errors"][0]["field"] == "assignee");
        auto begun = wanted;
        begun["form_key"] = std::string(32, 'k'), begun["tickets"] = "1";
        CHECK(office.agent.post("/console/bulk", begun).status == 422);
    }
    CHECK(office.count("bulk_job") == 0);
    wanted["assignee"] = "me";
    auto seen = office.agent.post("/console/bulk/preview", wanted);
    CHECK(seen.data["assignee_name"] == "Nom de anne");
    wanted["form_key"] = seen.data["form_key"].get<std::string>(), wanted["tickets"] = seen.data["tickets"].get<std::string>();
    CHECK(office.agent.post("/console/bulk", wanted).status == 303);
    CHECK(api::run_bulk_jobs(*office.app, [] { return false; }));
    CHECK(office.agent.get("/console/tickets?assignee=me").data["items"].size() == 1);
}

TEST_CASE("among more than five hundred colleagues, many tickets are given to any", "[bulk]") {
    office office;
    auto last = office.app.database().write_now([](soci::session& sql) {
        std::int64_t id = 0;
        for (int i = 0; i < 501; ++i)
            id = model::sql::insert(sql,
                                    "INSERT INTO user_account (login, name, role, password_hash, created_at, password_changed_at) VALUES "
                                    "(:login, :name, 'agent', 'x', 0, 0)",
                                    "agent" + std::to_string(i), i < 500 ? std::string("Alix") : std::string("Zoé Zidi"));
        return id;
    });
    office.agent.get("/console/tickets");
    auto seen = office.agent.post("/console/bulk/preview",
                                  {{"scope", "view"}, {"view", ""}, {"action", "assignment"}, {"assignee", std::to_string(last)}});
    CHECK(seen.status == 200);
    CHECK(seen.data["assignee_name"] == "Zoé Zidi");
}

TEST_CASE("the whole of a search, of a dossier or since a moment is no view: it is not offered, and refused", "[bulk]") {
    office office;
    office.open(2);
    CHECK(office.agent.get("/console/tickets?department=76").data["is_view"] == true);
    CHECK(office.app.html().find("id=\"scope-view\"") != std::string::npos);
    auto dossier = "dossier=" + office.add_dossier("0011223344556677");
    for (const auto& query : {std::string("q=photo"), dossier, std::string("updated_since=2026-01-01T00:00:00Z")}) {
        INFO(query);
        auto shown = office.agent.get("/console/tickets?" + query);
        CHECK(shown.data["is_view"] == false);
        CHECK(office.app.html().find("id=\"scope-view\"") == std::string::npos);
        CHECK(office.app.html().find("action=\"/console/tickets/next\"") == std::string::npos);
        auto wanted = answer_form("view");
        wanted["view"] = shown.data["list_query"].get<std::string>();
        CHECK(office.agent.post("/console/bulk/preview", wanted).status == 422);
        office.agent.get("/console/tickets");
        CHECK(office.agent.post("/console/tickets/next", {{"view", query}}).status == 422);
        CHECK(office.agent.post("/console/views", {{"query", query}, {"name", "x"}}).status == 422);
        auto columns = tests::header_of(office.agent.post("/console/views", {{"query", query}, {"columns[]", "age"}}), "Location");
        CHECK(columns.starts_with("/console/tickets?" + query.substr(0, query.find('=') + 1))); // columns are chosen there too
    }
    CHECK(office.agent.get("/console/tickets/counts?q=photo").data["total"] == "0");
}

TEST_CASE("the whole view is that of the colleague, of the incident and of the hour that its page shows", "[bulk]") {
    office office;
    office.open(2);
    office.act(office.agent, "assignment", {{"assignee", std::to_string(office.paul)}});
    auto count = [&](tests::browser& by, const std::string& view) {
        by.get("/console/tickets?" + view);
        auto wanted = answer_form("view");
        wanted["view"] = view;
        auto seen = by.post("/console/bulk/preview", wanted);
        return seen.status == 200 ? seen.data["count"].get<int>() : -seen.status;
    };
    CHECK(count(office.agent, "") == 2);
    CHECK(count(office.agent, "assignee=" + std::to_string(office.paul)) == 1);
    CHECK(count(office.colleague, "mine=1") == 1);
    CHECK(count(office.agent, "mine=1") == -422); // nothing is
    CHECK(count(office.agent, "incident=9") == -422);
    CHECK(count(office.agent, "late=1") == -422);
    office.app.database().write_now([](soci::session& sql) { model::sql::change(sql, "UPDATE ticket SET due_at = 1 WHERE id = 2"); });
    CHECK(count(office.agent, "late=1") == 1);
    CHECK(office.agent.get("/console/tickets?late=1").data["items"].size() == 1);
    // The page that follows is of the same list.
    office.agent.get("/console/tickets?late=1&incident=9");
    CHECK(office.app.html().find("name=\"incident\" value=\"9\"") != std::string::npos);
}

TEST_CASE("what is treated is what was previewed: a ticket that comes into the view meanwhile waits for somebody to see it", "[bulk]") {
    office office;
    office.open(2);
    office.agent.get("/console/tickets");
    auto wanted = answer_form("view");
    auto seen = office.agent.post("/console/bulk/preview", wanted).data;
    REQUIRE(seen["count"] == 2);
    office.open(3);
    wanted["form_key"] = seen["form_key"].get<std::string>(), wanted["tickets"] = seen["tickets"].get<std::string>();
    CHECK(office.agent.post("/console/bulk", wanted).status == 303);
    CHECK(api::run_bulk_jobs(*office.app, [] { return false; }));
    CHECK(office.count("message WHERE kind = 'reply'") == 2);
    CHECK(office.count("message WHERE kind = 'reply' AND ticket_id = 3") == 0);
}
