// SPDX-License-Identifier: EUPL-1.2
// The workbook of a share, cell by cell, against the same questions put to the rows in SQL of this file alone.
#include "tests/support/told_weeks.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>

using namespace relais;
using namespace relais::model;
using namespace relais::tests;
using nlohmann::json;

namespace {

// A day of Paris as a spreadsheet counts them.
json serial(sys_seconds at) {
    constexpr auto before_1970 = 25'569;
    return date::floor<date::days>(at + 1h).time_since_epoch().count() + before_1970; // winter time
}

std::string content(const std::string& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>{in}, {}};
}

} // namespace

TEST_CASE("every sheet of the workbook but the figures says what the rows say", "[shares][workbook]") {
    told_weeks office;
    auto sheets = office.workbook();
    CHECK(sheets.size() == 10);
    auto happened = [&](const std::string& action) {
        return office.number("SELECT COUNT(DISTINCT object_id) FROM event WHERE object_kind = 'incident' AND action = 'incident." + action +
                             "' AND at_us >= " + at_text(w49.from) + "000000 AND at_us < " + at_text(w49.to) + "000000");
    };
    check_rows(sheets["Synthèse"], {{"Semaine", "2026-W49"},
                                    {"Période", "du lundi 30 novembre 2026 au dimanche 6 décembre 2026"},
                                    {"Heures", 168},
                                    {"Empreinte SHA-256", office.word("SELECT sha256 FROM weekly_share WHERE week = '2026-W49'")},
                                    {office.say("share.received"), office.counted("ticket WHERE " + within("received_at", w49))},
                                    {office.say("share.closed"), office.counted("ticket WHERE " + within("closed_at", w49))},
                                    {office.say("share.open"), office.counted("incident WHERE state IN ('confirmed', 'escalated')")},
                                    {"Rappels promis", office.counted("callback")}, // nobody asked for one
                                    {"Rappels passés dans le créneau", office.counted("callback")},
                                    {"Rappels tenus", office.counted("callback")},
                                    {"Rappels aboutis", office.counted("callback")},
                                    {"Nouveaux", happened("opened")},
                                    {"Revenus après correction", happened("regressed")},
                                    {"En forte hausse", 0},
                                    {"Transmis à la résolution", happened("escalated")},
                                    {"Contournés", happened("workaround")},
                                    {"Corrigés", happened("fixed")},
                                    {"Vérifiés", happened("verified")},
                                    {"Clos", happened("closed")},
                                    {office.say("share.few_title"), office.say("share.few_text")}});
    CHECK(happened("escalated") == 1);
    check_rows(
        sheets["Décisions"],
        {{office.photo, "'=HYPERLINK(\"Photo\")", "Prioriser", "Avant la rentrée", serial(date::sys_days(date::year(2026) / 12 / 4)),
          "Hélène Blanc", serial(w49.from + 12h), 6, true, "Transmis à la résolution"},
         {office.legal, "Permis monégasque", "Demander", "'=1+1", "", "Hélène Blanc", serial(w49.from + 12h), 6, false, "Confirmé"}});
    std::vector<std::vector<json>> incidents;
    for (auto id : {office.photo, office.legal, office.held}) {
        auto is_held = id == office.held;
        auto of = " FROM report WHERE incident_id = " + std::to_string(id) + " AND received_at < " + at_text(w49.to);
        auto told = [&](const std::string& what) { return is_held ? json() : office.number("SELECT " + what + of); };
        auto is_photo = id == office.photo;
        auto opened = office.number("SELECT MIN(at_us) FROM event WHERE object_kind = 'incident' AND object_id = " + std::to_string(id));
        auto age = (seconds(w49.to) - opened.get<std::int64_t>() / 1'000'000) / 86'400;
        auto code = office.word("SELECT MIN(procedure_code) FROM ticket, report WHERE report.ticket_id = ticket.id AND incident_id = " +
                                std::to_string(id));
        auto procedure = id == office.legal ? code : office.say("procedure." + code); // EXCHANGE has no words
        incidents.push_back({id,
                             is_photo  ? "'=HYPERLINK(\"Photo\")"
                             : is_held ? "Trois personnes"
                                       : "Permis monégasque",
                             "Pour la démarche «\u00a0" + procedure + "\u00a0».",
                             is_photo ? "Transmis à la résolution" : "Confirmé",
                             is_photo ? "Transmis à la résolution, Contournés" : "",
                             office.say("nature." + std::string(id == office.legal ? "legal_case_not_covered" : "software_defect")),
                             "Système national (FAETON, DSR)",
                             "Normale",
                             age,
                             told("COUNT(DISTINCT person_key)"),
                             told("COUNT(DISTINCT dossier_id)"),
                             0,
                             told("COUNT(*)"),
                             is_held
                                 ? json()
                                 : office.number("SELECT COUNT(*) FROM message m, report r WHERE m.ticket_id = r.ticket_id AND m.kind = "
                                                 "'citizen' AND r.incident_id = " +
                                                 std::to_string(id)),
                             is_photo  ? "en baisse"
                             : is_held ? "pas encore connue"
                                       : "en baisse",
                             is_held ? json() : serial(w49.to - 1s),
                             is_held,
                             false,
                             serial(date::sys_days(date::year(2027) / 1 / 23)),
                             "",
                             "",
                             "",
                             is_photo ? "non tenu" : "",
                             is_photo ? serial(date::sys_days(date::year(2026) / 12 / 4)) : json(),
                             is_photo ? "tenu" : "",
                             is_photo ? serial(date::sys_days(date::year(2026) / 12 / 10)) : json(),
                             is_photo ? "en cours" : "",
                             is_photo ? serial(date::sys_days(date::year(2026) / 12 / 17)) : json(),
                             is_photo ? "Une autre photo" : "",
                             is_photo ? "arbitrer avec le système national" : ""}); // handed over after what was decided on it
    }
    CHECK(
        office.word("SELECT MIN(ticket.implicit_on) FROM ticket, report WHERE report.ticket_id = ticket.id AND incident_id IS NOT NULL") ==
        "2027-01-23"); // the first implicit decision, of each incident here
    check_rows(sheets["Incidents"], incidents);
    std::vector<std::vector<json>> oldest; // they came the same day
    for (const auto& each : incidents) oldest.push_back({oldest.size() + 1, each[0], each[1], each[3], each[8]});
    check_rows(sheets["Plus anciens"], oldest);
    auto in_week = [&](std::int64_t id, const time_span& week) {
        return " FROM report WHERE incident_id = " + std::to_string(id) + " AND " + within("received_at", week);
    };
    auto persons = [&](std::int64_t id, const time_span& week) {
        return office.number("SELECT COUNT(DISTINCT person_key)" + in_week(id, week));
    };
    auto tickets = [&](std::int64_t id, const time_span& week) { return office.number("SELECT COUNT(*)" + in_week(id, week)); };
    // Of the legal case nobody wrote in the second week: its departments stay those of the first.
    check_rows(sheets["Départements"],
               {{office.photo, "59", "Nord", persons(office.photo, w49), tickets(office.photo, w49), serial(w49.from), serial(w49.to - 1s)},
                {office.legal, "06", "Alpes-Maritimes", persons(office.legal, w48), tickets(office.legal, w48), serial(tests::monday),
                 serial(w48.to - 1s)}});
    std::vector<std::vector<json>> stretches;
    for (auto id : {office.photo, office.legal})
        for (const auto& week : {w48, w49})
            stretches.push_back(
                {id, serial(std::max(week.from, tests::monday)), serial(week.to - 1s), tickets(id, week), persons(id, week)});
    stretches[0][1] = stretches[2][1] = serial(tests::monday);
    check_rows(sheets["Tendances"], stretches);
    check_rows(sheets["Cas légaux"], {{office.legal, "Permis monégasque", "R. 222-3 du code de la route", "Résidents de Monaco", "Papier",
                                       "Confirmé", persons(office.legal, w48)}});
    auto received = [&](const std::string& where) {
        return office.counted("ticket WHERE " + where + " AND " + within("received_at", w49));
    };
    check_rows(sheets["Volumes"],
               {{office.say("share.channels"), "Formulaire", received("channel = 'web_form'")},
                {office.say("share.channels"), office.say("share.rest_rows"), received("channel IN ('phone', 'email')")},
                {office.say("share.procedures"), office.say("procedure.LOSS"), received("procedure_code = 'LOSS'")},
                {office.say("share.procedures"), office.say("procedure.REGISTRATION"), received("procedure_code = 'REGISTRATION'")}});
    auto late = "ticket WHERE department <> '13' AND " + within("received_at", w48);
    auto name = [&](const char* id) { return office.say("figure." + std::string(id) + ".name"); };
    auto of_row = [&](const char* table, const std::string& code, const std::string& called, const char* column) {
        auto told = std::string("ticket WHERE ") + column + " = '" + code + "' AND " + within("received_at", w48);
        return std::vector<nlohmann::json>{"2026-W48",
                                           table + ("." + code),
                                           office.corrected(table, called),
                                           office.counted(told + " AND department <> '13'"),
                                           office.counted(told),
                                           "nombre"};
    };
    check_rows(sheets["Corrections"], {{"2026-W48", "received", office.say("share.received"), office.counted(late),
                                        office.counted("ticket WHERE " + within("received_at", w48)), "nombre"},
                                       of_row("channels", "web_form", "Formulaire", "channel"),
                                       of_row("procedures", "RENEWAL", office.say("procedure.RENEWAL"), "procedure_code"),
                                       {"2026-W48", "K4", name("K4"), 100, 100, "%"},
                                       {"2026-W48", "K9", name("K9"), 0, 0, "%"}});
    CHECK(office.counted("ticket WHERE department = '13'") == 6);
}

