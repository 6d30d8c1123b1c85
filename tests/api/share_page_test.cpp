// SPDX-License-Identifier: EUPL-1.2
// The figures of a share in its workbook and on its page, and the page's tables, against SQL of this file alone.
#include "model/figure.hpp"
#include "tests/support/told_weeks.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

using namespace relais;
using namespace relais::model;
using namespace relais::tests;
using nlohmann::json;

namespace {

constexpr auto day = 24h;

// Part and whole of a figure by its definition in docs/chiffres.md; no whole: the value itself.
struct question {
    const char* id;
    std::string part, whole = {};
    double scale = 100;
};

const std::string acknowledged = " AND EXISTS (SELECT 1 FROM outbox o WHERE o.ticket_id = ticket.id AND o.kind = 'acknowledgement' AND "
                                 "o.medium = 'mail'";

std::vector<question> questions(const time_span& week, sys_seconds known) {
    auto in = [&](const char* column) { return within(column, week); };
    auto tickets = [](const std::string& where) { return "ticket WHERE " + where; };
    // Everything of a week here came on its Monday or its Thursday, at eleven or later: the fifth working day is seven days after.
    auto last = [](const std::string& days) { return "(received_at - received_at % 86400 + 82799 + 86400 * " + days + ")"; };
    std::string written = "channel IN ('web_form', 'email') AND ";
    auto judged = "(" + in("first_reply_at") + " OR (first_reply_at IS NULL AND closed_at IS NULL AND " + in(last("7").c_str()) + " AND " +
                  last("7") + " < " + at_text(known) + "))";
    auto settled = in("closed_at + 1209600") + " AND closed_at + 1209600 <= " + at_text(known);
    auto hand_overs =
        std::string("escalation WHERE escalated_at >= ") + at_text(week.from - 21 * day) + " AND escalated_at < " + at_text(week.to);
    return {
        {"K1", "phone_call", "phone_call"},
        {"K4", tickets(in("received_at") + acknowledged + " AND o.sent_at - ticket.received_at <= 60)"),
         tickets(in("received_at") + acknowledged + ")")},
        {"K4.late", tickets(in("received_at") + acknowledged + " AND o.sent_at - ticket.received_at > 604800)")},
        {"K5", tickets(written + in("first_reply_at") + " AND first_reply_at - received_at < 2 * 86400"), tickets(written + judged)},
        {"K5.late", tickets(written + in("first_reply_at") + " AND first_reply_at - received_at < 5 * 86400"), tickets(written + judged)},
        {"K6", tickets("channel = 'letter' AND " + in("first_reply_at")), tickets("channel = 'letter' AND " + in("first_reply_at"))},
        {"K6.late", tickets("channel = 'letter' AND " + in("first_reply_at")), tickets("channel = 'letter' AND " + in("first_reply_at"))},
        {"K7", tickets(in("closed_at") + " AND closed_at < 1796079600"), tickets(in("closed_at") + " AND answer_before = '2026-11-30'")},
        {"K8", tickets(settled), tickets(settled)},
        {"K9", tickets("1 = 0"), tickets(in("received_at"))},
        {"K10", tickets(in("satisfied_at") + " AND satisfaction BETWEEN 8 AND 10"), tickets(in("satisfied_at"))},
        {"K10.mean",
         "ticket a JOIN (SELECT 1 n UNION SELECT 2 UNION SELECT 3 UNION SELECT 4 UNION SELECT 5 UNION SELECT 6 UNION SELECT 7 "
         "UNION SELECT 8 UNION SELECT 9) b ON b.n <= a.satisfaction WHERE " +
             within("a.satisfied_at", week),
         tickets(in("satisfied_at")), 1},
        {"K10.answers", tickets(in("satisfied_at")), tickets(in("closed_at"))},
        {"K11", tickets(in("closed_at") + " AND dossier_id IS NOT NULL"), tickets(in("closed_at"))},
        {"K12", "callback", "callback"},
        {"K14", "report WHERE incident_id IS NOT NULL AND " + in("received_at"),
         "report WHERE incident_id IS NOT NULL AND " + in("received_at")},
        {"K15", hand_overs + " AND outcome_at IS NOT NULL", hand_overs},
        {"K15.workaround", "incident WHERE " + in("workaround_at"), hand_overs},
        {"K16", "share_acknowledgement WHERE " + in("made_at"), "weekly_share WHERE " + in("until_at")},
        {"K18", tickets("category = 'ACC-04'"), tickets("category = 'ACC-04'")},
        {"K20",
         tickets("received_at < " + at_text(week.to - 30 * day) + " AND (closed_at IS NULL OR closed_at >= " + at_text(week.to) + ")"), "",
         1},
    };
}

// The figures of the second week in the order of their sheet: id, value, part, whole.
std::vector<std::vector<json>> figures_by_sql(told_weeks& office) {
    std::map<std::string, std::vector<json>> known;
    for (const auto& each : questions(w49, office.now)) {
        auto part = office.counted(each.part), whole = each.whole.empty() ? json() : office.counted(each.whole);
        if (whole == 0) continue;
        auto value = part.get<double>() * (each.whole.empty() ? 1 : each.scale / whole.get<double>());
        known[each.id] = {each.id, std::round(value * 100) / 100, part, whole};
    }
    auto yes = "SELECT CAST(SUM((LENGTH(answers) - LENGTH(REPLACE(answers, '\"yes\"', ''))) / 5) AS SIGNED) FROM quality_review";
    auto no = "SELECT CAST(SUM((LENGTH(answers) - LENGTH(REPLACE(answers, '\"no\"', ''))) / 4) AS SIGNED) FROM quality_review";
    auto met = office.number(yes), asked = json(met.get<int>() + office.number(no).get<int>());
    known["K19"] = {"K19", std::round(2000.0 * met.get<double>() / asked.get<double>()) / 100, met, asked};
    auto oldest = office.number("SELECT MIN(received_at) FROM ticket WHERE closed_at IS NULL");
    auto age = (seconds(w49.to) - oldest.get<std::int64_t>()) / 86'400;
    known["K20.oldest"] = {"K20.oldest", age, age, json()};
    std::vector<std::vector<json>> out;
    for (const auto& each : figures::all()) {
        auto found = known.find(std::string(each.id));
        out.push_back(found == known.end() ? std::vector<json>{std::string(each.id), json(), json(), json()} : found->second);
    }
    return out;
}

const figure_definition& definition(const json& id) { return *figures::find(id.get<std::string>()); }

std::string trimmed(const std::string& text) {
    auto from = text.find_first_not_of(" \n"), to = text.find_last_not_of(" \n");
    return from == std::string::npos ? "" : text.substr(from, to - from + 1);
}

} // namespace

