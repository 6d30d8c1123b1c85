// SPDX-License-Identifier: EUPL-1.2
#include "api/share_text.hpp"
#include "api/share_workbook.hpp"
#include "model/decision.hpp"
#include "model/incident_corrections.hpp"
#include "tests/support/sharing.hpp"

#include <boost/property_tree/ptree.hpp>
#include <boost/property_tree/xml_parser.hpp>
#include <catch2/catch.hpp>

#include <cstdlib>
#include <fstream>
#include <sstream>

using namespace relais;
using namespace std::chrono_literals;
using tests::browser;
using tests::program;
using tests::sharing;

TEST_CASE("the owner reads a share, acknowledges it and decides; the team answers and carries out", "[shares]") {
    sharing office;
    auto shown = office.owner.get(office.url);
    CHECK(shown.status == 200);
    CHECK(office.app.html().find("2026-W48") != std::string::npos);
    CHECK(office.owner.post(office.url + "/acknowledgement", {}).status == 303);
    CHECK(office.count("share_receipt") == 1);
    auto done = office.owner.post(office.url + "/decisions", office.decision("prioritise", "Avant Noël"));
    CHECK(done.status == 303);
    auto refused = office.owner.post(office.url + "/decisions", office.decision("reject", ""));
    CHECK(refused.status == 422);
    CHECK(office.app.html().find("role=\"alert\"") != std::string::npos);
    CHECK(office.count("decision") == 1);
    // The resolver sees it on the incident's page.
    auto incident = office.resolver.get("/console/incidents/" + std::to_string(office.number));
    CHECK(office.app.html().find("Avant Noël") != std::string::npos);
    auto id = incident.data["decisions"][0]["id"].get<std::int64_t>();
    auto steps = "/console/decisions/" + std::to_string(id) + "/steps";
    CHECK(office.resolver.post(steps, {{"kind", "answer"}, {"text", "Prévu en 4.13"}}).status == 303);
    CHECK(office.resolver.post(steps, {{"kind", "comment"}, {"text", "x"}}).status == 403); // the owner's
    office.owner.get(office.url);
    CHECK(office.owner.post(steps, {{"kind", "comment"}, {"text", "Merci"}}).status == 303);
    CHECK(office.owner.post(steps, {{"kind", "carried_out"}}).status == 403); // the team's
    office.next_monday();
    auto next = office.owner.get("/console/shares/2026-W49");
    REQUIRE(next.data["waiting"].size() == 1);
    CHECK(next.data["waiting"][0]["text"] == "Avant Noël");
    CHECK(office.resolver.get(office.url).status == 200);
    CHECK(office.resolver.post(steps, {{"kind", "carried_out"}, {"text", "Livré"}}).status == 303);
    CHECK(office.resolver.post(office.url + "/decisions", office.decision("accept", "")).status == 403);
}

TEST_CASE("beside an incident, a decision that was replaced says so", "[shares]") {
    sharing office;
    auto decide = [&](const std::string& kind, const std::string& text, const std::string& amends = "") {
        auto form = office.decision(kind, text);
        if (!amends.empty()) form["amends"] = amends;
        office.owner.get(office.url);
        return office.owner.post(office.url + "/decisions", form).status;
    };
    auto replaced = office.app->templates.texts().get("fr", "share.amended");
    // What stands between two words of the page.
    auto beside_incident = [&] {
        office.owner.get(office.url);
        const auto html = office.app.html();
        auto from = html.find(office.app->templates.texts().get("fr", "share.decided_here")), until = html.find("id=\"accept-");
        REQUIRE(from < until);
        return html.substr(from, until - from);
    };
    CHECK(decide("accept", "Oui") == 303);
    CHECK(beside_incident().find(replaced) == std::string::npos);
    auto first = office.app.database().read_now(
        [](soci::session& sql) { return *model::sql::first<std::int64_t>(sql, "SELECT MAX(id) FROM decision"); });
    CHECK(decide("reject", "Non, finalement", std::to_string(first)) == 303);
    auto told = beside_incident();
    auto at = told.find(replaced);
    REQUIRE(at != std::string::npos);
    CHECK(told.find("Oui") < at);
    CHECK(told.find("Non, finalement") > at);
    CHECK(told.find(replaced, at + 1) == std::string::npos); // the one that stands
}