TEST_CASE("the workbook says that an article is still to be written", "[shares][workbook]") {
    told_weeks office;
    auto share = office.frozen("2026-W49");
    auto body = json::parse(share.body);
    for (auto& each : body["incidents"])
        if (each.contains("law")) each["law"]["article"] = "";
    share.body = body.dump();
    for (const auto& [language, name, words] : {std::tuple{"fr", "Cas légaux", "à préciser"}, {"en", "Legal cases", "to be specified"}}) {
        auto sheet = read_workbook(api::share_workbook::make(share, office.pages.texts(), language))[name];
        REQUIRE(sheet.size() == 2);
        CHECK(sheet[1][2].value == words);
    }
}

TEST_CASE("the workbook is the same file each time, with frozen heads, charts and no formula", "[shares][workbook]") {
    told_weeks office;
    auto bytes = api::share_workbook::make(office.frozen("2026-W49"), office.pages.texts(), "fr");
    CHECK(bytes == api::share_workbook::make(office.frozen("2026-W49"), office.pages.texts(), "fr"));
    temporary_folder folder;
    std::ofstream(folder.path("share.xlsx"), std::ios::binary) << bytes;
    auto part = [&](const std::string& name) {
        auto command = "unzip -p '" + folder.path("share.xlsx") + "' '" + name + "' > '" + folder.path("part") + "'";
        INFO(name);
        REQUIRE(std::system(command.c_str()) == 0);
        return content(folder.path("part"));
    };
    for (int sheet = 1; sheet <= 10; ++sheet) {
        auto text = part("xl/worksheets/sheet" + std::to_string(sheet) + ".xml");
        CHECK(text.find("<f>") == std::string::npos);
        CHECK(text.find("state=\"frozen\"") != std::string::npos);
    }
    CHECK(part("xl/sharedStrings.xml").find("'=HYPERLINK") != std::string::npos);
    auto trend = part("xl/charts/chart1.xml");
    CHECK(trend.find("c:lineChart") != std::string::npos);
    CHECK(trend.find("dd/mm/yyyy") != std::string::npos); // its axis says days, not their numbers
    CHECK(part("xl/charts/chart2.xml").find("c:barChart") != std::string::npos);
}