TEST_CASE("the figures of the workbook and of the page are what the rows say", "[shares][workbook]") {
    told_weeks office;
    auto wanted = figures_by_sql(office);
    auto before = json::parse(office.frozen("2026-W48").body);
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
        row.insert(row.end(), {of.target ? json(*of.target) : json(), is_met, share_office::figure_in(before, std::string(of.id))["value"],
                               office.say("figure." + key + ".formula")});
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
            CHECK(trimmed(cells[1]) == "-");
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
        auto is_missed = rows[i][6] == false;
        CHECK((cells[1].find(office.say("share.missed")) != std::string::npos) == is_missed);
    }
}

TEST_CASE("the tables of the page are what the rows say", "[shares][workbook]") {
    told_weeks office;
    std::set<std::vector<std::string>> rows;
    for (const auto& table : office.tables())
        for (auto cells : table) {
            std::transform(cells.begin(), cells.end(), cells.begin(), trimmed);
            rows.insert(std::move(cells));
        }
    auto text = [&](const json& value) { return value.is_string() ? value.get<std::string>() : value.dump(); };
    auto has = [&](std::initializer_list<json> cells) {
        std::vector<std::string> wanted;
        for (const auto& each : cells) wanted.push_back(text(each));
        INFO(json(wanted));
        CHECK(rows.contains(wanted));
    };
    auto received = [&](const std::string& where) {
        return office.counted("ticket WHERE " + where + " AND " + within("received_at", w49));
    };
    auto photo = std::to_string(office.photo), legal = std::to_string(office.legal);
    auto counted = [&](const std::string& id, const time_span& week) {
        return office.counted("report WHERE incident_id = " + id + " AND " + within("received_at", week));
    };
    auto persons = [&](const std::string& id, const time_span& week) {
        return office.number("SELECT COUNT(DISTINCT person_key) FROM report WHERE incident_id = " + id + " AND " +
                             within("received_at", week));
    };
    has({"Formulaire", received("channel = 'web_form'")});
    has({office.say("procedure.LOSS"), received("procedure_code = 'LOSS'")});
    has({office.say("procedure.REGISTRATION"), received("procedure_code = 'REGISTRATION'")});
    has({"59 Nord", persons(photo, w49), counted(photo, w49)});
    has({"06 Alpes-Maritimes", persons(legal, w48), counted(legal, w48)});
    has({"23/11/2026", "29/11/2026", counted(photo, w48), persons(photo, w48)});
    has({"30/11/2026", "06/12/2026", counted(photo, w49), persons(photo, w49)});
    has({legal + ". Permis monégasque", "R. 222-3 du code de la route", "Résidents de Monaco", "Papier", persons(legal, w48), "Confirmé"});
    has({"2026-W48", office.say("share.received"), office.counted("ticket WHERE department <> '13' AND " + within("received_at", w48)),
         office.counted("ticket WHERE " + within("received_at", w48))});
    has({"2026-W49", received("1 = 1"), "-", "20\u00a0%", "50\u00a0%", "50\u00a0%"});
}