TEST_CASE("the API tells shares, decides once a key, and gives the frozen bytes", "[shares]") {
    sharing office;
    auto list = office.robot.get("/api/v1/weekly-shares");
    REQUIRE(list.data["items"].size() == 1);
    CHECK(list.data["items"][0]["week"] == office.week);
    auto share = office.robot.get("/api/v1/weekly-shares/2026-W48");
    CHECK(share.data["share"]["volumes"]["received"] == 6);
    auto bytes = office.robot.get("/api/v1/weekly-shares/2026-W48.json");
    CHECK(api::sha256_hex(bytes.text) == share.data["sha256"]);
    CHECK(office.robot.get("/api/v1/weekly-shares/2026-W48.exe").status == 404);
    CHECK(office.robot.get("/api/v1/weekly-shares/2026-W47").status == 404);
    auto path = "/api/v1/weekly-shares/2026-W48/decisions";
    nlohmann::json what = {{"incident", office.number}, {"decision", "ask"}, {"text", "Combien ?"}, {"due", "2026-12-15"}};
    auto first = office.robot.post(path, what, {{"idempotency-key", "k1"}});
    CHECK(first.status == 201);
    CHECK(office.robot.post(path, what, {{"idempotency-key", "k1"}}).data == first.data);
    CHECK(office.count("decision") == 1);
    auto amends = what;
    amends["amends"] = first.data["id"], amends["decision"] = "accept";
    CHECK(office.robot.post(path, amends).data["amends"] == first.data["id"]);
    CHECK(office.robot.post(path, amends).status == 409);
    CHECK(office.robot.post(path, {{"incident", 999}, {"decision", "maybe"}}).data["errors"].size() == 2);
    CHECK(office.robot.post("/api/v1/weekly-shares/2026-W48/acknowledgement", nlohmann::json::object()).status == 200);
    auto steps = "/api/v1/decisions/" + std::to_string(first.data["id"].get<std::int64_t>()) + "/steps";
    CHECK(office.team.post(steps, {{"kind", "answer"}, {"text", "Six"}}).data["steps"].size() == 1);
    CHECK(office.team.post(steps, {{"kind", "answer"}}).status == 422);  // without a word
    CHECK(office.team.post(steps, {{"kind", "resumed"}}).status == 409); // it was not carried out
    CHECK(office.robot.post("/api/v1/weekly-shares/2026-W47/decisions", what).status == 404);
    CHECK(office.team.post(path, what).status == 403);
    office.next_monday();
    program reader(office.app, office.app.add_token("supervisor"));
    auto compared = reader.get("/api/v1/weekly-shares/comparison?one=2026-W49&other=2026-W48");
    CHECK(compared.data["one"] == "2026-W48");
    CHECK(compared.data["received"]["one"] == 6);
    CHECK(compared.data["received"]["other"] == 0);
    CHECK(reader.get("/api/v1/weekly-shares/comparison?one=2026-W48&other=2026-W01").status == 404);
    auto unsaid = reader.get("/api/v1/weekly-shares/comparison?one=2026-W48");
    CHECK(unsaid.status == 422);
    REQUIRE(unsaid.data["errors"].size() == 1);
    CHECK(unsaid.data["errors"][0]["field"] == "other");
    auto feed = reader.get("/api/v1/weekly-shares/feed");
    CHECK(feed.text.find("<title>2026-W48") != std::string::npos);
    CHECK(feed.content_type.starts_with("application/atom+xml"));
    // A reader of news has no session: an address of its own, which ends with the account.
    auto address = office.owner.get("/console/shares").data["feed_address"].get<std::string>();
    auto read = office.stranger.get(address);
    CHECK(read.status == 200);
    // Each names the address at which it is asked for again, and says the same.
    auto self = [&](const std::string& asked) { return "<link rel=\"self\" href=\"" + office.app->config.base_url + asked + "\"/>"; };
    auto without_self = [](const std::string& text) {
        return text.substr(0, text.find("<link rel")) + text.substr(text.find("<updated>"));
    };
    CHECK(feed.text.find(self("/api/v1/weekly-shares/feed")) != std::string::npos);
    CHECK(read.text.find(self(address)) != std::string::npos);
    CHECK(office.owner.get("/console/shares/feed").text.find(self("/console/shares/feed")) != std::string::npos);
    CHECK(without_self(read.text) == without_self(feed.text));
    auto altered = address;
    altered.back() = altered.back() == 'A' ? 'B' : 'A';
    CHECK(office.stranger.get(altered).status == 404);
    auto paul = address; // one colleague's signature on another's number
    paul.replace(0, address.find('-'), "/partage/flux/" + std::to_string(office.paul));
    CHECK(office.stranger.get(paul).status == 404);
    CHECK(office.owner.get("/console/shares/comparison?one=2026-W48&other=2026-W49").status == 200);
    CHECK(office.owner.get("/console/shares").data["items"].size() == 2);
    office.write([&](soci::session& sql) {
        model::sql::change(sql, "UPDATE user_account SET disabled_at = :now WHERE id = :id", office.app.now(), office.helene);
    });
    CHECK(office.stranger.get(address).status == 404);
}