TEST_CASE("LibreOffice opens the workbook without a word, and finds its sheets and numbers", "[shares][workbook]") {
    INFO("./test installs soffice (Debian's libreoffice-calc-nogui)");
    REQUIRE(std::system("command -v soffice > /dev/null") == 0);
    told_weeks office;
    temporary_folder folder;
    std::ofstream(folder.path("share.xlsx"), std::ios::binary)
        << api::share_workbook::make(office.frozen("2026-W49"), office.pages.texts(), "fr");
    auto command = "soffice -env:UserInstallation=file://" + folder.path("home") +
                   " --headless --convert-to xlsx:'Calc MS Excel 2007 XML' "
                   "--outdir '" +
                   folder.path("again") + "' '" + folder.path("share.xlsx") + "' > '" + folder.path("out") + "' 2> '" + folder.path("err") +
                   "'";
    REQUIRE(std::system(command.c_str()) == 0);
    std::istringstream said(content(folder.path("err")));
    for (std::string line; std::getline(said, line);) {
        INFO(line);
        CHECK(line.find("javaldx") != std::string::npos); // it looks for a Java of its own, and that is all
    }
    auto first = office.workbook(), again = read_workbook(content(folder.path("again") + "/share.xlsx"));
    REQUIRE(again.size() == first.size());
    for (const auto& [name, rows] : first) {
        INFO(name);
        REQUIRE(again.contains(name));
        std::size_t numbers = 0, numbers_again = 0;
        auto count = [](const std::vector<workbook_row>& of) {
            std::size_t out = 0;
            for (const auto& row : of)
                for (const auto& cell : row) out += cell.is == workbook_cell::kind::number;
            return out;
        };
        numbers = count(rows), numbers_again = count(again[name]);
        CHECK(numbers_again == numbers);
    }
}
