// SPDX-License-Identifier: EUPL-1.2
#include "api/share_incident_view.hpp"
#include "api/share_table.hpp"
#include "api/share_text.hpp"
#include "model/department.hpp"
#include "model/figure.hpp"
#include "tests/support/sharing.hpp"

#include <catch2/catch.hpp>

using namespace relais;
using nlohmann::json;

namespace {

struct sharing : tests::sharing {
    // The share as another week would have frozen it.
    template <class Change> void change_body(Change change) {
        auto changed = body();
        change(changed);
        write([&](soci::session& sql) {
            model::sql::change(sql, "UPDATE weekly_share SET body = :body WHERE week = :week", changed.dump(), week);
        });
    }
};

} // namespace

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

TEST_CASE("a figure without a value says why, on the page and in the CSV", "[shares]") {
    sharing office;
    CHECK(office.owner.get(office.url).status == 200);
    const auto page = office.app.html();
    auto csv = office.owner.get(office.url + ".csv").text;
    const auto& texts = office.app->templates.texts();
    for (const auto& language : {"fr", "en"})
        for (const auto& each : model::figures::all()) {
            auto key = "share.none." + api::share_text::code(each.id);
            INFO(language << " " << key);
            CHECK(texts.find(language, key) != nullptr);
        }
    auto empty = 0;
    const auto body = office.body();
    for (const auto& each : body["figures"]) {
        INFO(each);
        auto id = each["id"].get<std::string>();
        auto note = api::share_text::note(each, texts, "fr");
        CHECK(note.empty() == each["value"].is_number());
        if (note.empty()) continue;
        ++empty;
        CHECK(page.find(note) != std::string::npos);
        CHECK(csv.find("figure;" + id + ";") != std::string::npos);
        CHECK(csv.find(";note;" + note + ";\r\n") != std::string::npos);
    }
    CHECK(empty > 5);
    CHECK(page.find("aucune correction à annoncer cette semaine") != std::string::npos); // K17
}

TEST_CASE("paper leaves to the workbook what is beyond a list's limit, and says how much", "[shares]") {
    sharing office;
    api::lens through;
    through.texts = &office.app->templates.texts(), through.language = "fr", through.for_people = true;
    auto cut = [&](std::size_t rows) {
        json to = {{"list", json::array()}};
        for (std::size_t i = 0; i < rows; ++i) to["list"].push_back(json::object());
        api::views::cut_on_paper(to, "list", 10, through);
        return to;
    };
    CHECK_FALSE(cut(10).contains("beyond_list"));
    auto one = cut(13);
    CHECK(one["beyond_list"].get<std::string>().starts_with("et 3 autres"));
    CHECK_FALSE(one["list"][9].contains("is_beyond"));
    CHECK(one["list"][10]["is_beyond"] == true);
    // In the page: a list of six and its rest, and the sheets that follow.
    auto body = office.body();
    auto incident = body["incidents"][0];
    for (int i = 1; i < 14; ++i) {
        incident["number"] = 1000 + i;
        body["incidents"].push_back(incident);
    }
    office.write([&](soci::session& sql) { model::sql::change(sql, "UPDATE weekly_share SET body = :body", body.dump()); });
    CHECK(office.owner.get(office.url).status == 200);
    auto html = office.app.html();
    auto in_print = html.substr(html.find("relais-share__group"), html.find("relais-share__index") - html.find("relais-share__group"));
    CHECK(in_print.find("#incident-1005\"") != std::string::npos);
    CHECK(in_print.find("#incident-1006\"") == std::string::npos);
    CHECK(in_print.find("et 8 autres") != std::string::npos);
    CHECK(html.find("id=\"incident-1013\"") != std::string::npos); // whole on the screen
}

TEST_CASE("a share says in one sentence what happens, as the incident's page does, and in which release it appeared", "[shares]") {
    sharing office;
    office.write([&](soci::session& sql) {
        for (const auto& [name, value] :
             {std::pair{"step", "Paiement"}, {"error_code", "ERR-7"}, {"status", "SUBMITTED"}, {"release", "4.13"}})
            model::sql::change(sql, "INSERT INTO incident_fact (incident_id, name, value, tickets) VALUES (:id, :name, :value, 6)",
                               office.number, name, value);
        model::sql::change(sql, "DELETE FROM share_link");
        model::sql::change(sql, "DELETE FROM weekly_share");
        // The first ticket names no release, the next an older one than most.
        model::sql::change(sql, "UPDATE report SET facts = '{\"release\": \"4.12\"}' WHERE ticket_id = 2");
        model::sql::change(sql, "UPDATE report SET facts = '{}' WHERE ticket_id = 1");
    });
    office.run();
    CHECK(office.body()["incidents"][0]["first_release"] == "4.12");
    constexpr auto sentence = "l’étape «\u00a0Paiement\u00a0», le portail affiche le code ERR-7, le dossier reste «\u00a0Déposée\u00a0», "
                              "depuis la version 4.13.";
    CHECK(office.owner.get(office.url).status == 200);
    auto page = office.app.html();
    CHECK(page.find(sentence) != std::string::npos);
    CHECK(page.find("apparu avec la version 4.12") != std::string::npos);
    CHECK(office.resolver.get("/console/incidents/" + std::to_string(office.number)).status == 200);
    CHECK(office.app.html().find(sentence) != std::string::npos);
    auto csv = office.owner.get(office.url + ".csv").text;
    CHECK(csv.find(sentence) != std::string::npos);
    CHECK(csv.find(";first_release;4.12;\r\n") != std::string::npos);
}

