// SPDX-License-Identifier: EUPL-1.2
// The figures of a share in its workbook and on its page, and the page's tables, against SQL of this file alone.
#include "tests/support/told_figures.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <set>

using namespace relais;
using namespace relais::model;
using namespace relais::tests;
using nlohmann::json;

namespace {

const figure_definition& definition(const json& id) { return *figures::find(id.get<std::string>()); }

std::string trimmed(const std::string& text) {
    auto from = text.find_first_not_of(" \n"), to = text.find_last_not_of(" \n");
    return from == std::string::npos ? "" : text.substr(from, to - from + 1);
}

bool is_figure(const std::vector<std::string>& cells) {
    return cells.size() == 5 && cells[0].size() > 1 && cells[0][0] == 'K' && std::isdigit(static_cast<unsigned char>(cells[0][1]));
}

} // namespace

TEST_CASE("the figures of the workbook and of the page are what the rows say", "[shares][workbook]") {
    told_weeks office;
    auto wanted = figures_by_sql(office);
    auto before = json::parse(office.frozen("2026-W48").body), frozen = json::parse(office.frozen("2026-W49").body);
    auto has_values = 0;
    std::vector<std::vector<json>> rows;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        const auto& of = definition(wanted[i][0]);
        auto row = wanted[i];
        auto key = std::string(of.id);
        std::replace(key.begin(), key.end(), '.', '_');
        auto value = row[1].is_null() ? std::nullopt : std::optional(row[1].get<double>());
        has_values += value.has_value();
        auto is_met = !of.target || !value ? json() : json(of.at_least ? *value >= *of.target : *value <= *of.target);
        row.insert(row.begin() + 1, office.say("figure." + key + ".name"));
        row.insert(row.begin() + 3, office.say("share.unit." + unit_of(std::string(of.id))));
        auto code = std::string(of.id.substr(0, of.id.find('.')));
        auto is_hidden = share_office::figure_in(frozen, std::string(of.id))["is_hidden"] == true;
        auto note = value ? std::string() : office.say(is_hidden ? "share.few" : "share.none." + code);
        row.insert(row.end(), {of.target ? json(*of.target) : json(), is_met, share_office::figure_in(before, std::string(of.id))["value"],
                               note, office.say("figure." + key + ".formula")});
        rows.push_back(std::move(row));
    }
    CHECK(has_values >= 18);
    check_rows(office.workbook()["Indicateurs"], rows);

    auto tables = office.tables();
    auto is_figures = [](const auto& table) { return table.size() > 1 && !table[1].empty() && trimmed(table[1][0]).starts_with("K1 "); };
    auto table = std::find_if(tables.begin(), tables.end(), is_figures);
    REQUIRE(table != tables.end());
    REQUIRE(table->size() == wanted.size() + 1);
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        const auto& cells = (*table)[i + 1];
        REQUIRE(cells.size() == 5);
        const auto& of = definition(wanted[i][0]);
        INFO(of.id << ": " << cells[1] << ", " << cells[2]);
        CHECK(trimmed(cells[0]).starts_with(std::string(of.id.substr(0, of.id.find('.'))) + " " + rows[i][1].get<std::string>()));
        auto detail = wanted[i][3].is_null() ? "" : wanted[i][2].dump() + " / " + wanted[i][3].dump();
        CHECK(trimmed(cells[2]) == detail);
        if (wanted[i][1].is_null()) {
            CHECK(trimmed(cells[1]) == rows[i][9]);
            continue;
        }
        auto value = wanted[i][1].get<double>();
        auto shown = std::abs(value - std::round(value)) < 0.05 ? fmt::format("{:.0f}", value) : fmt::format("{:.1f}", value);
        std::replace(shown.begin(), shown.end(), '.', ',');
        using enum figure_definition::unit;
        shown += of.in == percent                         ? "\u00a0%"
                 : of.in == marks                         ? (of.id == "K19" ? "/20" : "/10")
                 : of.in == figure_definition::unit::days ? "\u00a0j"
                                                          : "";
        CHECK(trimmed(cells[1]).starts_with(shown));
        auto is_missed = rows[i][7] == false;
        CHECK((cells[1].find(office.say("share.missed")) != std::string::npos) == is_missed);
    }
}