TEST_CASE("two weeks are compared, of which one received too few to be told", "[shares]") {
    sharing office; // six in W48
    for (int i = 0; i < 3; ++i) office.ticket("59");
    office.next_monday();
    auto compared = office.owner.get("/console/shares/comparison?one=2026-W49&other=2026-W48").data;
    CHECK(compared["one"] == "2026-W48"); // in the order of time
    CHECK(compared["received"] == nlohmann::json{{"one", "6"}, {"other", "moins de 5"}});
    CHECK(office.app.html().find("6 → moins de 5") != std::string::npos);
    auto api =
        tests::program(office.app, office.app.add_token("owner")).get("/api/v1/weekly-shares/comparison?one=2026-W48&other=2026-W49");
    CHECK(api.data["received"] == nlohmann::json{{"one", 6}, {"other", nullptr}});
    for (const auto& each : compared["figures"])
        if (each["id"] == "K9") CHECK((each["other"].is_null() && each["difference"].is_null()));
}

TEST_CASE("where two weeks are compared, a figure of few people and one with nothing to measure each say so", "[shares]") {
    sharing office;
    office.next_monday();
    office.write([&](soci::session& sql) {
        auto body = nlohmann::json::parse(model::weekly_shares::get(sql, "2026-W49").body);
        for (auto& each : body["figures"]) {
            if (each["id"] == "K5") each["value"] = each["part"] = each["whole"] = nullptr, each["is_hidden"] = true;
            if (each["id"] == "K7") each["value"] = each["part"] = each["whole"] = nullptr, each["is_hidden"] = false;
        }
        model::sql::change(sql, "UPDATE weekly_share SET body = :body WHERE week = '2026-W49'", body.dump());
    });
    auto compared = office.owner.get("/console/shares/comparison?one=2026-W48&other=2026-W49").data;
    auto shown = [&](const std::string& id) {
        for (const auto& each : compared["figures"])
            if (each["id"] == id) return each["other_shown"].get<std::string>();
        return std::string("no such figure");
    };
    CHECK(shown("K5") == "moins de 5");
    CHECK(shown("K7") != "moins de 5");
    CHECK(shown("K7").size() > 10); // the words of the share
}

