// SPDX-License-Identifier: EUPL-1.2
#include "tests/support/office.hpp"

#include <catch2/catch.hpp>

using namespace relais;
using tests::office;

namespace {

std::string next_of(tests::browser& by, const std::string& view = "") {
    by.get("/console/tickets");
    return tests::header_of(by.post("/console/tickets/next", {{"view", view}}), "Location");
}

} // namespace

TEST_CASE("two colleagues are given two tickets, each says who holds it, and one given back is given again", "[views]") {
    office office;
    auto second = office.open(2);
    auto first_given = next_of(office.agent), second_given = next_of(office.colleague);
    CHECK(first_given == "/console/tickets/" + office.reference);
    CHECK(second_given == "/console/tickets/" + second);
    CHECK(next_of(office.agent, "department=08") == "/console/tickets?department=08&none=1");
    CHECK(office.agent.get(first_given).data["lease"]["is_mine"] == true);
    CHECK(office.colleague.get(first_given).data["lease"]["is_other"] == true);
    CHECK(office.app.html().find("anne") != std::string::npos);
    CHECK(office.agent.get("/console/tickets").data["held"].size() == 1);
    office.agent.get(first_given);
    CHECK(office.agent.post(first_given + "/release", {}).status == 303);
    CHECK(next_of(office.colleague) == first_given);
    CHECK(office.agent.post("/console/tickets/next", {{"view", "status=nonsense"}}).status == 422);
}

TEST_CASE("a view is kept under a name with its filters, order and columns, and opens again", "[views]") {
    office office;
    office.agent.get("/console/tickets");
    auto kept = office.agent.post(
        "/console/views",
        {{"query", "status=waiting&department=974&sort=oldest&evil=1"}, {"columns[]", "due\ncategory\nbogus"}, {"name", "La Réunion"}});
    auto address = tests::header_of(kept, "Location");
    CHECK(address == "/console/tickets?status=waiting&department=974&sort=oldest&columns=due,category&view=1");
    auto shown = office.agent.get(address).data;
    CHECK(shown["shows"]["category"] == true);
    CHECK(shown["shows"]["requester"] == false);
    CHECK(shown["open_view"]["name"] == "La Réunion");
    CHECK(tests::header_of(office.agent.get("/console/views/1"), "Location") == address);
    // Nobody else sees it, and the same name again replaces it.
    CHECK(office.colleague.get("/console/tickets").data["views"].empty());
    CHECK(office.colleague.get("/console/views/1").status == 404);
    CHECK(office.colleague.post("/console/views/1/removal", {}).status == 404);
    office.agent.get("/console/tickets");
    office.agent.post("/console/views", {{"query", "status=new"}, {"name", "La Réunion"}});
    CHECK(office.count("saved_view") == 1);
    office.agent.get("/console/tickets");
    CHECK(office.agent.post("/console/views/1/removal", {}).status == 303);
    CHECK(office.count("saved_view") == 0);
}

TEST_CASE("each view says how many tickets it holds, to those who see it", "[views]") {
    office office;
    for (int i = 2; i < 5; ++i) office.open(i);
    office.app.database().write_now([](soci::session& sql) {
        model::sql::change(
            sql, "UPDATE ticket SET department = '08', status = 'waiting', is_active = 0, waiting_reason = 'citizen' WHERE id = 2");
    });
    auto keep = [&](const char* query, const char* name) {
        office.agent.get("/console/tickets");
        CHECK(office.agent.post("/console/views", {{"query", query}, {"name", name}}).status == 303);
    };
    keep("status=unclosed", "Tout"), keep("status=waiting", "En attente"), keep("assignee=me&sort=legal", "À moi");
    auto counted = [](tests::browser& by) {
        std::map<std::int64_t, std::string> out;
        auto shown = by.get("/console/views/counts");
        CHECK(shown.status == 200);
        for (const auto& each : shown.data["counts"]) out[each["id"]] = each["count"];
        return out;
    };
    using counts = std::map<std::int64_t, std::string>;
    CHECK(counted(office.agent) == counts{{1, "4"}, {2, "1"}, {3, "0"}});
    CHECK(office.app.html().find("id=\"view-count-2\">1<") != std::string::npos);
    CHECK(counted(office.colleague).empty());
    // A view that filters by what is there no more counts nothing, and the others go on.
    office.app.database().write_now(
        [](soci::session& sql) { model::sql::change(sql, "UPDATE saved_view SET query = 'category=GONE-99' WHERE id = 2"); });
    CHECK(counted(office.agent) == counts{{1, "4"}, {3, "0"}});
}

TEST_CASE("supervisors share views with everyone, and they alone take them away", "[views]") {
    office office;
    tests::browser chief{office.app, "192.0.2.12"};
    chief.enter_as(office.app.add_user("marc", "supervisor"));
    chief.get("/console/tickets");
    CHECK(chief.post("/console/views", {{"query", "sort=oldest"}, {"name", "Les plus anciennes"}, {"shared", "1"}}).status == 303);
    CHECK(office.agent.get("/console/tickets").data["views"][0]["name"] == "Les plus anciennes");
    CHECK(office.agent.post("/console/views", {{"query", ""}, {"name", "x"}, {"shared", "1"}}).status == 403);
    CHECK(office.agent.post("/console/views/1/removal", {}).status == 403);
    chief.get("/console/tickets");
    CHECK(chief.post("/console/views/1/removal", {}).status == 409); // of a page that did not show it
    CHECK(chief.post("/console/views/1/removal", {{"version", "1"}}).status == 303);
}

