// SPDX-License-Identifier: EUPL-1.2
#include "api/pages.hpp"
#include "api/share_access.hpp"
#include "api/share_workbook.hpp"
#include "model/department.hpp"
#include "model/figure.hpp"
#include "model/figure_fact.hpp"
#include "model/incident_actions.hpp"
#include "model/incident_corrections.hpp"
#include "model/report.hpp"
#include "model/share_job.hpp"
#include "model/sql.hpp"
#include "model/ticket.hpp"
#include "tests/support/samples.hpp"
#include "tests/support/test_app.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <fstream>

using namespace relais;
using namespace std::chrono_literals;
using tests::browser;
using tests::program;

namespace {

// A centre on the Monday after: an incident of six people, shared with two owners.
struct centre {
    tests::test_app app;
    std::int64_t number = 0;
    int made = 0;
    const std::string week = "2026-W48", url = "/console/shares/2026-W48";

    template <class Function> auto write(Function f) { return app.database().write_now(f); }

    centre() {
        number = write([&](soci::session& sql) {
            return model::incidents::open(sql, {"confirmed", "=HYPERLINK(\"Photo\")", "software_defect", "AGENCY_PORTAL", "", false},
                                          tests::agent_actor(), app.now());
        });
        for (int i = 0; i < 6; ++i) ticket("59");
        app.pass(24h * 5);
        run();
    }
    void ticket(const std::string& department) {
        auto contact = tests::sample_contact(++made);
        contact.requester.birth_name.clear(), contact.requester.phone.clear(), contact.department = department;
        write([&](soci::session& sql) {
            auto opened = model::tickets::open(sql, contact, tests::citizen_actor(), app.now());
            model::placement what;
            what.ticket_id = opened.id, what.incident_id = number, what.engine = "test";
            model::reports::place(sql, what, {}, app.now());
        });
    }
    void run() {
        model::share_job::options wanted;
        wanted.owner = "test", wanted.recipients = {"moa@example.test", "adjointe@example.test"};
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
struct sharing : centre {
    std::int64_t helene = app.add_user("helene", "owner"), paul = app.add_user("paul", "resolver");
    browser owner{app}, resolver{app, "192.0.2.11"}, stranger{app, "192.0.2.12"};
    program robot{app, app.add_token("owner")}, team{app, app.add_token("resolver")}, reader{app, app.add_token("supervisor")};

    sharing() { enter(); }
    void enter() { owner.enter_as(helene), resolver.enter_as(paul); }
    void next_monday() {
        app.pass(24h * 7);
        run();
        enter();
    }
};

} // namespace

TEST_CASE("the owner reads a share, acknowledges it and decides; the team answers and carries out", "[shares]") {
    sharing office;
    auto shown = office.owner.get(office.url);
    CHECK(shown.status == 200);
    CHECK(office.app.html().find("2026-W48") != std::string::npos);
    CHECK(office.owner.post(office.url + "/acknowledgement", {}).status == 303);
    CHECK(office.count("share_acknowledgement") == 1);
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
    auto feed = reader.get("/api/v1/weekly-shares/feed");
    CHECK(feed.text.find("<title>2026-W48") != std::string::npos);
    CHECK(feed.content_type.starts_with("application/atom+xml"));
    // A reader of news has no session: an address of its own, which ends with the account.
    auto address = office.owner.get("/console/shares").data["feed_address"].get<std::string>();
    auto read = office.stranger.get(address);
    CHECK(read.status == 200);
    CHECK(read.text == feed.text);
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

TEST_CASE("the link of the mail opens its share alone, in its reader's name; an altered one opens nothing", "[shares]") {
    sharing office;
    auto opened = office.stranger.get(office.link("moa@example.test"));
    CHECK(opened.status == 303);
    CHECK(tests::header_of(opened, "Location") == "/partage");
    auto shown = office.stranger.get("/partage");
    CHECK(shown.status == 200);
    CHECK(shown.data["reader"] == "moa@example.test");
    auto form = office.decision("accept", "Vu");
    form["form_token"] = shown.data["form_token"];
    CHECK(office.stranger.post("/partage/decisions", form).status == 303);
    CHECK(office.stranger.post("/partage/accuse", {{"form_token", shown.data["form_token"]}}).status == 303);
    CHECK(office.count("decision WHERE actor_name = 'moa@example.test' AND actor_kind = 'link'") == 1);
    CHECK(office.count("share_acknowledgement WHERE actor_name = 'moa@example.test'") == 1);
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
    CHECK(office.count("share_acknowledgement") == 0);
    form["form_token"] = one.get("/partage").data["form_token"];
    office.write([&](soci::session& sql) {
        for (const auto& each : model::share_links::of_share(sql, model::weekly_shares::get(sql, office.week).id))
            if (each.recipient == "moa@example.test") model::share_links::revoke(sql, each.id, office.app.now());
    });
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

TEST_CASE("the workbook says what the frozen share says, as numbers and dates, and runs no formula", "[shares]") {
    sharing office;
    auto share = office.app.database().read_now([&](soci::session& sql) { return model::weekly_shares::get(sql, office.week); });
    auto bytes = api::share_workbook::make(share, office.app->templates.texts(), "fr");
    CHECK(bytes == api::share_workbook::make(share, office.app->templates.texts(), "fr"));
    tests::temporary_folder folder;
    std::ofstream(folder.path("share.xlsx"), std::ios::binary) << bytes;
    auto read = [&](const std::string& part) {
        auto out = folder.path("part.xml");
        auto command = "unzip -p '" + folder.path("share.xlsx") + "' '" + part + "' > '" + out + "'";
        REQUIRE(std::system(command.c_str()) == 0);
        std::ifstream in(out, std::ios::binary);
        return std::string(std::istreambuf_iterator<char>{in}, {});
    };
    auto strings = read("xl/sharedStrings.xml");
    CHECK(strings.find("'=HYPERLINK") != std::string::npos);
    auto incidents = read("xl/worksheets/sheet3.xml");
    CHECK(incidents.find("<f>") == std::string::npos);
    CHECK(incidents.find("state=\"frozen\"") != std::string::npos);
    // Each number against the rows, counted another way.
    auto cell = [](const std::string& sheet, const std::string& name) {
        auto at = sheet.find("<c r=\"" + name + "\"");
        auto from = sheet.find("<v>", at), end = sheet.find("</v>", at);
        return at == std::string::npos ? std::string("none") : sheet.substr(from + 3, end - from - 3);
    };
    auto counted = [&](const std::string& what) { return std::to_string(office.count(what)); };
    CHECK(cell(incidents, "A2") == std::to_string(office.number));
    CHECK(cell(incidents, "I2") == counted("(SELECT DISTINCT person_key FROM report WHERE incident_id = 1) people"));
    CHECK(cell(incidents, "L2") == counted("report WHERE incident_id = 1"));
    auto departments = read("xl/worksheets/sheet4.xml");
    CHECK(cell(departments, "E2") == counted("ticket WHERE department = '59'"));
    auto figures = read("xl/worksheets/sheet7.xml");
    auto row = 2;
    auto body = office.body();
    for (const auto& each : model::figures::all()) { // the frozen value of each, in its place
        auto value = cell(figures, "C" + std::to_string(row++));
        for (const auto& frozen : body["figures"])
            if (frozen["id"] == each.id) {
                INFO(each.id);
                CHECK((frozen["value"].is_null() ? value == "none" : std::stod(value) == frozen["value"].get<double>()));
            }
    }
    auto volumes = read("xl/worksheets/sheet8.xml");
    CHECK(cell(volumes, "C2") == counted("ticket WHERE channel = 'web_form'"));
    CHECK(read("xl/charts/chart1.xml").find("c:barChart") != std::string::npos);
    auto csv = office.owner.get(office.url + ".csv").text;
    CHECK(csv.find("'=HYPERLINK") != std::string::npos);
    CHECK(csv.find("incident.department") != std::string::npos);
}

TEST_CASE("every department and collectivity that a share tells of is on its page, on the map or beside it", "[shares]") {
    sharing office;
    auto body = office.body();
    auto& counts = body["incidents"][0]["counts"];
    counts["departments"] = nlohmann::json::array();
    for (const auto& each : model::departments::all())
        counts["departments"].push_back({{"code", each.code}, {"persons", 5}, {"tickets", 7}});
    office.write([&](soci::session& sql) { model::sql::change(sql, "UPDATE weekly_share SET body = :body", body.dump()); });
    CHECK(office.owner.get(office.url).status == 200);
    const auto html = office.app.html();
    for (const auto& each : model::departments::all()) {
        INFO(each.code);
        auto code = std::string(each.code);
        if (code.size() == 2 && code != "99")
            CHECK(html.find("<title>" + code + " ") != std::string::npos);
        else
            CHECK(html.find("<span class=\"relais-tile__code\">" + code + "</span>") != std::string::npos);
    }
    CHECK(html.find("#d-974\"") != std::string::npos);
    CHECK(html.find("#d-988\"") == std::string::npos); // nobody drew it: a tile of words, and no empty frame
}

TEST_CASE("figures are shown live, by period and by dimension, as the model counts them", "[shares][figures]") {
    sharing office;
    auto week = office.reader.get("/api/v1/figures?from=2026-11-23&to=2026-11-29&by=day");
    REQUIRE(week.data["rows"].size() == 7);
    CHECK(week.data["rows"][2]["received"] == 6);
    CHECK(week.data["rows"][3]["received"] == 0);
    auto by = office.reader.get("/api/v1/figures?from=2026-11-23&to=2026-11-29&by=department");
    REQUIRE(by.data["rows"].size() == 1);
    CHECK(by.data["rows"][0]["key"] == "59");
    // What is open for long is known by dimension too.
    office.write([&](soci::session& sql) {
        model::sql::change(sql, "UPDATE ticket SET received_at = received_at - 2999000, updated_at = :now WHERE id <= 2", office.app.now());
    });
    office.run();
    for (auto each : {"department", "team", "procedure", "channel"}) {
        auto found = office.reader.get(std::string("/api/v1/figures?from=2026-11-23&to=2026-11-29&by=") + each);
        for (const auto& one : found.data["rows"][0]["figures"])
            if (one["id"] == "K20") CHECK(one["value"] == 2);
    }
    office.write([&](soci::session& sql) {
        model::sql::change(sql, "UPDATE ticket SET received_at = received_at + 2999000, updated_at = :now WHERE id <= 2", office.app.now());
    });
    office.run();
    for (auto each : {"week", "month", "team", "procedure", "channel"}) {
        auto found = office.reader.get(std::string("/api/v1/figures?from=2026-11-23&to=2026-11-29&by=") + each);
        std::int64_t sum = 0;
        for (const auto& row : found.data["rows"]) sum += row["received"].get<std::int64_t>();
        CHECK(sum == 6);
        CHECK(office.owner.get(std::string("/console/figures?from=2026-11-23&to=2026-11-29&by=") + each).status == 200);
    }
    CHECK(office.reader.get("/api/v1/figures?from=2026-11-23&to=2026-11-29&department=75").data["figures"].size() ==
          week.data["figures"].size());
    CHECK(office.reader.get("/api/v1/figures?from=2026-12-24&to=2026-11-29").status == 422);
    CHECK(office.reader.get("/api/v1/figures?by=colour").status == 422);
}

TEST_CASE("open data are what the agency must publish, with their dictionary, and nothing of fewer than five", "[shares][figures]") {
    sharing office;
    CHECK(office.stranger.get("/donnees-ouvertes").status == 200);
    auto figures = office.stranger.get("/donnees-ouvertes/indicateurs.csv").text;
    CHECK(figures.find("2026-W48;2026-11-23;K5;") != std::string::npos);
    CHECK(figures.find(";K11;") == std::string::npos); // not among those published
    auto dictionary = office.stranger.get("/donnees-ouvertes/dictionnaire.csv").text;
    for (const auto& each : model::figures::all())
        CHECK((dictionary.find("indicateur;" + std::string(each.id) + ";") != std::string::npos) == each.is_public);
    CHECK(office.stranger.get("/donnees-ouvertes/autre.csv").status == 404);
    // Also of shares that were frozen before their own figures hid small parts.
    auto published = [&](std::int64_t part, std::int64_t whole) {
        auto body = office.body();
        for (auto& each : body["figures"])
            if (each["id"] == "K7") each["value"] = 99.25, each["part"] = part, each["whole"] = whole, each["is_hidden"] = false;
        office.write([&](soci::session& sql) { model::sql::change(sql, "UPDATE weekly_share SET body = :body", body.dump()); });
        return office.stranger.get("/donnees-ouvertes/indicateurs.csv").text;
    };
    CHECK(published(390, 400).find("2026-W48;2026-11-23;K7;99.25;390;400;") != std::string::npos);
    for (auto part : {3, 397}) CHECK(published(part, 400).find("2026-W48;2026-11-23;K7;;;;") != std::string::npos);
    CHECK(published(2, 4).find("2026-W48;2026-11-23;K7;;;;") != std::string::npos);
}

TEST_CASE("the page of figures and the documentation print one formula", "[shares][figures]") {
    api::pages pages(".");
    std::ifstream in("docs/chiffres.md");
    std::string text(std::istreambuf_iterator<char>{in}, {});
    for (const auto& each : model::figures::all()) {
        std::string key = "figure." + std::string(each.id);
        std::replace(key.begin() + 7, key.end(), '.', '_');
        INFO(each.id);
        CHECK(text.find(pages.texts().get("fr", key + ".formula")) != std::string::npos);
        CHECK(text.find("| " + std::string(each.id) + " |") != std::string::npos);
    }
}