TEST_CASE("the link of the mail opens its share alone, in its reader's name; an altered one opens nothing", "[shares]") {
    sharing office;
    auto opened = office.stranger.get(office.link("moa@example.test"));
    CHECK(opened.status == 303);
    CHECK(tests::header_of(opened, "Location") == "/partage");
    auto shown = office.stranger.get("/partage");
    CHECK(shown.status == 200);
    CHECK(shown.data["reader"] == "Bureau du permis");
    auto form = office.decision("accept", "Vu");
    form["form_token"] = shown.data["form_token"];
    CHECK(office.stranger.post("/partage/decisions", form).status == 303);
    CHECK(office.stranger.post("/partage/accuse", {{"form_token", shown.data["form_token"]}}).status == 303);
    CHECK(office.count("decision WHERE actor_name = 'Bureau du permis' AND actor_kind = 'link'") == 1);
    CHECK(office.count("share_receipt WHERE actor_name = 'Bureau du permis'") == 1);
    CHECK(office.stranger.get("/partage/fichiers/partage.xlsx").text.starts_with("PK"));
    CHECK(office.stranger.get("/partage/fichiers/autre.xlsx").status == 404);
    form["form_token"] = "faux";
    CHECK(office.stranger.post("/partage/decisions", form).status == 403);
    auto id =
        office.app.database().read_now([](soci::session& sql) { return *model::sql::first<std::int64_t>(sql, "SELECT id FROM decision"); });
    auto comment = "/partage/decisions/" + std::to_string(id) + "/commentaires";
    CHECK(office.stranger.post(comment, {{"form_token", shown.data["form_token"]}, {"text", "Précision"}}).status == 303);
    // Somebody else, with a letter changed, with no link at all, or when the time is over.
    browser other(office.app, "192.0.2.13");
    auto altered = office.link("moa@example.test");
    altered.back() = altered.back() == 'A' ? 'B' : 'A';
    CHECK(other.get(altered).status == 404);
    CHECK(other.get("/partage").status == 404);
    CHECK(other.get(office.link("inconnue@example.test")).status == 404);
    CHECK(other.get(office.link("moa@example.test", "2026-W47")).status == 404);
    office.app.pass(24h * 91);
    CHECK(office.stranger.get("/partage").status == 404);
}

TEST_CASE("who acknowledges by an account and by the link mailed to it is one; two who share a name are two", "[shares]") {
    sharing office;
    office.write([&](soci::session& sql) {
        model::sql::change(sql, "UPDATE user_account SET email = 'moa@example.test' WHERE id = :id", office.helene);
        model::sql::change(sql, "UPDATE share_link SET name = 'Hélène Blanc'");
    });
    auto acknowledge = [&](const std::string& to) {
        browser reader(office.app, "192.0.2.41");
        REQUIRE(reader.get(office.link(to)).status == 303);
        auto token = reader.get("/partage").data["form_token"].get<std::string>();
        CHECK(reader.post("/partage/accuse", {{"form_token", token}}).status == 303);
        return office.count("share_receipt");
    };
    CHECK(acknowledge("moa@example.test") == 1);
    CHECK(office.owner.post(office.url + "/acknowledgement", {}).status == 303);
    CHECK(office.count("share_receipt") == 1);
    CHECK(acknowledge("adjointe@example.test") == 2);
}

TEST_CASE("a button of the link's page pressed twice decides once and comments once", "[shares]") {
    sharing office;
    REQUIRE(office.stranger.get(office.link("moa@example.test")).status == 303);
    auto shown = office.stranger.get("/partage");
    auto key = shown.data["form_key"].get<std::string>();
    CHECK(office.app.html().find("name=\"form_key\" value=\"" + key + "\"") != std::string::npos);
    auto form = office.decision("accept", "Vu");
    form["form_token"] = shown.data["form_token"], form["form_key"] = key;
    for (auto each : {1, 2}) {
        auto done = office.stranger.post("/partage/decisions", form);
        INFO(each);
        CHECK(done.status == 303);
        CHECK(tests::header_of(done, "Location") == "/partage?fait=decided");
    }
    CHECK(office.count("decision") == 1);
    auto other_key = office.stranger.get("/partage").data["form_key"].get<std::string>();
    auto said = form;
    said.clear();
    said["form_token"] = shown.data["form_token"], said["text"] = "Précision";
    for (const auto& each : {key, key, other_key}) {
        said["form_key"] = each;
        CHECK(office.stranger.post("/partage/decisions/1/commentaires", said).status == 303);
    }
    CHECK(office.count("decision_step") == 2);
    form["form_key"] = other_key;
    CHECK(office.stranger.post("/partage/decisions", form).status == 303);
    CHECK(office.count("decision") == 2);
    // The key is of the link: another reader's is another act, whatever the letters.
    browser other(office.app, "192.0.2.31");
    REQUIRE(other.get(office.link("adjointe@example.test")).status == 303);
    form["form_token"] = other.get("/partage").data["form_token"];
    CHECK(other.post("/partage/decisions", form).status == 303);
    CHECK(office.count("decision WHERE actor_name = 'Adjointe'") == 1);
    // What was refused is not remembered.
    auto refused = office.decision("reject", "");
    refused["form_token"] = shown.data["form_token"], refused["form_key"] = key;
    CHECK(office.stranger.post("/partage/decisions", refused).status == 422);
    CHECK(office.stranger.post("/partage/decisions", refused).status == 422);
    refused["text"] = "Trop tard";
    CHECK(office.stranger.post("/partage/decisions", refused).status == 303);
    CHECK(office.count("decision") == 4);
}