TEST_CASE("the map of a share says between which days people wrote, though nobody did since", "[shares]") {
    sharing office;
    office.next_monday(); // of a week in which nobody wrote: the map stays that of the first
    auto map_of = [&](const std::string& week) {
        CHECK(office.owner.get("/console/shares/" + week).status == 200);
        auto html = office.app.html();
        auto begin = html.find("relais-share__map");
        REQUIRE(begin != std::string::npos);
        return html.substr(begin, html.find("<svg", begin) - begin);
    };
    for (const char* week : {"2026-W48", "2026-W49"}) {
        INFO(week);
        CHECK(map_of(week).find("reçues entre le mercredi 25 novembre 2026 et le dimanche 29 novembre 2026") != std::string::npos);
    }
    // Too long ago: the share holds the days no more, and says none.
    office.change_body([](json& body) { body["incidents"][0]["counts"]["stretches"] = json::array(); });
    CHECK(map_of("2026-W48").find("entre le") == std::string::npos);
}

TEST_CASE("the drawings of a share read numbers that are written in no language", "[shares]") {
    sharing office;
    office.change_body([](json& body) {
        auto& stretches = body["incidents"][0]["counts"]["stretches"];
        stretches.push_back(stretches[0]);
        stretches[0]["tickets"] = 12'345, body["volumes"]["received"] = 1234;
        for (auto& each : body["figures"])
            if (each["id"] == "K5") each["value"] = 92.5, each["part"] = 925, each["whole"] = 1000, each["is_hidden"] = false;
    });
    for (const char* language : {"fr", "en"}) {
        INFO(language);
        CHECK(office.owner.get(office.url + "?lang=" + language).status == 200);
        auto html = office.app.html();
        CHECK(html.find("<td data-value=\"1234\">") != std::string::npos);
        CHECK(html.find("<td data-value=\"92.5\">") != std::string::npos);
        CHECK(html.find("<td data-value=\"12345\">") != std::string::npos);
        CHECK(office.supervisor.get(std::string("/console/figures?from=2026-11-23&to=2026-11-29&by=week&lang=") + language).status == 200);
        CHECK(office.app.html().find("<td data-value=\"6\">") != std::string::npos);
    }
}

TEST_CASE("a share says beside its corrections how far they reach, and what is never corrected", "[shares]") {
    sharing office;
    CHECK(office.body()["corrected"] == json{{"weeks", 8}, {"but_not", {"K14"}}});
    office.change_body([](json& body) {
        auto side = [](int count) { return json{{"value", count}, {"part", count}, {"whole", nullptr}}; };
        body["corrections"] = {{{"week", "2026-W47"}, {"id", "received"}, {"was", side(6)}, {"is", side(12)}}};
        body.erase("corrected"); // as shares were before
    });
    CHECK(office.owner.get(office.url).status == 200);
    CHECK(office.app.html().find("Seules les 8 semaines d’avant sont corrigées") != std::string::npos);
    CHECK(office.app.html().find("K14 n’est jamais corrigé") != std::string::npos);
}

TEST_CASE("departments that were put together are on the page when none stands alone", "[shares]") {
    sharing office;
    office.change_body([](json& body) {
        auto& counts = body["incidents"][0]["counts"];
        counts["departments"] = json::array(), counts["rest"] = {{"departments", 3}, {"tickets", 6}};
    });
    CHECK(office.owner.get(office.url).status == 200);
    auto html = office.app.html();
    CHECK(html.find("Autres départements, réunis (3)</td><td></td><td>6</td>") != std::string::npos);
    CHECK(html.find(" Autres départements, réunis (6).") != std::string::npos); // on paper
    CHECK(html.find("#d-59\"") == std::string::npos);
}

TEST_CASE("a legal case whose article nobody has written yet says so on the page", "[shares]") {
    sharing office;
    office.change_body([](json& body) {
        auto& of = body["incidents"][0];
        of["nature"] = "legal_case_not_covered", of["law"] = {{"article", ""}, {"persons", "Résidents"}, {"procedure", "Papier"}};
        body["sections"]["legal"] = json::array({of["number"]});
    });
    CHECK(office.owner.get(office.url).status == 200);
    CHECK(office.app.html().find("<td>à préciser</td><td>Résidents</td><td>Papier</td>") != std::string::npos);
}
