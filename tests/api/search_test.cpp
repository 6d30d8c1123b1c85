// SPDX-License-Identifier: EUPL-1.2
#include "model/search_index.hpp"
#include "tests/support/office.hpp"

#include <catch2/catch.hpp>

#include <set>

using namespace relais;
using tests::browser;
using tests::office;
using tests::program;

namespace {

// Tickets about other things than dates of birth, by other people.
struct library : office {
    library() {
        write(11, "Photo refusée", "Ma photographie est refusée depuis lundi, la préfecture ne répond pas.", "Inès Østergaard");
        write(12, "Paiement", "Le timbre fiscal a été prélevé deux fois.", "Jean Dupont");
        write(13, "Paiement du timbre", "Timbre, timbre, timbre !", "Léa Dupont");
        app.index();
    }
    void write(int number, const std::string& subject, const std::string& body, const std::string& name) {
        auto contact = tests::sample_contact(number);
        contact.subject = subject, contact.body = body;
        contact.requester.name = name, contact.requester.birth_name.clear(),
        contact.requester.phone = "+336998000" + std::to_string(number);
        if (number == 12) contact.department = "33";
        app.pass(std::chrono::minutes(1));
        app.database().write_now([&](soci::session& sql) { model::tickets::open(sql, contact, tests::citizen_actor(), app.now()); });
    }
    std::vector<std::string> subjects(const std::string& query) {
        std::vector<std::string> out;
        auto found = api.get("/api/v1/tickets?" + query);
        for (const auto& each : found.data["items"]) out.push_back(each["subject"]);
        return out;
    }
    program api{app, app.add_token("agent", 0)};
};

using list = std::vector<std::string>;

} // namespace

TEST_CASE("words find tickets whatever accents, endings and the unfinished last word, the newest first or the closest", "[search]") {
    library office;
    CHECK(office.subjects("q=photographies%20PREFECTURE") == list{"Photo refusée"});
    CHECK(office.subjects("q=refus%C3%A9e%20photogr") == list{"Photo refusée"});
    CHECK(office.subjects("q=timbre") == list{"Paiement du timbre", "Paiement"});
    CHECK(office.subjects("q=timbre%20fiscal%20paiement&sort=relevance").front() == "Paiement");
    CHECK(office.subjects("q=timbre&sort=relevance").front() == "Paiement du timbre");
    CHECK(office.api.get("/api/v1/tickets?q=timbre&sort=x").status == 422);
}

TEST_CASE("a search keeps to the filters, and its pages to one another", "[search]") {
    library office;
    CHECK(office.subjects("q=timbre&department=33") == list{"Paiement"});
    CHECK(office.subjects("q=timbre&status=closed").empty());
    CHECK(office.subjects("q=timbre&assignee=none&status=new").size() == 2);
    auto first = office.api.get("/api/v1/tickets?q=timbre&limit=1");
    CHECK(first.data["search"]["about"] == 2);
    auto second = office.api.get("/api/v1/tickets?q=timbre&limit=1&after=" + first.data["next"].get<std::string>());
    CHECK(second.data["items"][0]["subject"] == "Paiement");
    CHECK(second.data["next"].is_null());
    for (auto after : {"x", "s-1", "s10001", "u1.2"})
        CHECK(office.api.get("/api/v1/tickets?q=timbre&after=" + std::string(after)).status == 422);
}