TEST_CASE("a link that was revoked opens nothing, and one owner's form does not pass with another's link", "[shares]") {
    sharing office;
    browser one(office.app, "192.0.2.21"), other(office.app, "192.0.2.22");
    REQUIRE(one.get(office.link("moa@example.test")).status == 303);
    REQUIRE(other.get(office.link("adjointe@example.test")).status == 303);
    auto form = office.decision("accept", "Vu");
    form["form_token"] = other.get("/partage").data["form_token"];
    CHECK(one.post("/partage/decisions", form).status == 403);
    CHECK(one.post("/partage/accuse", {{"form_token", form["form_token"]}}).status == 403);
    CHECK(office.count("decision") == 0);
    CHECK(office.count("share_receipt") == 0);
    form["form_token"] = one.get("/partage").data["form_token"];
    auto links = office.supervisor.get("/console/shares/2026-W48").data["links"];
    REQUIRE(links.size() == 2);
    CHECK(office.resolver.get("/console/shares/2026-W48").data.count("links") == 0);
    auto first = *std::find_if(links.begin(), links.end(), [](const auto& each) { return each["recipient"] == "moa@example.test"; });
    auto path = "/links/" + first["id"].dump() + "/revocation";
    CHECK(office.resolver.post("/console/shares/2026-W48" + path, {}).status == 403);
    CHECK(office.robot.post("/api/v1/weekly-shares/2026-W48/links/999/revocation", nlohmann::json::object()).status == 404);
    CHECK(one.get("/partage").status == 200);
    CHECK(office.supervisor.post("/console/shares/2026-W48" + path, {}).status == 303);
    CHECK(office.count("event WHERE action = 'share.link_revoked'") == 1);
    auto again = office.robot.post("/api/v1/weekly-shares/2026-W48" + path, nlohmann::json::object()); // it is once
    CHECK(again.status == 200);
    CHECK(office.count("event WHERE action = 'share.link_revoked'") == 1);
    CHECK(one.get("/partage").status == 404);
    CHECK(one.get("/partage/fichiers/partage.xlsx").status == 404);
    CHECK(one.get(office.link("moa@example.test")).status == 404);
    CHECK(one.post("/partage/decisions", form).status == 404);
    CHECK(other.get("/partage").status == 200); // the others' links stay
}