TEST_CASE("a shared view is replaced by whoever had it open as it is, and by nobody unseen", "[views]") {
    office office;
    tests::browser chief{office.app, "192.0.2.12"}, other{office.app, "192.0.2.13"};
    chief.enter_as(office.app.add_user("marc", "supervisor")), other.enter_as(office.app.add_user("sylvie", "supervisor"));
    auto form = [](const std::string& query, const std::string& version) {
        return std::map<std::string, std::string, std::less<>>{
            {"query", query}, {"name", "Urgences"}, {"shared", "1"}, {"view", version.empty() ? "" : "1"}, {"version", version}};
    };
    chief.get("/console/tickets");
    REQUIRE(chief.post("/console/views", form("sort=oldest", "")).status == 303);
    other.get("/console/tickets");
    auto refused = other.post("/console/views", form("status=waiting", "")); // did not know that there was one
    CHECK(refused.status == 409);
    CHECK(refused.data["list_query"] == "status=waiting");
    CHECK(office.app.html().find("Une vue partagée porte déjà ce nom") != std::string::npos);
    CHECK(office.app.html().find("name=\"name\" value=\"Urgences\"") != std::string::npos);
    auto shown = other.get("/console/tickets?sort=oldest&view=1").data["open_view"];
    CHECK(shown["version"] == 1);
    CHECK(other.post("/console/views", form("status=waiting", "1")).status == 303);
    chief.get("/console/tickets?sort=oldest&view=1");
    CHECK(chief.post("/console/views", form("sort=newest", "1")).status == 409);
    CHECK(tests::header_of(chief.get("/console/views/1"), "Location") == "/console/tickets?status=waiting&view=1");
    CHECK(chief.post("/console/views/1/removal", {{"version", "1"}}).status == 409);
    CHECK(office.count("saved_view") == 1);
}

TEST_CASE("columns are shown without a name, and a bad query is refused", "[views]") {
    office office;
    office.agent.get("/console/tickets");
    auto shown = office.agent.post("/console/views", {{"query", ""}, {"columns[]", "updated"}});
    CHECK(tests::header_of(shown, "Location") == "/console/tickets?columns=updated");
    CHECK(office.count("saved_view") == 0);
    CHECK(office.agent.get("/console/tickets?columns=updated").data["items"][0].contains("updated_at_shown"));
    CHECK(office.agent.post("/console/views", {{"query", "status=nonsense"}}).status == 422);
    CHECK(office.agent.post("/console/views", {{"query", std::string(3000, 'a')}, {"name", "x"}}).status >= 400);
    CHECK(office.agent.get("/console/tickets?sort=sideways").status == 422);
    CHECK(office.agent.get("/console/tickets/counts").data["total"] == "1");
}

TEST_CASE("the team, the colleague, what is waited for and the legal deadline are columns too", "[views]") {
    office office;
    office.act(office.agent, "assignment", {{"assignee", std::to_string(office.paul)}});
    office.act(office.agent, "waiting", {{"reason", "centre"}, {"detail", ""}});
    office.app.database().write_now([](soci::session& sql) {
        auto team = model::sql::insert(sql, "INSERT INTO team (code, name) VALUES ('medical', 'Équipe médicale')");
        model::sql::change(sql, "UPDATE ticket SET team_id = :team", team);
    });
    auto shown = office.agent.get("/console/tickets?status=waiting&columns=team,assignee,waiting,legal");
    CHECK(shown.data["shows"]["legal"] == true);
    CHECK(shown.data["items"][0]["team"] == "Équipe médicale");
    auto html = office.app.html();
    for (const auto* each : {"<td>Équipe médicale</td>", "<td>Nom de paul</td>", "<th scope=\"col\">Échéance légale</th>",
                             "<th scope=\"col\">En attente de</th>"}) {
        INFO(each);
        CHECK(html.find(each) != std::string::npos);
    }
}

TEST_CASE("the queue is filtered by what is waited for, and sorted by age and by change", "[views]") {
    office office;
    auto second = office.open(2);
    office.act(office.agent, "messages", {{"kind", "reply"}, {"body", "Une pièce ?"}, {"waits", "1"}});
    auto waiting = office.agent.get("/console/tickets?waiting_reason=citizen").data["items"];
    REQUIRE(waiting.size() == 1);
    CHECK(waiting[0]["reference"] == office.reference);
    CHECK(office.agent.get("/console/tickets?waiting_reason=centre").data["items"].empty());
    CHECK(office.agent.get("/console/tickets?waiting_reason=nonsense").status == 422);
    for (const auto* sort : {"due", "oldest", "newest", "touched"})
        CHECK(office.agent.get(std::string("/console/tickets?status=all&sort=") + sort).data["items"].size() == 2);
}