TEST_CASE("a page of a search is filled whatever the filter, and none is empty while others follow", "[search]") {
    library office;
    for (int number = 31; number < 61; ++number) office.write(number, "Timbre " + std::to_string(number), "Timbre", "Luc Petit");
    for (int number = 31; number < 61; ++number) {
        auto ticket = "/api/v1/tickets/26-AAAA-BB" + std::to_string(number);
        auto is_wanted = number == 32 || number == 45 || number == 58;
        CHECK(office.api.post(ticket + "/waiting", {{"reason", is_wanted ? "centre" : "citizen"}}).status == 200);
    }
    office.app.index();
    const std::string query = "q=timbre&status=waiting&waiting_reason=centre";
    CHECK(office.subjects(query) == list{"Timbre 58", "Timbre 45", "Timbre 32"});
    CHECK(office.subjects("q=timbre&status=waiting&waiting_reason=external_owner").empty());
    list read;
    std::string after;
    for (int pages = 0; pages < 5; ++pages) {
        auto page = office.api.get("/api/v1/tickets?q=timbre&waiting_reason=centre&status=unclosed&limit=1" + after).data;
        for (const auto& each : page["items"]) read.push_back(each["subject"]);
        if (page["next"].is_null()) break;
        after = "&after=" + page["next"].get<std::string>();
    }
    // The three, then what is left of the hits, which holds none of them.
    CHECK(read == list{"Timbre 58", "Timbre 45", "Timbre 32"});
    auto whole = office.api.get("/api/v1/tickets?q=timbre&status=unclosed&waiting_reason=centre").data;
    CHECK(whole["search"]["about"] == 3);
    CHECK(whole["next"].is_null());
}

TEST_CASE("a misspelt word brings a suggestion, and too many words the tickets that have some of them", "[search]") {
    library office;
    auto answer = office.api.get("/api/v1/tickets?q=prefecturre");
    CHECK(answer.data["search"]["suggestion"] == "prefecture");
    auto wide = office.api.get("/api/v1/tickets?q=timbre%20baleine");
    CHECK(wide.data["search"]["widened"] == true);
    CHECK(wide.data["items"].size() == 2);
    auto page = office.agent.get("/console/recherche?q=prefecturre");
    CHECK(office.app.html().find("/console/recherche?q=prefecture\"") != std::string::npos);
    CHECK(office.agent.get("/console/tickets?q=prefecturre").data["suggestion_address"] == "/console/tickets?q=prefecture");
}

TEST_CASE("a reference, a telephone, a name, a dossier number and a NEPH are found at once, before the index has read them", "[search]") {
    library office;
    office.write(21, "Tout neuf", "Bonjour", "Yann Kerouédan"); // not indexed
    CHECK(office.subjects("q=kerou") == list{"Tout neuf"});
    CHECK(office.subjects("q=0699800021") == list{"Tout neuf"});
    CHECK(office.subjects("q=%2B33%206%2099%2080%2000%2021") == list{"Tout neuf"});
    CHECK(office.subjects("q=26-AAAA-BB21") == list{"Tout neuf"});
    auto id = office.add_dossier("0011223344556677");
    office.act(office.agent, "dossier", {{"dossier", id}});
    CHECK(office.subjects("q=001122334455") == list{"Date de naissance refusée"});
    CHECK(office.subjects("q=0011%202233%204455%206677") == list{"Date de naissance refusée"});
}

TEST_CASE("the box shows what the first characters may mean", "[search]") {
    library office;
    office.add_dossier("0011223344556677");
    auto found = office.agent.get("/console/recherche/apercu?q=dup");
    CHECK(found.data["tickets"].size() == 2);
    CHECK(office.app.html().find("Léa Dupont") != std::string::npos);
    CHECK(office.app.html().find("<html") == std::string::npos); // a piece of page
    CHECK(office.agent.get("/console/recherche/apercu?q=durand").data["dossiers"].size() == 1);
    CHECK(office.agent.get("/console/recherche/apercu?q=le%20prefec").data["words"][0]["text"] == "le prefecture");
    CHECK(office.agent.get("/console/recherche/apercu?q=d").data["tickets"].empty());
    CHECK(office.agent.get("/console/recherche/apercu").data["is_nothing"] == false);
    CHECK(office.agent.get("/console/recherche").data["was_searched"] == false);
}

TEST_CASE("who saw a dossier among results is written down, once an hour whatever is typed", "[search]") {
    library office;
    office.add_dossier("0011223344556677");
    auto readings = [&] { return office.count("event WHERE action = 'dossier.read' AND data LIKE '%search%'"); };
    for (const auto* typed : {"du", "dur", "durand"}) office.agent.get(std::string("/console/recherche/apercu?q=") + typed);
    CHECK(readings() == 1);
    office.agent.get("/console/recherche?q=durand");
    CHECK(readings() == 1);
    office.colleague.get("/console/recherche?q=durand");
    CHECK(readings() == 2);
    for (int i = 0; i < 4; ++i) office.app.pass(std::chrono::minutes(15)), office.agent.get("/console/tickets"); // still signed in
    office.agent.get("/console/recherche/apercu?q=durand");
    CHECK(readings() == 3);
    office.agent.get("/console/recherche/apercu?q=dupont"); // no dossier
    browser owner(office.app, "192.0.2.13");
    owner.enter_as(office.app.add_user("owner", "owner"));
    owner.get("/console/recherche/apercu?q=durand"); // is shown none
    CHECK(readings() == 3);
}