TEST_CASE("what staff wrote of a citizen is in none of the share's forms", "[shares]") {
    sharing office;
    office.write([&](soci::session& sql) {
        auto of = model::incidents::get(sql, office.number);
        model::sql::change(sql,
                           "UPDATE citizen SET name = 'Zoé Quintavalle', name_folded = 'zoe quintavalle', name_turned = 'quintavalle zoe' "
                           "WHERE id = 1");
        model::incidents::escalate(sql, {office.number, 0, tests::agent_actor(), office.app.now()}, "person", nlohmann::json::object());
        model::incidents::describe(
            sql, {office.number, 0, tests::agent_actor(), office.app.now()},
            {"Mme Quintavalle, NEPH 130759200123, zoe.q@example.test, épileptique", "", of.nature, "normal", "", "", ""});
    });
    office.next_monday();
    office.write([&](soci::session& sql) { // and what is said of the share itself
        auto share = model::weekly_shares::get(sql, "2026-W49").id;
        auto id = model::decisions::decide(sql, share, {"prioritise", "Le cas Quintavalle d’abord", "", office.number},
                                           {"staff", office.helene, "Hélène Blanc", ""}, office.app.now());
        model::decisions::add_step(sql, id, "answer", "Répondu à zoe.q@example.test", model::actor{"staff", 9, "Paul Renard", ""},
                                   office.app.now());
    });
    auto console = "/console/shares/2026-W49";
    std::vector<std::string> forms;
    CHECK(office.owner.get(console).status == 200);
    forms.push_back(office.app.html());
    for (const char* ending : {".csv", ".json"}) forms.push_back(office.owner.get(console + std::string(ending)).text);
    forms.push_back(office.owner.get("/console/shares/feed").text);
    auto share = office.app.database().read_now([](soci::session& sql) { return model::weekly_shares::get(sql, "2026-W49"); });
    tests::temporary_folder folder;
    std::ofstream(folder.path("share.xlsx"), std::ios::binary) << api::share_workbook::make(share, office.app->templates.texts(), "fr");
    auto command = "unzip -p '" + folder.path("share.xlsx") + "' > '" + folder.path("all.xml") + "'";
    REQUIRE(std::system(command.c_str()) == 0);
    std::ifstream in(folder.path("all.xml"), std::ios::binary);
    forms.emplace_back(std::istreambuf_iterator<char>{in}, std::istreambuf_iterator<char>{});
    for (const auto& text : forms) {
        CHECK(text.find("[nom]") != std::string::npos);
        for (const char* each : {"uintavalle", "130759200123", "zoe.q", "pilept"}) CHECK(text.find(each) == std::string::npos);
    }
}

TEST_CASE("the owner reads what the team answered as a share tells it, on the incident's page too", "[shares]") {
    sharing office;
    office.write([&](soci::session& sql) {
        model::sql::change(sql,
                           "UPDATE citizen SET name = 'Zoé Quintavalle', name_folded = 'zoe quintavalle', name_turned = 'quintavalle zoe' "
                           "WHERE id = 1");
    });
    auto decided = office.robot.post("/api/v1/weekly-shares/2026-W48/decisions",
                                     {{"incident", office.number}, {"decision", "ask"}, {"text", "Et Quintavalle ?"}});
    REQUIRE(decided.status == 201);
    CHECK(decided.data["text"] == "Et [nom] ?");
    auto steps = "/api/v1/decisions/" + decided.data["id"].dump() + "/steps";
    auto said = nlohmann::json{{"kind", "answer"}, {"text", "La famille Quintavalle : épileptique"}};
    CHECK(office.team.post(steps, said).data["steps"][0]["text"] == "La famille Quintavalle : épileptique");
    auto commented = office.robot.post(steps, {{"kind", "comment"}, {"text", "Merci"}});
    CHECK(commented.data["steps"][0]["text"] == "La famille [nom] : [donnée protégée]");
    auto page = "/console/incidents/" + std::to_string(office.number);
    CHECK(office.owner.get(page).status == 200);
    auto html = office.app.html();
    CHECK(html.find("La famille [nom] : [donnée protégée]") != std::string::npos);
    for (const char* each : {"uintavalle", "pileptique"}) CHECK(html.find(each) == std::string::npos);
    CHECK(office.resolver.get(page).status == 200);
    CHECK(office.app.html().find("La famille Quintavalle") != std::string::npos); // who treats it reads it
}