TEST_CASE("every row of every table of the page is what the rows say", "[shares][workbook]") {
    told_weeks office;
    std::set<std::vector<std::string>> found, wanted;
    for (const auto& table : office.tables()) {
        REQUIRE(table.size() > 1);
        for (std::size_t i = 1; i < table.size(); ++i) { // the first holds the heads
            auto cells = table[i];
            std::transform(cells.begin(), cells.end(), cells.begin(), trimmed);
            if (!is_figure(cells)) found.insert(std::move(cells));
        }
    }
    auto text = [&](const json& value) { return value.is_string() ? value.get<std::string>() : value.dump(); };
    auto has = [&](std::initializer_list<json> cells) {
        std::vector<std::string> texts;
        for (const auto& each : cells) texts.push_back(text(each));
        wanted.insert(std::move(texts));
    };
    auto received = [&](const std::string& where) {
        return office.counted("ticket WHERE " + where + " AND " + within("received_at", w49));
    };
    auto counted = [&](std::int64_t id, const time_span& week) {
        return office.counted("report WHERE incident_id = " + std::to_string(id) + " AND " + within("received_at", week));
    };
    auto persons = [&](std::int64_t id, const time_span& week) {
        return office.number("SELECT COUNT(DISTINCT person_key) FROM report WHERE incident_id = " + std::to_string(id) + " AND " +
                             within("received_at", week));
    };
    auto photo = std::to_string(office.photo) + ". =HYPERLINK(\"Photo\")", legal = std::to_string(office.legal) + ". Permis monégasque";
    // What waits, with who decided and when.
    has({photo, "Prioriser", "Avant la rentréeHélène Blanc, lundi 30 novembre 2026", "vendredi 4 décembre 2026 (dépassée)", "6 j",
         "Transmis à la résolution"});
    has({legal, "Demander", "=1+1Hélène Blanc, lundi 30 novembre 2026", "", "6 j", "Confirmé"});
    // Every incident, in the table of the paper and among the oldest.
    auto all = [&](std::int64_t id, const std::string& what) {
        return office.number("SELECT " + what + " FROM report WHERE incident_id = " + std::to_string(id) + " AND received_at < " +
                             at_text(w49.to));
    };
    for (auto id : {office.photo, office.legal})
        has({id == office.photo ? photo : legal, id == office.photo ? "Transmis à la résolution" : "Confirmé",
             all(id, "COUNT(DISTINCT person_key)"), all(id, "COUNT(*)"), "en baisse", "13 j",
             id == office.photo ? "arbitrer avec le système national" : ""}); // handed over after what was decided on it
    CHECK(all(office.held, "COUNT(*)") == 3);
    has({std::to_string(office.held) + ". Trois personnes", "Confirmé", office.say("share.few"), office.say("share.few"),
         "pas encore connue", "13 j", ""});
    CHECK(office.number("SELECT MAX(at_us) FROM event WHERE action = 'incident.opened'") ==
          office.number("SELECT MIN(at_us) FROM event WHERE action = 'incident.opened'"));
    CHECK((w49.to - monday) / 24h == 13);
    // Their trends and departments.
    has({"59 Nord", persons(office.photo, w49), counted(office.photo, w49)});
    has({"06 Alpes-Maritimes", persons(office.legal, w48), counted(office.legal, w48)});
    for (auto id : {office.photo, office.legal}) {
        has({"23/11/2026", "29/11/2026", counted(id, w48), persons(id, w48)});
        has({"30/11/2026", "06/12/2026", counted(id, w49), persons(id, w49)});
    }
    has({legal, "R. 222-3 du code de la route", "Résidents de Monaco", "Papier", persons(office.legal, w48), "Confirmé"});
    // Volumes, the weeks and their corrections.
    has({"Formulaire", received("channel = 'web_form'")});
    has({"2 autres, réunis", received("channel IN ('phone', 'email')")});
    has({office.say("procedure.LOSS"), received("procedure_code = 'LOSS'")});
    has({office.say("procedure.REGISTRATION"), received("procedure_code = 'REGISTRATION'")});
    auto late = office.counted("ticket WHERE department <> '13' AND " + within("received_at", w48));
    has({"2026-W48", late, "-", "-", "-", "-"});
    has({"2026-W49", received("1 = 1"), "-", "20\u00a0%", "50\u00a0%", "50\u00a0%"});
    has({"2026-W48", office.say("share.received"), late, office.counted("ticket WHERE " + within("received_at", w48))});
    for (const auto& [name, of] : {std::pair{office.corrected("channels", "Formulaire"), "channel = 'web_form'"},
                                   {office.corrected("procedures", office.say("procedure.RENEWAL")), "procedure_code = 'RENEWAL'"}}) {
        auto told = std::string("ticket WHERE ") + of + " AND " + within("received_at", w48);
        has({"2026-W48", name, office.counted(told + " AND department <> '13'"), office.counted(told)});
    }
    has({"2026-W48", "K4 " + office.say("figure.K4.name"), "100\u00a0%", "100\u00a0%"});
    has({"2026-W48", "K9 " + office.say("figure.K9.name"), "0\u00a0%", "0\u00a0%"});
    for (const auto& each : wanted) {
        INFO("not on the page: " << json(each));
        CHECK(found.contains(each));
    }
    for (const auto& each : found) {
        INFO("on the page, and not in the rows: " << json(each));
        CHECK(wanted.contains(each));
    }
}