TEST_CASE("results, counts and suggestions tell a role nothing that it may not see", "[search]") {
    library office;
    office.add_dossier("0011223344556677");
    for (auto role : {"owner", "admin", "dpo"}) {
        INFO(role);
        browser other(office.app, "192.0.2.13");
        other.enter_as(office.app.add_user(role, role));
        for (auto q : {"timbre", "prefecturre", "photographie"}) {
            INFO(q);
            auto found = other.get(std::string("/console/recherche?q=") + q);
            CHECK(found.data["items"].empty());
            CHECK(
                found.data["search"] ==
                nlohmann::json({{"about", 0}, {"widened", false}, {"suggestion", nullptr}, {"ranked_among", nullptr}, {"is_cut", false}}));
            CHECK(other.get(std::string("/console/recherche/apercu?q=") + q).data["words"].empty());
        }
        auto may_see_people = role == std::string("dpo");
        CHECK(other.get("/console/recherche?q=dupont").data["items"].empty() != may_see_people);
        CHECK(other.get("/console/recherche/apercu?q=durand").data["dossiers"].empty() != may_see_people);
        CHECK(other.get("/console/recherche/apercu?q=26-AAAA").data["tickets"].empty() != may_see_people);
        if (may_see_people) continue;
        for (auto word : {"Dupont", "Durand", "Østergaard"}) CHECK(office.app.html().find(word) == std::string::npos);
    }
}

TEST_CASE("no text in the box is an operator or an error", "[search]") {
    library office;
    for (auto q :
         {"%22", "*", "-timbre", "NOT%20timbre", "%25%5F%27%20OR%201%3D1", "XMstatus%3Anew", "%F0%9F%98%80", "(((", "subject%3Atimbre"}) {
        INFO(q);
        CHECK(office.api.get(std::string("/api/v1/tickets?q=") + q).status == 200);
        CHECK(office.agent.get(std::string("/console/recherche/apercu?q=") + q).status == 200);
    }
    CHECK(office.agent.get("/console/recherche?q=" + std::string(2000, 'a')).status == 200);
    CHECK(office.agent.get("/console/recherche?q=%3Cscript%3Ealert(1)%3C/script%3E").status == 200);
    CHECK(office.app.html().find("<script>alert") == std::string::npos);
}

TEST_CASE("the box finds where the console goes, for those who may go there", "[search]") {
    office office;
    auto commands = [&](tests::browser& by, const std::string& q) { return by.get("/console/recherche/apercu?q=" + q).data["commands"]; };
    CHECK(commands(office.agent, "courr")[0]["address"] == "/console/courriers");
    CHECK(commands(office.agent, "planning").empty());
    tests::browser owner{office.app, "192.0.2.13"};
    owner.enter_as(office.app.add_user("claire", "owner"));
    CHECK(commands(owner, "courr").empty());
    CHECK(commands(owner, "incid").size() == 1);
}

TEST_CASE("the box finds the views of the desk and one's own by name, and nobody else's", "[search]") {
    office office;
    for (int i = 1; i <= 12; ++i)
        office.agent.post("/console/views", {{"query", "status=new"}, {"name", "Vue numéro " + std::to_string(i)}});
    office.agent.post("/console/views", {{"query", "status=waiting"}, {"name", "À relancer lundi"}});
    auto commands = [](tests::browser& by, const std::string& q) { return by.get("/console/recherche/apercu?q=" + q).data["commands"]; };
    auto found = commands(office.agent, "relancer");
    REQUIRE(found.size() == 1);
    CHECK(found[0]["label"] == "À relancer lundi");
    auto opened = office.agent.get(found[0]["address"].get<std::string>());
    CHECK(tests::header_of(opened, "Location").find("status=waiting") != std::string::npos);
    CHECK(commands(office.agent, "num%C3%A9ro").size() == 12);
    tests::browser colleague{office.app, "192.0.2.14"};
    colleague.enter_as(office.app.add_user("zoe", "agent"));
    CHECK(commands(colleague, "relancer").empty());
}