TEST_CASE("by a link, what is said is of its own share, and no longer than what fits", "[shares]") {
    sharing office;
    office.owner.post(office.url + "/decisions", office.decision("accept", "D’accord"));
    office.next_monday();
    REQUIRE(office.stranger.get(office.link("moa@example.test", "2026-W49")).status == 303);
    auto token = office.stranger.get("/partage").data["form_token"].get<std::string>();
    auto say = [&](std::int64_t id, const std::string& text) {
        return office.stranger.post("/partage/decisions/" + std::to_string(id) + "/commentaires", {{"form_token", token}, {"text", text}});
    };
    CHECK(say(1, "Et alors ?").status == 404);
    CHECK(say(99, "Et alors ?").status == 404);
    CHECK(office.count("decision_step") == 0);
    auto amend = office.decision("reject", "Non");
    amend["form_token"] = token;
    for (const char* each : {"1", "99"}) {
        amend["amends"] = each;
        CHECK(office.stranger.post("/partage/decisions", amend).status == 404);
    }
    CHECK(office.count("decision") == 1);
    auto own = office.decision("accept", "Vu");
    own["form_token"] = token;
    REQUIRE(office.stranger.post("/partage/decisions", own).status == 303);
    amend["amends"] = "2";
    CHECK(office.stranger.post("/partage/decisions", amend).status == 303); // of this share
    CHECK(say(2, "Précision").status == 303);
    auto refused = say(2, std::string(model::decisions::text_limit + 1, 'x'));
    CHECK(refused.status == 422);
    CHECK(refused.data["errors"][0]["field"] == "text");
    auto too_long = refused.data["errors"][0]["t:message"];
    CHECK(say(2, "").data["errors"][0]["t:message"] != too_long); // it is missing
    CHECK(say(2, std::string(model::decisions::text_limit, 'x')).status == 303);
    CHECK(office.count("decision_step") == 2);
}

TEST_CASE("the feed is Atom that a reader of XML understands, whatever stands in the titles", "[shares]") {
    sharing office;
    const std::string title = "Photo & signature <refusées> \"4.12\" ]]> l’été";
    office.write([&](soci::session& sql) {
        auto of = model::incidents::get(sql, office.number);
        model::incidents::describe(sql, {office.number, 0, tests::agent_actor(), office.app.now()},
                                   {title, "", of.nature, "normal", "", "", ""});
        model::incidents::escalate(sql, {office.number, 0, tests::agent_actor(), office.app.now()}, "person", nlohmann::json::object());
    });
    office.next_monday();
    std::istringstream text(office.owner.get("/console/shares/feed").text);
    boost::property_tree::ptree read;
    boost::property_tree::read_xml(text, read);
    const auto& feed = read.get_child("feed");
    CHECK(feed.get<std::string>("<xmlattr>.xmlns") == "http://www.w3.org/2005/Atom");
    for (const char* each : {"title", "id", "updated", "author.name"}) CHECK_FALSE(feed.get<std::string>(each).empty());
    std::vector<std::string> ids, summaries;
    for (const auto& [name, entry] : feed) {
        if (name != "entry") continue;
        for (const char* each : {"title", "updated", "link.<xmlattr>.href"}) CHECK_FALSE(entry.get<std::string>(each).empty());
        ids.push_back(entry.get<std::string>("id")), summaries.push_back(entry.get<std::string>("summary"));
    }
    REQUIRE(ids.size() == 2);
    CHECK(ids[0] != ids[1]);
    CHECK(summaries[0].find(title) != std::string::npos); // of W49, in which it was handed over
}

TEST_CASE("a difference bears its sign and its unit, and none that is nothing", "[shares]") {
    auto shown = [](const char* id, double by) { return api::share_text::difference(*model::figures::find(id), by, "fr"); };
    CHECK(shown("K1", 2.44) == "+2,4\u00a0pt");
    CHECK(shown("K1", -15.3) == "\u221215,3\u00a0pt");
    CHECK(shown("K1", -0.04) == "0\u00a0pt");
    CHECK(shown("K10.mean", 0.1) == "+0,1/10");
    CHECK(shown("K20", -27) == "\u221227");
    CHECK(shown("K3.p50", 0) == api::share_text::value(*model::figures::find("K3.p50"), 0, "fr"));
}