TEST_CASE("the box finds a view that is kept for oneself and shared once", "[search]") {
    office office;
    tests::browser chief{office.app, "192.0.2.15"};
    chief.enter_as(office.app.add_user("marc", "supervisor"));
    chief.post("/console/views", {{"query", "status=waiting"}, {"name", "À relancer lundi"}});
    chief.post("/console/views", {{"query", "status=waiting"}, {"name", "À relancer lundi"}, {"shared", "1"}});
    chief.post("/console/views", {{"query", "status=new"}, {"name", "À relancer mardi"}});
    chief.post("/console/views", {{"query", "status=open"}, {"name", "À relancer mardi"}, {"shared", "1"}});
    CHECK(chief.get("/console/tickets").data["views"].size() == 4);
    auto found = [&](const std::string& q) { return chief.get("/console/recherche/apercu?q=" + q).data["commands"].size(); };
    CHECK(found("lundi") == 1);
    CHECK(found("mardi") == 2); // two views of one name
}

TEST_CASE("a search that stops before its end says so", "[search]") {
    office office;
    office.app.index(); // which makes it anew the first time
    for (int id = 1; id <= 10'061; ++id) {
        model::search_document document;
        document.ticket_id = id, document.reference = std::to_string(id), document.words = "timbre"; // every ticket has the word
        office.app->search.put(document);
    }
    office.app->search.commit(0);
    auto says = [&] { return office.app.html().find("La recherche s’arrête ici") != std::string::npos; };
    auto near = office.agent.get("/console/recherche?q=timbre&after=s9960");
    CHECK(near.data["next"] == "s9990");
    CHECK_FALSE(says());
    CHECK(office.agent.get("/console/recherche?q=timbre&after=s9990").data["next"].is_null());
    CHECK(says());
    CHECK(office.agent.get("/console/recherche?q=timbre&after=s10030").status == 422);
    program api{office.app, office.app.add_token("agent", 0)};
    CHECK(api.get("/api/v1/tickets?q=timbre&after=s9990").data["search"]["is_cut"] == true);
    CHECK(api.get("/api/v1/tickets?q=timbre").data["search"]["is_cut"] == false);
}

TEST_CASE("the command box leads where the person may go, late tickets being those that are late", "[search]") {
    office office;
    auto commands = [&](tests::browser& by, const std::string& q) {
        std::set<std::string> out;
        auto found = by.get("/console/recherche/apercu?q=" + q).data;
        for (const auto& each : found["commands"]) out.insert(each["address"].get<std::string>());
        return out;
    };
    CHECK(commands(office.agent, "retard") == std::set<std::string>{"/console/tickets?late=1"});
    CHECK(commands(office.agent, "alertes") == std::set<std::string>{"/console/alertes"});
    CHECK(commands(office.agent, "groupes") == std::set<std::string>{"/console/bulk"});
    CHECK(commands(office.agent, "equipes").empty());
    CHECK(commands(office.agent, "effectifs").empty());
    tests::browser chief{office.app, "192.0.2.12"};
    chief.enter_as(office.app.add_user("marc", "supervisor"));
    CHECK(commands(chief, "equipes") == std::set<std::string>{"/console/equipes"});
    CHECK(commands(chief, "effectifs") == std::set<std::string>{"/console/calls/staffing"});
    CHECK(commands(chief, "direct") == std::set<std::string>{"/console/figures/live"});
    // The menu of a page is the same list, with what is open marked.
    office.agent.get("/console/alertes");
    CHECK(office.app.html().find("href=\"/console/alertes\" data-relais-key=\"g v\" aria-current") != std::string::npos);
    CHECK(office.app.html().find("/console/equipes") == std::string::npos);
}
